"""Model files that become tag models of the library."""

import io
from dataclasses import replace

import pytest

from integration.stages import (  # noqa: F401 - fixtures
    DIMENSION,
    library,
    settings,
    shoes,
    smart,
    tag_everything,
    tags,
    taught,
)
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.services import stored_encoder
from tagsmith.errors import BadInputError, ModelFileError
from tagsmith.learning.model_file import dump_model, load_model
from tagsmith.tagging.publishing import retire
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.services.delete import delete
from tagsmith.training.importing import import_file
from tagsmith.training.learn import load_version, train
from tagsmith.training.models import TagModel

pytestmark = [pytest.mark.django_db, pytest.mark.req("M15e")]


@pytest.fixture
def content(shoes, settings):
    """Give the bytes of a model file, as it is exported."""
    return bytes(train(shoes, settings).content)


def bring(content, settings, **options):
    return import_file(COMMAND_LINE, io.BytesIO(content), "shoes.tagsmith", settings, **{"title": "Theirs", **options})


def test_imported_version_gives_the_same_smart_tags(content, shoes, settings, library):
    tag_everything(library)
    before = smart()
    retire(COMMAND_LINE, shoes)
    bring(content, settings, live=True)
    tag_everything(library)
    assert before
    assert smart() == before


def test_imported_version_waits_to_be_published(content, settings, library):
    version = bring(content, settings)
    assert (version.number, version.live, bytes(version.content)) == (1, False, content)
    assert version.model.title == "Theirs"


def test_tags_that_are_missing_are_made(content, settings, tags):
    delete(COMMAND_LINE, tags["hat"])
    version = bring(content, settings)
    hat = Tag.objects.get(key="default:hat", deleted=None)
    assert version.columns == [tags["boot"].pk, hat.pk]
    assert sorted(load_version(version).examples.tags) == ["default:boot", "default:hat"]


def test_imported_model_needs_examples_to_be_trained_and_keeps_serving(content, settings):
    version = bring(content, settings, live=True)
    assert train(version.model, settings) is None
    version.model.refresh_from_db()
    assert "default:boot: 0 different examples; a tag needs 10 to 50" in version.model.failure
    assert version.model.versions.get(live=True) == version


def test_imported_model_keeps_what_the_file_aimed_at(settings, tags, library):
    model = taught("Looks", tags, library, "boot", "sock")
    TagModel.objects.filter(pk=model.pk).update(exclusive=False, target_precision=0.8, prevalence=0.3)
    model.refresh_from_db()
    made = bring(bytes(train(model, settings).content), settings).model
    assert (made.exclusive, made.target_precision, made.prevalence) == (False, 0.8, 0.3)


def changed(content):
    return content[:-1] + bytes([content[-1] ^ 1])


def newer(content):
    document, arrays = load_model(io.BytesIO(content), "")
    return dump_model({**document, "format_version": 99}, arrays)


def with_key(content, key):
    document, arrays = load_model(io.BytesIO(content), "")
    return dump_model({**document, "tags": [key, *document["tags"][1:]]}, arrays)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (changed, "changed since it was written"),
        (lambda content: content[:-100], "truncated"),
        (newer, "written by a newer Tagsmith"),
        (lambda _: b"no model", "not a tag model file"),
        (lambda content: with_key(content, "new/../:"), "shoes.tagsmith: "),
    ],
)
def test_file_that_does_not_fit_is_refused_and_nothing_is_made(broken, reason, content, settings):
    before = TagModel.objects.count(), Tag.objects.count()
    with pytest.raises(ModelFileError, match=reason):
        bring(broken(content), settings)
    assert (TagModel.objects.count(), Tag.objects.count()) == before


def test_file_of_another_encoder_is_refused_with_both(content, settings):
    other = replace(settings, encoder=stored_encoder("other:1", DIMENSION), encoder_name="other")
    with pytest.raises(ModelFileError, match=r"the encoder test \(test\); this library's is other \(other:1\)"):
        bring(content, other)


def test_file_of_other_dimensions_is_refused(content, settings):
    settings.encoder.dimension = 32
    with pytest.raises(ModelFileError, match="its encoder gives 32"):
        bring(content, settings)


def test_title_that_is_too_long_is_refused(content, settings):
    with pytest.raises(BadInputError, match="at most 200 characters"):
        bring(content, settings, title="x" * 201)
