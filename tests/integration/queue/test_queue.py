import signal
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.queue import work_for_tests as work
from integration.workers import PATIENCE, empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.queue.giving_up import ATTEMPTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_job_asked_for_is_done(start_worker, tmp_path):
    work.note.enqueue(file=str(tmp_path / "log"), line="a")
    assert start_worker("once").wait(PATIENCE) == 0
    assert lines(tmp_path / "log")[-1] == "end a"


def test_job_of_a_transaction_that_fails_is_never_done(start_worker, tmp_path):
    with transaction.atomic():
        work.note.enqueue(file=str(tmp_path / "log"), line="a")
        transaction.set_rollback(True)
    start_worker("once").wait(PATIENCE)
    assert lines(tmp_path / "log") == []


def test_job_that_a_job_asks_for_in_a_transaction_that_fails_is_never_done(start_worker, tmp_path):
    work.ask_and_undo.enqueue(file=str(tmp_path / "log"))
    start_worker("once").wait(PATIENCE)
    assert lines(tmp_path / "log") == ["undone"]


def test_same_work_waits_only_once_and_the_transaction_goes_on(tmp_path):
    with transaction.atomic():
        first = work.note.enqueue(once="x", file=str(tmp_path / "log"), line="a")
        second = work.note.enqueue(once="x", file=str(tmp_path / "log"), line="b")
        third = work.note.enqueue(once="y", file=str(tmp_path / "log"), line="c")
    assert second is None
    assert set(ProcrastinateJob.objects.values_list("id", flat=True)) == {first, third}


def test_job_that_raises_is_kept_as_failed_and_others_go_on(start_worker, tmp_path):
    bad = work.fail.enqueue()
    work.note.enqueue(file=str(tmp_path / "log"), line="a")
    start_worker("once").wait(PATIENCE)
    assert ProcrastinateJob.objects.get(id=bad).status == "failed"
    assert lines(tmp_path / "log")[-1] == "end a"


def test_job_of_a_killed_worker_is_done_by_another(start_worker, tmp_path):
    log = tmp_path / "log"
    for name in "ab":
        work.note.enqueue(file=str(log), line=name, seconds=0.5)
    first = start_worker()
    wait_until(lambda: bool(lines(log)))
    first.send_signal(signal.SIGKILL)
    start_worker()
    wait_until(lambda: {"end a", "end b"} <= set(lines(log)))


def begun_before(job, times):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [times, job])


def status(job):
    return ProcrastinateJob.objects.get(id=job).status


def test_job_that_kills_its_workers_is_given_up(start_worker, tmp_path):
    log = tmp_path / "log"
    deadly = work.die.enqueue(file=str(log))
    begun_before(deadly, ATTEMPTS - 1)
    start_worker().wait(PATIENCE)
    start_worker()
    wait_until(lambda: status(deadly) == "failed")
    assert lines(log) == ["die"]


def test_what_waits_for_a_job_that_kills_its_workers_is_told(start_worker, tmp_path):
    log = tmp_path / "log"
    deadly = work.die_known.enqueue(file=str(log))
    begun_before(deadly, ATTEMPTS - 1)
    start_worker().wait(PATIENCE)
    start_worker()
    wait_until(lambda: status(deadly) == "failed")
    assert lines(log) == ["given up: its workers died 5 times over it"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [("colour: too green", "colour: too green"), ("", "something unexpected went wrong; the worker's log says what")],
)
def test_what_waits_for_a_job_that_raises_is_told_nothing_internal(start_worker, tmp_path, message, reason):
    failing = work.fail_known.enqueue(file=str(tmp_path / "log"), message=message)
    start_worker("once").wait(PATIENCE)
    assert status(failing) == "failed"
    assert lines(tmp_path / "log") == [f"given up: {reason}"]


def test_job_that_lost_its_database_is_done_again(start_worker, tmp_path):
    work.lose_database.enqueue(file=str(tmp_path / "log"), times=2)
    start_worker()
    wait_until(lambda: lines(tmp_path / "log")[-1:] == ["end"])
    assert lines(tmp_path / "log") == ["begin", "begin", "begin", "end"]


def test_job_that_loses_its_database_again_and_again_is_given_up(start_worker, tmp_path):
    unlucky = work.lose_database.enqueue(file=str(tmp_path / "log"), times=99)
    begun_before(unlucky, ATTEMPTS - 1)
    start_worker("once").wait(PATIENCE)
    assert lines(tmp_path / "log") == ["begin", "given up: the database could not be reached, or refused"]


def test_job_of_a_killed_worker_is_taken_up_though_many_others_wait(start_worker, tmp_path):
    log = tmp_path / "log"
    work.note.enqueue(file=str(log), line="first", seconds=0.5)
    first = start_worker()
    wait_until(lambda: bool(lines(log)))
    first.send_signal(signal.SIGKILL)
    for number in range(60):
        work.note.enqueue(file=str(log), line=str(number), seconds=0.5)
    start_worker()
    wait_until(lambda: "end first" in lines(log))
    assert "end 59" not in lines(log)


def test_worker_stops_cleanly_when_told(start_worker, tmp_path):
    log = tmp_path / "log"
    work.note.enqueue(file=str(log), line="a", seconds=1)
    worker = start_worker()
    wait_until(lambda: bool(lines(log)))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert lines(log)[-1] == "end a"
