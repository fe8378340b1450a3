"""Schedules: each time once, however many workers there are, and a missed one once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.folders import create_folder
from tagsmith.assets.services.trash import trash_folder
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.workflows import jobs, scheduling
from tagsmith.workflows.models import Run, Schedule
from tagsmith.workflows.scheduling import (
    create_schedule,
    delete_schedule,
    enable_schedule,
    start_due,
    update_schedule,
)
from tagsmith.workflows.selectors import schedules

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def travel():
    return create_folder(EVERYTHING, COMMAND_LINE, "travel")


@pytest.fixture
def nightly(travel):
    schedule = create_schedule(COMMAND_LINE, EVERYTHING, title="Nightly", folders=[travel.pk], cron="0 3 * * *")
    Schedule.objects.update(next=DUE)
    schedule.refresh_from_db()
    return schedule


def refreshed(schedule):
    return Schedule.objects.get(pk=schedule.pk)


@pytest.mark.req("W4c")
def test_run_starts_at_its_time_and_not_before(nightly, travel):
    assert start_due(DUE - timedelta(seconds=1)) == []
    (run,) = start_due(DUE)
    assert (run.title, run.folders, run.trigger) == ("Nightly", [travel.pk], "periodic")
    assert start_due(DUE + timedelta(minutes=1)) == []
    assert (refreshed(nightly).last, refreshed(nightly).next) == (DUE, DUE + timedelta(days=1))


@pytest.mark.req("W4c")
def test_times_that_were_missed_are_caught_up_once(nightly):
    late = DUE + timedelta(days=9, hours=2)
    assert len(start_due(late)) == 1
    assert start_due(late) == []
    assert refreshed(nightly).next == DUE + timedelta(days=10)


@pytest.mark.req("W4c")
def test_kill_before_the_end_leaves_the_time_due(nightly):
    with transaction.atomic():
        start_due(DUE)
        transaction.set_rollback(True)
    assert not Run.objects.exists()
    assert len(start_due(DUE)) == 1


@pytest.mark.req("W4c")
@pytest.mark.django_db(transaction=True)
def test_many_workers_start_a_run_once(nightly):
    def start(_):
        try:
            return len(start_due(DUE))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(start, range(8))) == 1
    assert Run.objects.count() == 1


@pytest.mark.req("W4c")
def test_run_of_a_schedule_is_handed_to_workers(nightly):
    jobs.schedule()
    (job,) = ProcrastinateJob.objects.filter(task_name="workflows.plan")
    assert job.args == {"run": Run.objects.get().pk}


@pytest.mark.req("W4c")
def test_schedule_that_is_off_starts_nothing_and_catches_nothing_up(nightly):
    enable_schedule(COMMAND_LINE, EVERYTHING, nightly.pk, enabled=False)
    Schedule.objects.update(next=DUE)
    assert start_due(DUE) == []
    enable_schedule(COMMAND_LINE, EVERYTHING, nightly.pk, enabled=True)
    assert refreshed(nightly).next > datetime.now(UTC)


@pytest.mark.req("W4c")
def test_schedule_whose_folder_is_in_the_trash_does_nothing_and_says_so(nightly, travel):
    trash_folder(EVERYTHING, COMMAND_LINE, travel.pk)
    assert start_due(DUE) == []
    (planned,) = schedules(EVERYTHING)
    assert (planned.paths, planned.gone, planned.schedule.last) == ([], 1, None)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"folders": []}, "folders"), ({"cron": "x"}, "cron")],
)
def test_wrong_schedule_is_refused_naming_the_field(travel, wrong, named):
    given = {"title": "Nightly", "folders": [travel.pk], "cron": "0 3 * * *", **wrong}
    with pytest.raises(BadInputError, match=f"^{named}: "):
        create_schedule(COMMAND_LINE, EVERYTHING, **given)


def test_schedule_is_changed_and_deleted_on_the_record(nightly, travel):
    update_schedule(COMMAND_LINE, EVERYTHING, nightly.pk, title="Weekly", folders=[travel.pk], cron="0 4 * * mon")
    assert refreshed(nightly).next.strftime("%a %H:%M") == "Mon 04:00"
    delete_schedule(COMMAND_LINE, EVERYTHING, nightly.pk)
    assert schedules(EVERYTHING) == []
    actions = Entry.objects.filter(subject=scheduling.SUBJECT).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["create", "update", "delete"]


def test_schedule_over_folders_that_the_caller_may_not_see_is_not_there(nightly):
    assert schedules(Scope(("other",))) == []
    with pytest.raises(NotFoundError, match="no schedule"):
        delete_schedule(COMMAND_LINE, Scope(("other",)), nightly.pk)
