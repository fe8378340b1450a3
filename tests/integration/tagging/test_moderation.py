from uuid import uuid4

import pytest

from integration.stages import ada, library, settings, shoes, smart, tags  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.curation.selectors import rejections_to_review
from tagsmith.errors import ConflictError
from tagsmith.tagging import moderation
from tagsmith.tagging.publishing import retire
from tagsmith.taxonomy.services import delete
from tagsmith.training.learn import train

pytestmark = pytest.mark.django_db


@pytest.fixture
def tagged(shoes, settings, library):
    train(shoes, settings)
    run(library)
    return [asset for asset, _ in smart("boot")]


def standing():
    return (
        smart(),
        set(HumanTag.objects.values_list("asset_id", "tag__name", "promoted")),
        set(Rejection.objects.values_list("asset_id", "tag__name")),
    )


@pytest.mark.req("T2b")
@pytest.mark.parametrize("action", [moderation.promote, moderation.remove])
def test_what_was_done_to_a_selection_is_undone_as_one(tagged, tags, ada, action):
    before, unit = standing(), uuid4()
    assert action(EVERYTHING, ada, tagged, tags["boot"], unit) == len(tagged)
    assert standing() != before
    assert moderation.undo_moderation(EVERYTHING, ada, unit) == len(tagged)
    assert standing() == before


@pytest.mark.req("T2b")
def test_undo_leaves_alone_what_was_said_since(tagged, tags, ada):
    unit = uuid4()
    moderation.remove(EVERYTHING, ada, tagged, tags["boot"], unit)
    moderation.set_tag(EVERYTHING, ada, tagged[:1], tags["boot"])
    assert moderation.undo_moderation(EVERYTHING, ada, unit) == len(tagged) - 1
    assert standing()[1] == {(tagged[0], "boot", False)}


@pytest.mark.req("T2b", "T4a")
def test_undo_brings_no_smart_tag_of_a_retired_model_back(tagged, tags, ada, shoes):
    unit = uuid4()
    moderation.promote(EVERYTHING, ada, tagged, tags["boot"], unit)
    retire(ada, shoes)
    moderation.undo_moderation(EVERYTHING, ada, unit)
    assert standing() == ({}, set(), set())


@pytest.mark.req("T2d")
def test_choices_on_an_asset_are_saved_together_and_undone_together(tagged, tags, ada):
    before = standing()
    unit = moderation.save(EVERYTHING, ada, tagged[0], promoted=[tags["boot"]], removed=[tags["hat"]])
    assert (tagged[0], "boot", True) in standing()[1]
    moderation.undo_moderation(EVERYTHING, ada, unit)
    assert standing() == before


@pytest.mark.req("A1a")
def test_nobody_moderates_what_they_may_not_see(tagged, tags, ada):
    assert moderation.promote(Scope(("elsewhere",)), ada, tagged, tags["boot"]) == 0
    assert not HumanTag.objects.exists()


@pytest.mark.req("T3c")
def test_rejection_is_kept_and_shown_for_review_when_the_content_was_replaced(tagged, tags, ada, library):
    moderation.remove(EVERYTHING, ada, tagged[:1], tags["boot"])
    assert not rejections_to_review(EVERYTHING).exists()
    Asset.objects.filter(pk=tagged[0]).update(content="n" * 64)
    run(library)
    assert (tagged[0], "boot") not in smart()
    assert [row.asset_id for row in rejections_to_review(EVERYTHING)] == [tagged[0]]
    assert not rejections_to_review(Scope(("elsewhere",))).exists()
    assert moderation.keep_rejected(EVERYTHING, ada, tagged, tags["boot"]) == 1
    assert not rejections_to_review(EVERYTHING).exists()
    assert Entry.objects.get(action="keep tag removed").subject_id == tagged[0]


def test_deleted_tag_cannot_be_set(library, tags, ada):
    delete(COMMAND_LINE, tags["boot"])
    with pytest.raises(ConflictError, match="deleted"):
        moderation.set_tag(EVERYTHING, ada, [library["boot"][0].pk], tags["boot"])


def test_those_who_keep_peoples_tags_hear_of_changes_and_of_nothing_else(tagged, tags, ada):
    heard: list[int] = []
    FOLLOWERS.register("test", heard.extend)
    try:
        moderation.promote(EVERYTHING, ada, tagged[:1], tags["boot"])
        moderation.remove(EVERYTHING, ada, tagged[1:2], tags["boot"])
        moderation.remove(EVERYTHING, ada, tagged[:1], tags["boot"])
    finally:
        FOLLOWERS.unregister("test")
    assert heard == [tagged[0], tagged[0]]
