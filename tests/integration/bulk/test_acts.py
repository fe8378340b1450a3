"""Acts on very many assets, part by part or as one: nothing twice, nothing lost, and all of it taken back as one."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from tagsmith.accounts.models import Role
from tagsmith.accounts.services import add_person
from tagsmith.assets.edits import Edit, Mode
from tagsmith.assets.models import LIVE, Asset, Folder, State
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.bulk import services
from tagsmith.bulk.doing import edits_as_stored
from tagsmith.bulk.jobs import do_act, give_up_act
from tagsmith.bulk.models import Act, Kind
from tagsmith.curation.models import HumanTag
from tagsmith.errors import ConflictError
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.services.delete import delete

pytestmark = [pytest.mark.django_db, pytest.mark.req("L1k")]
NUMBER = 12


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(services, "PART", 5)
    monkeypatch.setattr(services, "AT_ONCE", 2)


@pytest.fixture
def person(db):
    return add_person("ed", "correct horse battery", Role.EDITOR)


@pytest.fixture
def folders(db):
    root = Folder.objects.create(name="", folded="", path="")
    return [Folder.objects.create(name=name, folded=name, path=name, parent=root) for name in ("here", "there")]


@pytest.fixture
def assets(folders):
    return [add(folders[0], f"{number}.jpg") for number in range(NUMBER)]


@pytest.fixture
def tag(db):
    return create_tag(COMMAND_LINE, "boot")


def add(folder, name):
    given = {"size": 1, "modified": timezone.now(), "state": State.READY, "title": "Old"}
    return Asset.objects.create(folder=folder, name=name, folded=name, **given).pk


def tagging(tag):
    return {"how": "set", "tag": tag.pk, "key": tag.key}


def done(row):
    do_act.work(act=row.pk)
    row.refresh_from_db()
    return row


def undone(person, kind, unit):
    return done(services.begin_undo(EVERYTHING, person, kind, unit))


def tagged():
    return set(HumanTag.objects.values_list("asset_id", flat=True))


def places():
    return dict(Asset.objects.filter(LIVE).values_list("pk", "folder__path"))


def test_all_parts_are_done_under_one_unit_by_whoever_did_it(person, assets, tag):
    row = done(services.begin(EVERYTHING, person, Kind.TAG, assets, **tagging(tag)))
    assert (row.done, row.changed, row.total) == (NUMBER, NUMBER, NUMBER)
    assert row.ended is not None
    assert tagged() == set(assets)
    assert Entry.objects.filter(unit=row.unit, actor=person, action="set tag").count() == NUMBER


def test_worker_that_takes_over_goes_on_where_it_was(person, assets, tag):
    row = services.begin(EVERYTHING, person, Kind.TAG, assets, **tagging(tag))
    assert services.go_on(row.pk)
    assert len(tagged()) == 5
    row = done(row)
    assert row.changed == NUMBER
    done(row)  # and once it is over, again does nothing
    assert Entry.objects.filter(unit=row.unit).count() == NUMBER


def test_tags_are_taken_back_as_one_and_once(person, assets, tag):
    row = done(services.begin(EVERYTHING, person, Kind.TAG, assets, **tagging(tag)))
    back = undone(person, Kind.UNDO_TAG, row.unit)
    assert (back.changed, tagged()) == (NUMBER, set())
    with pytest.raises(ConflictError, match="undone before"):
        services.begin_undo(EVERYTHING, person, Kind.UNDO_TAG, row.unit)


def test_assets_are_moved_and_put_back_but_for_those_moved_on(person, assets, folders):
    row = done(services.begin(EVERYTHING, person, Kind.MOVE, assets, into=folders[1].pk))
    assert set(places().values()) == {"there"}
    Asset.objects.filter(pk=assets[7]).update(folder=folders[1].parent)
    back = undone(person, Kind.UNDO_MOVE, row.unit)
    assert (back.total, back.changed) == (NUMBER, NUMBER - 1)
    assert {pk: place for pk, place in places().items() if place != "here"} == {assets[7]: ""}


def test_name_that_is_given_away_meanwhile_ends_a_move_with_the_reason(person, assets, folders):
    row = services.begin(EVERYTHING, person, Kind.MOVE, assets, into=folders[1].pk)
    services.go_on(row.pk)
    add(folders[1], "11.jpg")
    row = done(row)
    assert (row.changed, str(row.failure)) == (10, "there is an asset 'there/11.jpg' already")
    assert undone(person, Kind.UNDO_MOVE, row.unit).changed == 10


def test_trashed_assets_come_back_as_one(person, assets):
    row = done(services.begin(EVERYTHING, person, Kind.TRASH, assets))
    assert (row.changed, places()) == (NUMBER, {})
    assert undone(person, Kind.UNDO_TRASH, row.unit).changed == NUMBER
    assert places().keys() == set(assets)
    assert services.begin_undo(EVERYTHING, person, Kind.UNDO_TRASH, row.unit) is None  # nothing of it is there


EDITS = {
    "title": Edit(Mode.REPLACE, "New"),
    "captured": Edit(Mode.REPLACE, datetime(2024, 5, 1, tzinfo=UTC)),
    "keywords": Edit(Mode.APPEND, ["summer"]),
    "custom": Edit(Mode.APPEND, {"campaign": "24"}),
    "rights": Edit(Mode.CLEAR),
}


def edited(person, assets, seen=""):
    return services.begin(EVERYTHING, person, Kind.EDIT, assets, edits=edits_as_stored(EDITS), seen=seen)


def test_metadata_is_edited_and_put_back_as_one(person, assets):
    row = done(edited(person, assets))
    assert (row.done, row.changed, row.left) == (NUMBER, NUMBER, 0)
    one = Asset.objects.get(pk=assets[0])
    assert (one.title, one.captured, one.keywords, one.custom) == (
        "New",
        datetime(2024, 5, 1, tzinfo=UTC),
        ["summer"],
        {"campaign": "24"},
    )
    Asset.objects.filter(pk=assets[3]).update(title="Newer")
    back = undone(person, Kind.UNDO_EDIT, row.unit)
    assert (back.changed, back.left) == (NUMBER, 1)
    assert set(Asset.objects.values_list("title", flat=True)) == {"Old", "Newer"}


@pytest.mark.req("L6b")
def test_edit_changes_nothing_if_what_was_seen_is_not_there_any_more(person, assets):
    row = edited(person, assets, seen="what it was")
    assert "look again at what will change" in done(row).failure
    assert set(Asset.objects.values_list("title", flat=True)) == {"Old"}


@pytest.mark.req("L6a")
def test_edit_that_another_worker_has_done_meanwhile_is_done_once(person, assets, monkeypatch):
    row = edited(person, assets)
    real = services.WHOLES[Kind.EDIT]

    def late(act, advance):
        Act.objects.filter(pk=act.pk).update(ended=timezone.now())
        return real(act, advance)

    monkeypatch.setattr(services, "WHOLES", {Kind.EDIT: late})
    do_act.work(act=row.pk)
    assert not Entry.objects.filter(unit=row.unit).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("L6a")
def test_how_far_an_edit_is_can_be_seen_while_none_of_it_is_there(person, assets, monkeypatch):
    monkeypatch.setattr("tagsmith.assets.services.writing.BLOCK", 5)
    row, seen = edited(person, assets), []
    real = services.WHOLES[Kind.EDIT]

    def look():
        beside = connections[DEFAULT_DB_ALIAS].copy()
        with beside.cursor() as cursor:
            cursor.execute("SELECT done, (SELECT count(*) FROM assets_asset WHERE title = 'New') FROM bulk_act")
            seen.append(cursor.fetchone())
        beside.close()

    def watched(act, advance):
        def told(count):
            advance(count)
            look()

        return real(act, told)

    monkeypatch.setattr(services, "WHOLES", {Kind.EDIT: watched})
    do_act.work(act=row.pk)
    assert seen == [(5, 0), (10, 0), (12, 0)]
    assert Asset.objects.filter(title="New").count() == NUMBER


def test_tag_that_is_deleted_meanwhile_ends_it_with_the_reason(person, assets, tag):
    row = services.begin(EVERYTHING, person, Kind.TAG, assets, **tagging(tag))
    delete(COMMAND_LINE, tag)
    assert done(row).failure == "default:boot was deleted meanwhile"


def test_act_that_is_given_up_says_why_and_keeps_what_is_done(person, assets, tag):
    row = services.begin(EVERYTHING, person, Kind.TAG, assets, **tagging(tag))
    services.go_on(row.pk)
    give_up_act("its workers died 5 times over it", row.pk)
    row.refresh_from_db()
    assert (row.changed, str(row.failure)) == (5, "its workers died 5 times over it")
    assert not services.go_on(row.pk)
    assert len(tagged()) == 5


@pytest.mark.req("A1a")
@pytest.mark.parametrize("kind", [Kind.TAG, Kind.TRASH, Kind.EDIT])
def test_nothing_outside_the_scope_is_touched(person, assets, tag, kind):
    details = {"edits": edits_as_stored(EDITS), "seen": ""} if kind is Kind.EDIT else tagging(tag)
    row = done(services.begin(Scope(("there",)), person, kind, assets, **details))
    assert row.changed == 0
    assert (tagged(), len(places())) == (set(), NUMBER)
    assert not Asset.objects.filter(title="New").exists()


def test_little_is_taken_back_at_once(person, assets):
    assert services.begin_undo(EVERYTHING, person, Kind.UNDO_TAG, uuid4()) is None


def test_recent_ones_are_ones_own(person, assets):
    row = services.begin(EVERYTHING, person, Kind.TRASH, assets)
    assert [one.pk for one in services.recent(person)] == [row.pk]
    assert not services.recent(add_person("eve", "correct horse battery", Role.EDITOR)).exists()
