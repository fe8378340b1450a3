"""How a run is going: counts, rate and time left, from what its chunks say."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Coalesce

from tagsmith.workflows.models import Run


@dataclass(frozen=True)
class Progress:
    """A run's counts; `rate` is assets a second since it started, None before the first are done.

    `left` is seconds.
    """

    total: int
    done: int
    tagged: int
    changes: int
    failed: int
    skipped: dict[str, int]
    rate: float | None
    left: float | None


def progress(run: Run, now: datetime) -> Progress:
    """Return how a run is going."""
    chunks = run.chunks.values_list("assets", "done", "failure")
    total = sum(len(assets) for assets, _, _ in chunks)
    done = sum(len(assets) for assets, done, _ in chunks if done)
    failed = sum(len(assets) for assets, _, failure in chunks if failure)
    sums = run.chunks.aggregate(tagged=Coalesce(Sum("tagged"), 0), changes=Coalesce(Sum("changes"), 0))
    seconds = ((run.ended or now) - run.started).total_seconds() if run.started else 0.0
    rate = done / seconds if done and seconds > 0 else None
    left = None if rate is None or run.ended else (total - done) / rate
    return Progress(total, done, sums["tagged"], sums["changes"], failed, run.skipped, rate, left)
