"""Whether the background work goes on."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.jobs import make_ready
from tagsmith.operations.check.files import REPAIR
from tagsmith.operations.check.finding import Finding, Severity
from tagsmith.queue.condition import condition, is_unfinished

LONG = timedelta(minutes=10)


def check_background() -> Iterator[Finding]:
    """Look at jobs that were given up or wait long, at the workers, and at assets that no job will make ready."""
    now = condition()
    if now.dead:
        yield Finding(Severity.WARNING, f"{now.dead:,} jobs were given up", "the workers' log says why")
    if now.waiting and not now.workers:
        yield Finding(
            Severity.WARNING,
            f"{now.waiting:,} jobs wait and no worker is running",
            "start `tagsmith serve` or `tagsmith worker`",
        )
    elif now.oldest and timezone.now() - now.oldest > LONG:
        minutes = (timezone.now() - now.oldest).total_seconds() / 60
        what = f"{now.waiting:,} jobs wait, the oldest for {minutes:,.0f} minutes; {now.workers} workers are running"
        yield Finding(Severity.WARNING, what, "run more workers, or wait")
    if forgotten := len(without_job()):
        yield Finding(Severity.WARNING, f"no job makes {forgotten:,} new assets ready", f"{REPAIR} asks for it")


def without_job() -> list[int]:
    """Return the new assets, if no job that makes assets ready waits or is being done."""
    if is_unfinished(make_ready.name):
        return []
    return list(Asset.objects.filter(state=State.NEW).order_by("pk").values_list("pk", flat=True))
