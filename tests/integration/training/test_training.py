import numpy as np
import pytest
from django.utils import timezone

from integration.stages import TEACHING, library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import BadInputError, ExamplesError, NotFoundError
from tagsmith.training.learn import load_version, train
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.training.selectors import example_counts, live_versions, owners, status_line, taught_twice
from tagsmith.training.services import add_examples, create_tag_model, publish, remove_examples, retire

pytestmark = pytest.mark.django_db


def live(model):
    return Version.objects.get(model=model, live=True).number


@pytest.mark.req("M1e")
def test_tag_model_needs_a_title(tags):
    with pytest.raises(BadInputError, match="title"):
        create_tag_model(COMMAND_LINE, "  ", list(tags.values()))


@pytest.mark.req("M2a")
def test_asset_teaches_one_tag_of_an_exclusive_model(shoes, tags, library):
    with pytest.raises(ExamplesError, match=r"boot-0.jpg: already teaches default:boot"):
        add_examples(COMMAND_LINE, shoes, tags["hat"], [library["boot"][0], library["sock"][0]])
    assert example_counts(shoes) == {"default:boot": 12, "default:hat": 12}


@pytest.mark.req("M2b")
def test_asset_may_teach_several_tags_of_another_kind_of_model(tags, library):
    model = create_tag_model(COMMAND_LINE, "Looks", [tags["boot"], tags["hat"]], exclusive=False)
    for kind in ("boot", "hat"):
        assert add_examples(COMMAND_LINE, model, tags[kind], [library["boot"][0]]) == 1


@pytest.mark.req("M2a")
def test_asset_may_teach_in_several_models(shoes, tags, library):
    other = create_tag_model(COMMAND_LINE, "Other", [tags["hat"], tags["sock"]])
    assert add_examples(COMMAND_LINE, other, tags["hat"], [library["boot"][0]]) == 1


def test_adding_an_example_again_adds_nothing(shoes, tags, library):
    assert add_examples(COMMAND_LINE, shoes, tags["boot"], library["boot"][:TEACHING]) == 0


def test_tag_that_the_model_does_not_teach_is_refused(shoes, tags, library):
    with pytest.raises(ExamplesError, match="default:sock"):
        add_examples(COMMAND_LINE, shoes, tags["sock"], library["sock"])


@pytest.mark.req("M9a")
def test_training_makes_a_version_that_goes_live_and_knows_its_tags(shoes, settings, tags):
    version = train(shoes, settings)
    assert (version.number, version.live) == (1, True)
    saved = load_version(version)
    vectors = saved.examples.vectors["default:boot"]
    assert set(saved.classifier.predict(vectors)) == {"default:boot"}
    assert dict(zip(saved.examples.tags, version.columns, strict=True)) == {
        "default:boot": tags["boot"].pk,
        "default:hat": tags["hat"].pk,
    }
    shoes.refresh_from_db()
    assert status_line(shoes) == "Trained; version 1 live"


@pytest.mark.req("M9b")
def test_failed_training_says_why_and_leaves_the_live_version_live(shoes, settings, tags, library):
    train(shoes, settings)
    remove_examples(COMMAND_LINE, shoes, tags["boot"], library["boot"][:5])
    assert train(shoes, settings) is None
    shoes.refresh_from_db()
    assert status_line(shoes) == (
        "Failed; default:boot: 7 different examples; a tag needs 10 to 50; version 1 still live"
    )


@pytest.mark.req("M9c")
def test_version_keeps_its_own_copy_of_what_taught_it(shoes, settings, library):
    version = train(shoes, settings)
    before = load_version(version).examples.vectors["default:boot"]
    Asset.objects.filter(pk__in=[asset.pk for asset in library["boot"]]).delete()
    assert not Example.objects.filter(model=shoes, tag__name="boot").exists()
    assert np.array_equal(load_version(version).examples.vectors["default:boot"], before)


@pytest.mark.req("M9a")
def test_model_that_waits_for_a_review_does_not_publish(shoes, settings):
    TagModel.objects.update(review_before_publishing=True)
    shoes.refresh_from_db()
    version = train(shoes, settings)
    assert not version.live
    publish(COMMAND_LINE, version)
    assert live(shoes) == 1


def test_example_without_a_vector_is_left_out(shoes, tags, settings, library):
    asset = Asset.objects.create(
        folder=library["boot"][0].folder,
        name="new.jpg",
        folded="new.jpg",
        content="f" * 64,
        size=1,
        modified=timezone.now(),
    )
    add_examples(COMMAND_LINE, shoes, tags["boot"], [asset])
    version = train(shoes, settings)
    assert len(load_version(version).examples.vectors["default:boot"]) == 12


@pytest.mark.req("M10a")
def test_retired_model_has_no_live_version_and_can_publish_again(shoes, settings):
    version = train(shoes, settings)
    retire(COMMAND_LINE, shoes)
    assert owners(live_versions()) == {}
    with pytest.raises(NotFoundError):
        retire(COMMAND_LINE, shoes)
    publish(COMMAND_LINE, version)
    assert live(shoes) == 1


@pytest.mark.req("M7a")
def test_tag_taught_twice_is_owned_by_what_went_live_last_and_comes_back(shoes, settings, tags, library):
    first = train(shoes, settings)
    other = taught("Clothes", tags, library, "hat", "sock")
    assert taught_twice(other) == [("default:hat", "Shoes")]
    second = train(other, settings)
    assert owners(live_versions()) == {tags["boot"].pk: first.pk, tags["hat"].pk: second.pk, tags["sock"].pk: second.pk}
    retire(COMMAND_LINE, other)
    assert owners(live_versions())[tags["hat"].pk] == first.pk


@pytest.mark.req("M9a")
def test_training_the_same_twice_gives_the_same_version(shoes, settings):
    assert train(shoes, settings).content == train(shoes, settings).content
