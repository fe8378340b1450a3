"""How a run is going, from what its chunks say; and what starts runs by itself, where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Func, IntegerField, Q, Sum
from django.db.models.functions import Coalesce

from tagsmith.assets.models import Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.errors import NotFoundError
from tagsmith.workflows.models import Chunk, Event, Launcher, Run, Schedule


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
    return progress_of([run], now)[run.pk]


def progress_of(runs: Collection[Run], now: datetime) -> dict[int, Progress]:
    """Return how runs are going, by number; one query, however many there are."""
    rows = Chunk.objects.filter(run__in=runs).values("run")
    rows = rows.annotate(
        total=_size(Q()),
        finished=_size(Q(done__isnull=False)),
        failed=_size(~Q(failure="")),
        with_tags=Sum("tagged"),
        changed=Sum("changes"),
    )
    columns = ("run", "total", "finished", "with_tags", "changed", "failed")
    sums = {run: counts for run, *counts in rows.values_list(*columns)}
    return {run.pk: _going(run, now, sums.get(run.pk, [0] * 5)) for run in runs}


def _size(condition: Q) -> Coalesce:
    """Count the assets of the chunks that meet a condition."""
    return Coalesce(Sum(Func("assets", function="CARDINALITY", output_field=IntegerField()), filter=condition), 0)


def _going(run: Run, now: datetime, counts: Sequence[int]) -> Progress:
    total, done, tagged, changes, failed = counts
    seconds = ((run.ended or now) - run.started).total_seconds() if run.started else 0.0
    rate = done / seconds if done and seconds > 0 else None
    left = None if rate is None or run.ended else (total - done) / rate
    return Progress(total, done, tagged, changes, failed, run.skipped, rate, left)


@dataclass(frozen=True)
class Effective:
    """Whether an event starts a run for a folder's assets, and the path of the folder that says so.

    `source` is None where no folder says anything: nothing is started that nobody asked for.
    """

    enabled: bool
    source: str | None


@dataclass(frozen=True)
class Planned:
    """A schedule, the paths of its folders, and how many others are in the trash or gone: there it does nothing."""

    schedule: Schedule
    paths: list[str]
    gone: int


def effective(scope: Scope, folder_id: int, event: Event) -> Effective:
    """Return what is in force for a folder: its own launcher, or the nearest one above; raises NotFoundError."""
    return effective_in([get_folder(scope, folder_id)], event)[folder_id]


def effective_in(folders: Collection[Folder], event: Event) -> dict[int, Effective]:
    """Return what is in force for folders, which the caller may see, by number; one query, however many there are."""
    known = switches(event)
    sources = {folder.pk: nearest(folder.path, known) for folder in folders}
    return {pk: Effective(source is not None and known[source], source) for pk, source in sources.items()}


def launchers(scope: Scope) -> list[Launcher]:
    """Return the launchers of the folders that the caller may see; those of folders in the trash do nothing."""
    seen = Launcher.objects.filter(folder__in=scope.folders(Folder.objects.all()))
    return list(seen.select_related("folder").order_by("folder__path", "event"))


def switches(event: Event) -> dict[str, bool]:
    """Return which folders' launchers are on or off for an event, by path, but for those in the trash."""
    rows = Launcher.objects.filter(event=event, folder__trashed__isnull=True)
    return dict(rows.values_list("folder__path", "enabled"))


def nearest(path: str, known: Collection[str]) -> str | None:
    """Return the path of the lowest folder among those known that is this one or holds it; None if there is none."""
    while path not in known:
        if not path:
            return None
        path = path.rpartition("/")[0]
    return path


def schedules(scope: Scope) -> list[Planned]:
    """Return the schedules whose folders the caller may see, all of those that are there."""
    rows = list(Schedule.objects.order_by("title", "pk"))
    named = {folder for schedule in rows for folder in schedule.folders}
    known = dict(live_folders(EVERYTHING).filter(pk__in=named).values_list("pk", "path"))
    found = []
    for schedule in rows:
        paths = [known[folder] for folder in schedule.folders if folder in known]
        if scope.paths is None or (paths and all(scope.covers(path) for path in paths)):
            found.append(Planned(schedule, sorted(paths), len(schedule.folders) - len(paths)))
    return found


def get_schedule(scope: Scope, schedule_id: int) -> Schedule:
    """Return a schedule; raises NotFoundError."""
    for planned in schedules(scope):
        if planned.schedule.pk == schedule_id:
            return planned.schedule
    raise NotFoundError(f"no schedule {schedule_id}")
