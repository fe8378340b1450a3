"""Runs that workers do: begun, paused, resumed, given up, tried again; and beside another process."""

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import library, settings, shoes, tags, taught  # noqa: F401 - fixtures
from integration.workers import PATIENCE, empty_queue, start_worker, wait_until  # noqa: F401 - fixtures
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import ConflictError
from tagsmith.queue.giving_up import ATTEMPTS
from tagsmith.tagging.models import Change, SmartTag
from tagsmith.training.learn import train
from tagsmith.workflows import jobs, services
from tagsmith.workflows.models import Chunk, Run, Status

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("queue")]


@pytest.fixture
def run(shoes, settings, library, monkeypatch):
    train(shoes, settings)
    monkeypatch.setattr(services, "CHUNK", 10)
    return services.create_run(COMMAND_LINE, EVERYTHING, folders=[Folder.objects.get(path="").pk])


@pytest.fixture
def cut(run):
    services.plan(run.pk, timezone.now())
    run.refresh_from_db()
    return run


def status(run):
    return Run.objects.get(pk=run.pk).status


def waiting(task):
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


def work(count=None):
    """Do the chunks that are waiting, as a worker would, here."""
    for job in ProcrastinateJob.objects.filter(task_name="workflows.chunk", status="todo").order_by("id")[:count]:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        jobs.chunk.work(**job.args)


@pytest.mark.req("W2a")
def test_run_is_cut_and_done_by_workers(run, start_worker):
    jobs.enqueue_run(run)
    start_worker("once").wait(PATIENCE)
    assert status(run) == Status.SUCCESS


@pytest.mark.req("W2b")
def test_run_that_is_paused_is_resumed_by_workers(cut):
    jobs.enqueue_pending(cut)
    work(2)
    services.pause(COMMAND_LINE, cut)
    work()
    assert (status(cut), waiting("workflows.chunk")) == (Status.PAUSED, 0)
    jobs.resume_run(COMMAND_LINE, cut)
    assert waiting("workflows.chunk") == 4
    work()
    assert status(cut) == Status.SUCCESS


@pytest.mark.req("W2b")
def test_run_that_was_paused_before_it_was_cut_is_cut_after_resuming(run):
    services.pause(COMMAND_LINE, run)
    jobs.resume_run(COMMAND_LINE, run)
    assert waiting("workflows.plan") == 1
    jobs.plan.work(run.pk)
    work()
    assert status(run) == Status.SUCCESS


@pytest.mark.req("W2b")
def test_run_that_was_paused_during_its_last_chunk_ends_when_resumed(cut, monkeypatch):
    for number in services.pending(cut)[:-1]:
        services.do_chunk(cut.pk, number)
    end = services._end_if_done
    monkeypatch.setattr(services, "_end_if_done", lambda run: None)
    services.do_chunk(cut.pk, services.pending(cut)[0])
    services.pause(COMMAND_LINE, cut)
    monkeypatch.setattr(services, "_end_if_done", end)
    jobs.resume_run(COMMAND_LINE, cut)
    assert status(cut) == Status.SUCCESS


@pytest.mark.req("W2a")
def test_run_whose_worker_was_killed_right_after_the_last_chunk_ends(cut, monkeypatch):
    end = services._end_if_done
    monkeypatch.setattr(services, "_end_if_done", lambda run: None)
    numbers = services.pending(cut)
    for number in numbers:
        services.do_chunk(cut.pk, number)
    assert status(cut) == Status.RUNNING
    monkeypatch.setattr(services, "_end_if_done", end)
    services.do_chunk(cut.pk, numbers[-1])
    assert status(cut) == Status.SUCCESS


@pytest.mark.req("W2a")
def test_run_whose_process_was_killed_goes_on_when_resumed(cut):
    services.do_chunk(cut.pk, 0)
    assert services.resume(COMMAND_LINE, cut) == [1, 2, 3, 4, 5]


@pytest.mark.req("W2a")
def test_two_processes_at_the_same_run_do_everything_once(cut, start_worker):
    jobs.enqueue_pending(cut)
    start_worker()
    for number in reversed(services.pending(cut)):
        services.do_chunk(cut.pk, number)
    wait_until(lambda: status(cut) == Status.SUCCESS and not waiting("workflows.chunk"))
    changes = list(Change.objects.filter(unit=cut.unit).values_list("asset_id", "tag_id"))
    assert len(changes) == len(set(changes)) == SmartTag.objects.count() > 20


@pytest.mark.req("W2a")
def test_chunk_that_kills_its_workers_fails_and_the_rest_goes_on(cut, start_worker):
    jobs.enqueue_pending(cut)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id) UPDATE procrastinate_jobs SET attempts = %s, status = 'doing', worker_id = dead.id"
            " FROM dead WHERE args @> '{\"number\": 0}'",
            [ATTEMPTS - 1],
        )
    start_worker()
    wait_until(lambda: status(cut) == Status.FAILED)
    assert Run.objects.get(pk=cut.pk).failure == "its workers died 5 times over it"
    assert list(Chunk.objects.exclude(failure="").values_list("number", flat=True)) == [0]
    jobs.retry_run(COMMAND_LINE, cut)
    wait_until(lambda: status(cut) == Status.SUCCESS)


@pytest.mark.req("W2b")
def test_run_that_cannot_be_cut_fails_with_the_reason_and_can_be_retried(run):
    jobs.give_up_plan("its workers died 5 times over it", run.pk)
    run.refresh_from_db()
    assert (run.status, run.failure) == (Status.FAILED, "its workers died 5 times over it")
    jobs.retry_run(COMMAND_LINE, run)
    jobs.plan.work(run.pk)
    work()
    assert status(run) == Status.SUCCESS


def test_run_that_has_ended_is_not_failed_by_a_late_job(cut):
    services.cancel(COMMAND_LINE, cut)
    jobs.give_up_plan("too late", cut.pk)
    assert status(cut) == Status.CANCELLED
    with pytest.raises(ConflictError, match="cancelled"):
        jobs.resume_run(COMMAND_LINE, cut)
