from uuid import uuid4

import pytest
from django.utils import timezone

from integration.stages import KINDS, ada, library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.models import Entry
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.tagging.models import Change, Look, SmartTag
from tagsmith.tagging.moderation import allow_again, promote, remove, set_tag
from tagsmith.tagging.services import undo
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import train
from tagsmith.training.services import retire

pytestmark = pytest.mark.django_db


@pytest.mark.req("T1a", "M6a")
def test_run_gives_taught_tags_to_what_shows_them_and_none_to_the_rest(trained, library):
    outcome = run(library)
    given = smart()
    assert outcome.looked == 54
    assert outcome.tagged == outcome.changes == len(given) > 20
    for kind in ("boot", "hat"):
        mine = {asset.pk for asset in library[kind]}
        assert {asset for asset, name in given if name == kind} <= mine
    assert not {asset.pk for asset in library["sock"]} & {asset for asset, _ in given}
    assert all(0 < confidence <= 1000 for confidence in given.values())


@pytest.mark.req("W2a")
def test_running_again_changes_nothing(trained, library):
    run(library)
    before = list(SmartTag.objects.order_by("asset_id").values())
    assert run(library).changes == 0
    assert list(SmartTag.objects.order_by("asset_id").values()) == before


@pytest.mark.req("W3c")
def test_asset_that_was_given_no_tag_counts_as_looked_at(trained, library):
    run(library)
    assert Look.objects.filter(asset=library["sock"][0]).exists()


def test_trashed_asset_and_one_without_a_vector_are_left_alone(trained, library):
    trashed, bare = library["boot"][0], library["boot"][1]
    Asset.objects.filter(pk=trashed.pk).update(trashed=timezone.now())
    bare.embeddings.all().delete()
    assert run(library).looked == 52
    assert not Look.objects.filter(asset__in=[trashed, bare]).exists()


@pytest.mark.req("T3a")
def test_rejected_tag_never_comes_back_until_it_is_allowed_again(trained, library, settings, tags, ada):
    run(library)
    (asset, _), *_ = smart("boot")
    remove(EVERYTHING, ada, [asset], tags["boot"])
    for _ in range(2):
        train(trained, settings)
        run(library)
        assert (asset, "boot") not in smart()
    allow_again(EVERYTHING, ada, [asset], tags["boot"])
    run(library)
    assert (asset, "boot") in smart()


@pytest.mark.req("T3b", "T2c")
def test_promoted_tag_is_moved_and_never_removed_by_a_machine(trained, library, settings, tags, ada):
    run(library)
    (asset, _), *_ = smart("boot")
    assert promote(EVERYTHING, ada, [asset], tags["boot"]) == 1
    assert (asset, "boot") not in smart()
    retire(ada, trained)
    run(library)
    row = HumanTag.objects.get()
    assert (row.asset_id, row.tag, row.person, row.promoted) == (asset, tags["boot"], ada.person, True)
    entry = Entry.objects.get(action="promote")
    assert (entry.after["tag"], entry.before["own"], entry.after["own"]) == ("default:boot", "", "promoted")


@pytest.mark.req("M5c")
def test_tag_set_by_a_person_silences_its_siblings_of_the_exclusive_model(trained, library, tags, ada):
    run(library)
    (asset, _), *_ = smart("boot")
    set_tag(EVERYTHING, ada, [asset], tags["hat"])
    run(library)
    assert not [name for other, name in smart() if other == asset]


@pytest.mark.req("M5c")
def test_tags_of_several_models_add_up(trained, library, tags, settings):
    looks = taught("Looks", tags, library, "sock", "hat")
    train(looks, settings)
    run(library)
    assert {name for _, name in smart()} == set(KINDS)


@pytest.mark.req("M7b")
def test_tag_goes_with_its_owner_and_comes_back(trained, library, tags, settings, ada):
    run(library)
    first = SmartTag.objects.filter(tag=tags["hat"]).values_list("version__model__title", flat=True)
    assert set(first) == {"Shoes"}
    other = taught("Clothes", tags, library, "hat", "sock")
    train(other, settings)
    run(library)
    assert set(first.all()) == {"Clothes"}
    retire(ada, other)
    run(library)
    assert set(first.all()) == {"Shoes"}
    assert not smart("sock")


@pytest.mark.req("T4a")
def test_smart_tags_of_a_retired_model_go_and_what_people_set_stays(trained, library, tags, ada):
    run(library)
    set_tag(EVERYTHING, ada, [library["sock"][0].pk], tags["boot"])
    retire(ada, trained)
    run(library)
    assert smart() == {}
    assert HumanTag.objects.count() == 1


@pytest.mark.req("X5a")
def test_blocked_tag_is_never_given(trained, library):
    Tag.objects.filter(name="boot").update(blocked=True)
    run(library)
    assert smart("boot") == {}
    assert smart("hat")


@pytest.mark.req("W5a")
def test_undo_restores_what_a_run_changed(trained, library, ada):
    first, second = uuid4(), uuid4()
    run(library, first)
    before = smart()
    retire(ada, trained)
    run(library, second)
    assert undo(second, uuid4()) == len(before)
    assert smart() == before
    assert undo(first, uuid4()) == len(before)
    assert smart() == {}


@pytest.mark.req("W5a")
def test_undo_leaves_alone_what_people_said_since(trained, library, tags, ada):
    unit = uuid4()
    run(library, unit)
    (promoted, _), (removed, _), *_ = smart("boot")
    promote(EVERYTHING, ada, [promoted], tags["boot"])
    remove(EVERYTHING, ada, [removed], tags["boot"])
    undo(unit, uuid4())
    assert smart() == {}
    assert HumanTag.objects.filter(asset_id=promoted).exists()
    assert Rejection.objects.filter(asset_id=removed).exists()


@pytest.mark.req("W5a")
def test_undo_twice_changes_nothing_more(trained, library):
    unit = uuid4()
    run(library, unit)
    undo(unit, uuid4())
    assert undo(unit, uuid4()) == 0


@pytest.mark.req("T5a")
def test_change_log_holds_before_and_after_and_the_version(trained, library):
    unit = uuid4()
    run(library, unit)
    rows = {(row.asset_id, row.tag.name): row for row in Change.objects.filter(unit=unit).select_related("tag")}
    assert set(rows) == set(smart())
    for key, confidence in smart().items():
        assert (rows[key].before, rows[key].after, rows[key].after_version.number) == (None, confidence, 1)
