"""The background work of runs: cutting one into chunks, doing a chunk, starting runs when it is their time."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tagsmith.audit.services import Actor
from tagsmith.queue.port import job, periodic
from tagsmith.workflows import launching, retention, scheduling, services
from tagsmith.workflows.models import Run, Status


def give_up_plan(reason: str, run: int) -> None:
    """Fail a run that could not be cut into chunks."""
    services.fail_run(run, reason)


def give_up_chunk(reason: str, run: int, number: int) -> None:
    """Fail a chunk; the rest of the run goes on."""
    services.fail_chunk(run, number, reason)


@job("workflows.plan", given_up=give_up_plan)
def plan(run: int) -> None:
    """Cut a run into chunks and ask for each."""
    services.plan(run, timezone.now())
    enqueue_pending(Run.objects.get(pk=run))


@job("workflows.chunk", given_up=give_up_chunk)
def chunk(run: int, number: int) -> None:
    """Do one chunk of a run."""
    services.do_chunk(run, number)


def enqueue_run(run: Run) -> None:
    """Ask for a run to be done, in the caller's transaction."""
    plan.enqueue(once=f"run {run.pk}", run=run.pk)


def enqueue_pending(run: Run) -> None:
    """Ask for what is left of a run, in the caller's transaction; what is waiting to be done is not asked for again."""
    if run.status == Status.QUEUED:
        enqueue_run(run)
    for number in services.pending(run):
        chunk.enqueue(once=f"run {run.pk} chunk {number}", run=run.pk, number=number)


@transaction.atomic
def resume_run(actor: Actor, run: Run) -> None:
    """Let workers go on with a run; raises ConflictError if it has ended.

    One transaction: a chunk that still finds the run paused has left the queue before it is asked for again.
    """
    services.resume(actor, run)
    run.refresh_from_db()
    enqueue_pending(run)


@transaction.atomic
def retry_run(actor: Actor, run: Run) -> None:
    """Let workers do again what failed of a run; raises ConflictError if nothing did."""
    services.retry(actor, run)
    run.refresh_from_db()
    enqueue_pending(run)


@periodic("workflows.launch", "* * * * * */5")
def launch() -> None:
    """Start the runs of launchers."""
    launch_due()


@transaction.atomic
def launch_due(quiet: timedelta = launching.QUIET) -> list[Run]:
    """Start the runs of launchers for which no asset has come for so long, and ask for them; return them."""
    runs = launching.launch(timezone.now(), quiet)
    for run in runs:
        enqueue_run(run)
    return runs


@periodic("workflows.schedule", "* * * * *")
@transaction.atomic
def schedule() -> None:
    """Start the runs of schedules."""
    for run in scheduling.start_due(timezone.now()):
        enqueue_run(run)


@periodic("workflows.forget", "23 * * * *")
def forget() -> None:
    """Forget what has been kept long enough; each hour, as no worker may be running at a certain one."""
    retention.forget_old(timezone.now())
