"""The audit log as it is read: the latest first, units as one, filtered, in pages, in words."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.assets import edit_asset, move_assets
from tagsmith.assets.services.folders import create_folder
from tagsmith.audit import selectors, services
from tagsmith.audit.models import LEADS, Entry
from tagsmith.audit.selectors import Which, actors, changes, entries
from tagsmith.audit.services import COMMAND_LINE, Actor, Change, record, record_all
from tagsmith.errors import BadInputError
from tagsmith.operations.changes import changes_csv, shown_changes

pytestmark = [pytest.mark.django_db, pytest.mark.req("T5b")]
EVERYTHING_DONE = Which()
ADA, GRACE = Actor(name="Ada"), Actor(name="Grace")


def done(number, actor=ADA, action="asset.edited", subject="asset", unit=None):
    return record(actor, action, subject, number, unit=unit, after={"title": str(number)})


def shown(which=EVERYTHING_DONE, size=50):
    """All pages: of each line the subject's number, and how many there are."""
    found, after = [], ""
    while True:
        page = changes(which, after=after, size=size)
        found += [(one.entry.subject_id, one.count) for one in page.done]
        if not page.after:
            return found
        after = page.after


@pytest.mark.parametrize("batch", [2, 200])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_what_was_done_as_one_is_one_line_wherever_pages_end(monkeypatch, batch, size):
    monkeypatch.setattr(selectors, "BATCH", batch)
    first, second = uuid4(), uuid4()
    for number, unit in enumerate((None, first, second, first, None, second, first, None)):
        done(number, unit=unit)
    assert shown(size=size) == [(7, 1), (6, 3), (5, 2), (4, 1), (0, 1)]
    assert shown(Which(unit=first), size=size) == [(6, 1), (3, 1), (1, 1)]


def test_number_of_queries_does_not_grow_with_a_unit(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(selectors, "BATCH", 10)
    unit = uuid4()
    done(0)
    record_all(ADA, "asset.edited", "asset", [Change(n, None, None) for n in range(300)], unit)
    with django_assert_num_queries(2):  # a batch, the counts
        assert [one.count for one in changes(Which()).done] == [300, 1]


def test_units_of_several_statements_and_actions_are_counted_whole(monkeypatch):
    monkeypatch.setattr(services, "BLOCK", 3)
    unit = uuid4()
    record_all(ADA, "set tag", "asset", [Change(n, None, None) for n in range(7)], unit)
    done(50)
    record_all(ADA, "promote", "asset", [Change(n, None, None) for n in range(10, 14)], unit)
    done(14, action="promote", unit=unit)
    record_all(ADA, "promote", "asset", [Change(n, None, None) for n in (60, 61)])
    assert shown(size=1) == shown() == [(61, 1), (60, 1), (14, 12), (50, 1)]
    assert shown(Which(subject="asset", action="set tag")) == [(6, 7)]
    assert len(shown(Which(unit=unit))) == len(list(entries(Which(unit=unit)))) == 12
    leading = list(Entry.objects.filter(LEADS, unit=unit).order_by("pk").values_list("subject_id", "stands_for"))
    assert leading == [(2, 3), (5, 3), (6, 1), (12, 3), (13, 1), (14, 1)]


def test_number_of_queries_does_not_grow_with_people(django_assert_num_queries):
    for number in range(30):
        done(number, Actor(name=f"person {number:02}"))
    with django_assert_num_queries(1):
        assert actors() == [f"person {number:02}" for number in range(30)]


def test_changes_are_filtered_by_person_kind_time_and_thing():
    now = datetime.now(UTC)
    early = done(9)
    Entry.objects.filter(pk=early.pk).update(at=now - timedelta(days=3))
    done(1)
    done(2, GRACE)
    done(3, action="asset.moved")
    done(1, subject="tag", action="tag.create")
    assert shown(Which(who="Grace")) == [(2, 1)]
    assert shown(Which(subject="asset", until=now + timedelta(hours=1))) == [(3, 1), (2, 1), (1, 1), (9, 1)]
    assert shown(Which(subject="asset", action="asset.moved")) == [(3, 1)]
    assert shown(Which(subject="asset", subject_id=1)) == [(1, 1)]
    assert shown(Which(until=now - timedelta(days=1))) == [(9, 1)]
    assert len(shown(Which(since=now - timedelta(days=1)))) == 4
    assert [entry.subject_id for entry in entries(Which(who="Grace"))] == [2]


def test_old_times_are_found_without_reading_all_that_is_newer():
    now = datetime.now(UTC)
    for number in range(10):
        Entry.objects.filter(pk=done(number).pk).update(at=now - timedelta(days=10 - number))
    which = Which(since=now - timedelta(days=6, hours=1), until=now - timedelta(days=4, hours=1))
    assert shown(which) == [(5, 1), (4, 1)]


def test_all_who_did_something_are_named_once():
    for actor in (GRACE, ADA, COMMAND_LINE, ADA):
        done(1, actor)
    assert actors() == ["Ada", "command line", "Grace"] or actors() == ["Ada", "Grace", "command line"]


@pytest.mark.parametrize("word", ["x", "-1", "9" * 30, "²"])
def test_word_that_we_never_wrote_is_refused(word):
    with pytest.raises(BadInputError, match="not where a page ended"):
        changes(Which(), after=word)


@pytest.fixture
def asset(db):
    folder = create_folder(EVERYTHING, ADA, "travel")
    return Asset.objects.create(folder=folder, name="a.jpg", folded="a.jpg", size=1, modified=datetime.now(UTC))


def test_each_change_is_in_plain_words_with_what_it_was_done_to(asset):
    edit_asset(EVERYTHING, GRACE, asset.pk, {"title": "=1", "keywords": ["sea"]}, revision=1)
    move_assets(EVERYTHING, COMMAND_LINE, [asset.pk], create_folder(EVERYTHING, ADA, "new").pk)
    done(4711, action="asset.fancied")
    said = [(one.who, one.what, one.details, one.on) for one in shown_changes(Which())[0]]
    assert said == [
        ("Ada", "asset.fancied", "4711", "4711"),
        ("the command line", "moved", "travel/a.jpg → new/a.jpg", "new/a.jpg"),
        ("Ada", "created", "new", "new"),
        ("Grace", "metadata edited", "title, keywords", "new/a.jpg"),
        ("Ada", "created", "travel", "travel"),
    ]


def test_names_are_looked_up_for_all_at_once(asset, django_assert_num_queries):
    for number in range(20):
        record(ADA, "asset.edited", "asset", asset.pk, after={"title": str(number)})
    with django_assert_num_queries(2):
        assert {one.on for one in shown_changes(Which(subject="asset"))[0]} == {"travel/a.jpg"}


def test_changes_as_csv_are_whole_and_no_formula(asset, monkeypatch):
    monkeypatch.setattr("tagsmith.operations.changes.BLOCK", 2)
    unit = uuid4()
    for title in ("=1", "b", "c"):
        record(ADA, "report.created", "report", 1, after={"title": title}, unit=unit)
    rows = list(csv.DictReader(io.StringIO(b"".join(changes_csv(Which(unit=unit))).decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["c", "b", "'=1"]
    assert {(row["who"], row["what"], row["subject"], row["unit"]) for row in rows} == {
        ("Ada", "asked for", "report", str(unit))
    }
