"""The background work of runs: cutting one into chunks, and doing a chunk."""

from django.utils import timezone

from tagsmith.queue.port import job
from tagsmith.workflows import services
from tagsmith.workflows.models import Run


@job("workflows.plan")
def plan(run: int) -> None:
    """Cut a run into chunks and ask for each."""
    for number in services.plan(run, timezone.now()):
        chunk.enqueue(once=f"run {run} chunk {number}", run=run, number=number)


@job("workflows.chunk")
def chunk(run: int, number: int) -> None:
    """Do one chunk of a run."""
    services.do_chunk(run, number)


def enqueue_run(run: Run) -> None:
    """Ask for a run to be done, in the caller's transaction."""
    plan.enqueue(once=f"run {run.pk}", run=run.pk)
