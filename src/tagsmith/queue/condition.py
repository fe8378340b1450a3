"""How the queue is: what waits, what is being done, what was given up, which workers are alive."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from tagsmith.queue.jobs import DEAD_AFTER
from tagsmith.queue.port import HOUSEKEEPING

UNFINISHED = ("todo", "doing")


@dataclass(frozen=True)
class Condition:
    """Counts of jobs, housekeeping aside; since when the oldest of those that could be done waits; workers alive.

    Dead jobs were given up after errors or deaths of workers.
    """

    waiting: int
    doing: int
    dead: int
    oldest: datetime | None
    workers: int


def condition() -> Condition:
    """Return how the queue is now."""
    now = timezone.now()
    due = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=now))
    jobs = ProcrastinateJob.objects.exclude(queue_name=HOUSEKEEPING).aggregate(
        waiting=Count("pk", filter=Q(status="todo")),
        doing=Count("pk", filter=Q(status="doing")),
        dead=Count("pk", filter=Q(status="failed")),
    )
    rows = ProcrastinateJob.objects.filter(due, procrastinateevent__type__in=("deferred", "deferred_for_retry"))
    oldest = rows.exclude(queue_name=HOUSEKEEPING).aggregate(oldest=Min("procrastinateevent__at"))["oldest"]
    alive = ProcrastinateWorker.objects.extra(
        where=["last_heartbeat > now() - make_interval(secs => %s)"], params=[DEAD_AFTER]
    )
    return Condition(jobs["waiting"], jobs["doing"], jobs["dead"], oldest, alive.count())


def is_unfinished(name: str) -> bool:
    """Whether a job of this name waits or is being done."""
    return ProcrastinateJob.objects.filter(task_name=name, status__in=UNFINISHED).exists()
