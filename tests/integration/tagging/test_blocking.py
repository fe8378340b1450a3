"""What becomes of smart tags when their tags go on the blocklist, and come off it."""

from uuid import uuid4

import pytest

from integration.stages import ada, library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from integration.tagging.test_taxonomy_changes import kinds  # noqa: F401 - a fixture
from tagsmith.assets.scope import EVERYTHING
from tagsmith.curation.models import HumanTag
from tagsmith.tagging.models import Change
from tagsmith.tagging.moderation import promote, remove, set_tag, undo_moderation
from tagsmith.tagging.publishing import publish, retire
from tagsmith.tagging.services import undo
from tagsmith.taxonomy.services import block, create_tag, merge, unblock, undo_blocking

pytestmark = [pytest.mark.django_db, pytest.mark.req("X5a")]


def test_smart_tags_of_a_blocked_tag_go_at_once_and_are_in_the_change_log(trained, library, tags, ada):
    run(library)
    boots = smart("boot")
    done = block(ada, [tags["boot"]])
    assert smart("boot") == {}
    assert smart("hat")
    assert Change.objects.filter(unit=done.unit, after=None).count() == len(boots)


def test_what_people_set_stays(trained, library, tags, ada):
    set_tag(EVERYTHING, ada, [library["sock"][0].pk], tags["boot"])
    block(ada, [tags["boot"]])
    run(library)
    assert HumanTag.objects.count() == 1


def test_smart_tags_come_back_with_the_tag_but_not_against_people(trained, library, tags, ada):
    run(library)
    before = smart()
    rejected, own, *_ = (asset for asset, _ in smart("boot"))
    block(ada, [tags["boot"]])
    set_tag(EVERYTHING, ada, [own, rejected], tags["boot"])
    remove(EVERYTHING, ada, [rejected], tags["boot"])
    unblock(ada, [tags["boot"]])
    assert smart() == {pair: value for pair, value in before.items() if pair not in ((own, "boot"), (rejected, "boot"))}


def test_undo_brings_all_back(trained, library, tags, ada):
    run(library)
    before = smart()
    done = block(ada, tags.values())
    assert smart() == {}
    undo_blocking(ada, done.unit)
    assert smart() == before


def test_nothing_comes_back_of_a_model_that_serves_no_more(trained, library, tags, ada):
    run(library)
    block(ada, [tags["boot"]])
    retire(ada, trained)
    unblock(ada, [tags["boot"]])
    assert smart() == {}


@pytest.mark.parametrize("act", ["undo", "publish"])
def test_neither_undoing_nor_rolling_back_brings_back_what_is_blocked(trained, library, tags, ada, act):
    unit = uuid4()
    run(library)
    version = trained.versions.get(live=True)
    hats = smart("hat")
    retire(ada, trained)
    gone = Change.objects.filter(after=None).values_list("unit", flat=True).first()
    block(ada, [tags["boot"]])
    if act == "undo":
        undo(gone, unit)
    else:
        publish(ada, trained.versions.get(pk=version.pk))
    assert smart() == hats


def test_undone_promotion_leaves_no_smart_tag_of_a_blocked_tag(trained, library, tags, ada):
    run(library)
    (asset, _), *_ = smart("boot")
    unit = uuid4()
    promote(EVERYTHING, ada, [asset], tags["boot"], unit)
    block(ada, [tags["boot"]])
    assert undo_moderation(EVERYTHING, ada, unit) == 1
    assert smart("boot") == {}
    assert not HumanTag.objects.exists()


def test_smart_tags_do_not_follow_into_a_blocked_tag(trained, library, tags, ada):
    run(library)
    wellington = create_tag(ada, "wellington")
    block(ada, [wellington])
    merge(ada, tags["boot"], wellington)
    run(library)
    assert {name for _, name in smart()} == {"hat"}


def test_run_after_unblocking_gives_the_tag_again(trained, library, tags, ada):
    block(ada, [tags["boot"]])
    run(library)
    assert smart("boot") == {}
    unblock(ada, [tags["boot"]])
    run(library)
    assert smart("boot")
