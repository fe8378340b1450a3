import signal
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.queue import work_for_tests as work
from integration.workers import PATIENCE, start_worker, wait_until  # noqa: F401 - fixture
from tagsmith.queue.jobs import MAX_ATTEMPTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    """Begin without jobs: the engine's tables are not Django's to empty between tests."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


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


def test_job_that_kills_its_workers_is_given_up(start_worker, tmp_path):
    log = tmp_path / "log"
    deadly = work.die.enqueue(file=str(log))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [MAX_ATTEMPTS - 1, deadly])
    start_worker().wait(PATIENCE)
    start_worker()
    wait_until(lambda: ProcrastinateJob.objects.get(id=deadly).status == "failed")
    assert lines(log) == ["die"]


def test_worker_stops_cleanly_when_told(start_worker, tmp_path):
    log = tmp_path / "log"
    work.note.enqueue(file=str(log), line="a", seconds=1)
    worker = start_worker()
    wait_until(lambda: bool(lines(log)))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert lines(log)[-1] == "end a"
