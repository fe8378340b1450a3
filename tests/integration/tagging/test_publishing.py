import numpy as np
import pytest
from django.utils import timezone

from integration.stages import DIMENSION, ada, library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from tagsmith.assets.models import Asset, Folder, State
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.services import store_vectors
from tagsmith.errors import ConflictError
from tagsmith.tagging.models import Change, SmartTag
from tagsmith.tagging.moderation import promote, remove
from tagsmith.tagging.publishing import publish, retire, roll_back
from tagsmith.tagging.retag import Trigger
from tagsmith.tagging.selectors import select_to_tag
from tagsmith.taxonomy.services import delete, move
from tagsmith.training.learn import train
from tagsmith.training.models import Example, Version
from tagsmith.training.services import remove_examples

pytestmark = pytest.mark.django_db


def retrain(model, settings, tags, library):
    """Train on fewer examples, so that the new version has other confidences."""
    for kind in ("boot", "hat"):
        remove_examples(COMMAND_LINE, model, tags[kind], library[kind][:2])
    return train(model, settings)


def live(model):
    return Version.objects.get(model=model, live=True).number


def add_asset(like, settings):
    """Add an asset that looks like another."""
    asset = Asset.objects.create(
        folder=Folder.objects.get(path=""),
        name="late.jpg",
        folded="late.jpg",
        content="l" * 64,
        size=1,
        modified=timezone.now(),
        state=State.READY,
    )
    vector = np.array([Embedding.objects.get(asset=like).vector])
    store_vectors(settings.encoder, np.array([asset.pk]), vector, {asset.pk: asset.content})
    return asset


@pytest.mark.req("M10a")
def test_roll_back_goes_to_what_was_live_before(shoes, settings):
    for _ in range(3):
        train(shoes, settings)
    for number in (2, 1):
        assert roll_back(COMMAND_LINE, shoes).version.number == number
        assert live(shoes) == number
    assert Entry.objects.filter(action="publish").latest("pk").after == {"version": 1}


@pytest.mark.req("M10a")
def test_nothing_to_roll_back_to(shoes, settings):
    train(shoes, settings)
    with pytest.raises(ConflictError, match="no earlier version"):
        roll_back(COMMAND_LINE, shoes)
    assert live(shoes) == 1


@pytest.mark.req("M10b")
def test_roll_back_brings_the_smart_tags_back_as_they_were(trained, library, settings, tags):
    run(library)
    before = smart()
    retrain(trained, settings, tags, library)
    run(library)
    assert smart() != before
    restored = roll_back(COMMAND_LINE, trained)
    assert smart() == before
    assert restored.changes == Change.objects.filter(unit=restored.unit).count() > 0


@pytest.mark.req("M10b")
def test_roll_back_and_forth_ends_where_it_began(trained, library, settings, tags):
    run(library)
    newer = retrain(trained, settings, tags, library)
    run(library)
    before = smart()
    roll_back(COMMAND_LINE, trained)
    newer.refresh_from_db()
    publish(COMMAND_LINE, newer)
    assert smart() == before


@pytest.mark.req("M10b", "T3a", "T3b")
def test_roll_back_leaves_alone_what_people_said_since(trained, library, settings, tags, ada):
    run(library)
    before = smart()
    retrain(trained, settings, tags, library)
    run(library)
    (promoted, _), (removed, _), *_ = smart("boot")
    promote(EVERYTHING, ada, [promoted], tags["boot"])
    remove(EVERYTHING, ada, [removed], tags["boot"])
    roll_back(COMMAND_LINE, trained)
    assert smart() == {key: value for key, value in before.items() if key[0] not in (promoted, removed)}


@pytest.mark.req("M10b")
def test_assets_that_came_later_are_scored_by_the_restored_version(trained, library, settings, tags):
    run(library)
    retrain(trained, settings, tags, library)
    run(library)
    like = next(asset for asset in library["boot"] if (asset.pk, "boot") in smart())
    late = add_asset(like, settings)
    run({**library, "late": [late]})
    newer = smart()[late.pk, "boot"]
    assert roll_back(COMMAND_LINE, trained).scored == 1
    row = SmartTag.objects.get(asset=late)
    assert (row.version.number, row.confidence) == (1, smart()[like.pk, "boot"])
    assert row.confidence != newer


@pytest.mark.req("M10b")
def test_asset_whose_content_was_replaced_since_is_scored_and_not_restored(trained, library, settings, tags):
    run(library)
    asset = library["boot"][15]
    retrain(trained, settings, tags, library)
    vector = np.random.default_rng(9).standard_normal((1, DIMENSION))
    Asset.objects.filter(pk=asset.pk).update(content="x" * 64, modified=timezone.now())
    store_vectors(settings.encoder, np.array([asset.pk]), vector, {asset.pk: "x" * 64})
    run(library)
    roll_back(COMMAND_LINE, trained)
    assert not [name for other, name in smart() if other == asset.pk]


@pytest.mark.req("M7a", "M10b")
def test_rolling_back_gives_a_tag_back_to_the_model_that_owned_it(trained, library, settings, tags):
    clothes = taught("Clothes", tags, library, "sock", "boot")
    train(clothes, settings)  # owns "boot" from now on
    run(library)
    before = smart()
    remove_examples(COMMAND_LINE, trained, tags["boot"], library["boot"][:2])
    train(trained, settings)  # and now this one does
    run(library)
    title = SmartTag.objects.filter(tag=tags["boot"]).values_list("version__model__title", flat=True).distinct()
    assert list(title) == ["Shoes"]
    publish(COMMAND_LINE, Version.objects.get(model=trained, number=1))
    assert live(trained) == 1
    retire(COMMAND_LINE, trained)
    run(library)
    assert list(title.all()) == ["Clothes"]
    assert smart("boot") == {key: value for key, value in before.items() if key[1] == "boot"}


@pytest.mark.req("M10b")
def test_publishing_a_new_version_changes_no_smart_tag_by_itself(trained, library, settings, tags):
    run(library)
    before = smart()
    assert publish(COMMAND_LINE, retrain(trained, settings, tags, library)).changes == 0
    assert smart() == before


@pytest.mark.req("T4a")
def test_smart_tags_of_a_retired_model_go_at_once_and_come_back_with_it(trained, library):
    run(library)
    before = smart()
    assert retire(COMMAND_LINE, trained) == len(before)
    assert smart() == {}
    publish(COMMAND_LINE, Version.objects.get(model=trained))
    assert smart() == before


@pytest.mark.req("W3c")
def test_whatever_goes_live_while_assets_are_looked_at_is_newer_than_the_look(trained, library, settings):
    run(library)
    train(trained, settings)
    selection = select_to_tag(Asset.objects.all(), timezone.now(), Trigger.ON_DEMAND)
    assert len(selection.ids) == 54


def test_training_survives_a_renamed_and_a_deleted_tag(trained, library, settings, tags):
    move(COMMAND_LINE, tags["boot"], "default:", "wellington")
    train(trained, settings)
    run(library)
    assert smart("wellington")
    delete(COMMAND_LINE, tags["hat"])
    assert train(trained, settings) is None
    trained.refresh_from_db()
    assert trained.failure == "1 tag; a tag model has 2 to 50"
    assert Example.objects.filter(tag=tags["hat"]).count() == 12
