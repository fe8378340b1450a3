import pytest

from integration.stages import library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.curation.references import HumanTags, Rejections
from tagsmith.tagging.models import Change
from tagsmith.tagging.moderation import promote, remove, set_tag
from tagsmith.tagging.references import SmartTags, Suggestions
from tagsmith.taxonomy.references import REFERENCES
from tagsmith.taxonomy.selectors import references
from tagsmith.taxonomy.services import create_tag, delete, merge, undo_delete
from tagsmith.training.learn import train
from tagsmith.training.references import Examples, TagModels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    """Register those that hear of taxonomy changes, in the order of the composition."""
    registered = (HumanTags(), Rejections(), TagModels(), Examples(), SmartTags(), Suggestions())
    for kind in registered:
        REFERENCES.register(kind)
    yield
    for kind in registered:
        REFERENCES.unregister(kind.kind)


@pytest.fixture
def wellington():
    return create_tag(COMMAND_LINE, "wellington")


@pytest.mark.req("T3d")
def test_rejections_follow_a_merge_and_hold(trained, library, tags, wellington):
    run(library)
    (asset, _), *_ = smart("boot")
    remove(EVERYTHING, COMMAND_LINE, [asset], tags["boot"])
    merge(COMMAND_LINE, tags["boot"], wellington)
    assert list(Rejection.objects.values_list("asset_id", "tag__name")) == [(asset, "wellington")]
    run(library)
    assert (asset, "wellington") not in smart()
    assert smart("wellington")
    assert not smart("boot")


@pytest.mark.req("T3d")
def test_tag_that_a_person_set_wins_over_a_rejection_when_two_become_one(library, tags, wellington):
    asset = library["boot"][0].pk
    set_tag(EVERYTHING, COMMAND_LINE, [asset], wellington)
    remove(EVERYTHING, COMMAND_LINE, [asset], wellington)
    set_tag(EVERYTHING, COMMAND_LINE, [asset], tags["boot"])
    merge(COMMAND_LINE, tags["boot"], wellington)
    assert list(HumanTag.objects.values_list("asset_id", "tag__name")) == [(asset, "wellington")]
    assert not Rejection.objects.exists()


def test_asset_that_had_both_tags_by_hand_has_one(library, tags):
    asset = library["boot"][0].pk
    for name in ("boot", "hat"):
        set_tag(EVERYTHING, COMMAND_LINE, [asset], tags[name])
    merge(COMMAND_LINE, tags["boot"], tags["hat"])
    assert list(HumanTag.objects.values_list("asset_id", "tag__name")) == [(asset, "hat")]


@pytest.mark.req("T3d", "T5a")
def test_smart_tags_follow_a_merge_but_not_to_where_people_spoke(trained, library, tags, wellington):
    run(library)
    before = smart("boot")
    (own, _), (refused, _), *_ = before
    set_tag(EVERYTHING, COMMAND_LINE, [own, refused], wellington)
    remove(EVERYTHING, COMMAND_LINE, [refused], wellington)
    merge(COMMAND_LINE, tags["boot"], wellington)
    followed = {asset: value for (asset, _), value in before.items() if asset not in (own, refused)}
    assert {asset: value for (asset, _), value in smart("wellington").items()} == followed
    assert Change.objects.filter(tag=wellington, after__isnull=False).count() == len(followed)


def test_live_version_gives_the_tag_that_its_own_was_merged_into(trained, library, tags, wellington):
    run(library)
    before = smart("boot")
    merge(COMMAND_LINE, tags["boot"], wellington)
    assert run(library).changes == 0
    assert {asset for asset, _ in smart("wellington")} == {asset for asset, _ in before}


def test_two_tags_of_one_model_that_became_one_are_taught_by_the_examples_of_both(library, settings, tags):
    model = taught("Clothes", tags, library, "boot", "hat", "sock")
    train(model, settings)
    run(library)
    merge(COMMAND_LINE, tags["boot"], tags["hat"])
    run(library)
    boots = {asset.pk for asset in library["boot"]}
    assert boots & {asset for asset, _ in smart("hat")}
    assert train(model, settings), model.failure
    run(library)
    assert boots & {asset for asset, _ in smart("hat")}
    assert model.examples.filter(tag=tags["hat"]).count() == 24


@pytest.mark.req("T4b")
def test_smart_tags_of_a_deleted_tag_go_and_what_people_set_stays(trained, library, tags):
    run(library)
    before = smart()
    (own, _), *_ = smart("boot")
    promote(EVERYTHING, COMMAND_LINE, [own], tags["boot"])
    deletion = delete(COMMAND_LINE, tags["boot"])
    assert smart("boot") == {}
    assert HumanTag.objects.filter(asset_id=own, tag=tags["boot"]).exists()
    assert run(library).changes == 0
    undo_delete(COMMAND_LINE, deletion.id)
    assert smart() == {key: value for key, value in before.items() if key[0] != own}


@pytest.mark.req("X2b")
def test_what_refers_to_a_tag_is_said_by_kind_and_name(trained, library, tags):
    run(library)
    (own, _), *_ = smart("boot")
    promote(EVERYTHING, COMMAND_LINE, [own], tags["boot"])
    found = {reference.kind: reference for reference in references(tags["boot"], limit=2)}
    assert found["tag models"].examples == ("Shoes",)
    assert (found["examples"].count, len(found["examples"].examples)) == (12, 2)
    assert found["smart tags"].count == len(smart("boot"))
    assert found["tags that people set (they stay on the assets)"].count == 1
