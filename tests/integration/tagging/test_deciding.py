"""Deciding on many suggestions part by part: nothing twice, nothing lost, and all of it taken back as one."""

import pytest

from integration.stages import library, settings, shoes, smart, tags, taught, trained  # noqa: F401 - fixtures
from integration.stages import tag_everything as run
from integration.tagging.test_review import only_suggests, suggested, unsure  # noqa: F401 - fixtures
from tagsmith.accounts.models import Role
from tagsmith.accounts.services import add_person
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.tagging import deciding, review
from tagsmith.tagging.jobs import decide, give_up_decision
from tagsmith.tagging.models import Decision

pytestmark = [pytest.mark.django_db, pytest.mark.req("W6f")]
ACCEPT, REJECT = Decision.Act.ACCEPT, Decision.Act.REJECT


@pytest.fixture
def person(monkeypatch):
    monkeypatch.setattr(deciding, "PART", 5)
    return add_person("ed", "correct horse battery", Role.EDITOR)


@pytest.fixture
def pairs(unsure, library):
    run(library)
    return review.matching(EVERYTHING, review.ALL)


def human():
    return set(HumanTag.objects.values_list("asset_id", "tag_id"))


def test_all_parts_are_done_under_one_unit_by_whoever_decided(person, pairs):
    row = deciding.begin(EVERYTHING, person, ACCEPT, pairs)
    decide.work(decision=row.pk)
    row.refresh_from_db()
    assert (row.done, row.decided, row.total) == (len(pairs), len(pairs), len(pairs))
    assert row.ended is not None
    assert human() == set(pairs)
    assert Entry.objects.filter(unit=row.unit, actor=person, action="accept suggestion").count() == len(pairs)


def test_worker_that_takes_over_goes_on_where_it_was(person, pairs):
    row = deciding.begin(EVERYTHING, person, REJECT, pairs)
    assert deciding.go_on(row.pk)
    assert Rejection.objects.count() == 5
    decide.work(decision=row.pk)
    row.refresh_from_db()
    assert row.decided == len(pairs) == Rejection.objects.count()
    decide.work(decision=row.pk)  # and once it is over, again does nothing
    assert Entry.objects.filter(unit=row.unit).count() == len(pairs)


def test_all_of_it_is_taken_back_as_one(person, pairs):
    before = suggested()
    row = deciding.begin(EVERYTHING, person, ACCEPT, pairs)
    decide.work(decision=row.pk)
    back = deciding.begin_undo(EVERYTHING, person, row.unit)
    decide.work(decision=back.pk)
    back.refresh_from_db()
    assert back.decided == len(pairs)
    assert human() == set()
    assert suggested() == before


def test_what_was_decided_by_others_meanwhile_is_left_alone(person, pairs):
    row = deciding.begin(EVERYTHING, person, ACCEPT, pairs)
    review.reject(EVERYTHING, deciding.Actor(person), pairs[-1:])
    decide.work(decision=row.pk)
    row.refresh_from_db()
    assert (row.done, row.decided) == (len(pairs), len(pairs) - 1)


def test_decision_that_is_given_up_says_why_and_keeps_what_is_done(person, pairs):
    row = deciding.begin(EVERYTHING, person, ACCEPT, pairs)
    deciding.go_on(row.pk)
    give_up_decision("its workers died 5 times over it", row.pk)
    row.refresh_from_db()
    assert (row.decided, str(row.failure)) == (5, "its workers died 5 times over it")
    assert not deciding.go_on(row.pk)
    assert len(human()) == 5


@pytest.mark.req("A1a")
def test_nothing_outside_the_scope_is_decided(person, pairs):
    Folder.objects.create(name="mine", folded="mine", path="mine", parent=Folder.objects.get(path=""))
    row = deciding.begin(Scope(("mine",)), person, ACCEPT, pairs)
    decide.work(decision=row.pk)
    assert human() == set()


def test_recent_ones_are_ones_own(person, pairs):
    row = deciding.begin(EVERYTHING, person, ACCEPT, pairs)
    assert [one.pk for one in deciding.recent(person)] == [row.pk]
    assert not deciding.recent(add_person("eve", "correct horse battery", Role.EDITOR)).exists()
