"""Timelines of assets and folders, with the runs over them."""

from collections.abc import Collection, Iterable
from functools import partial

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from tagsmith.assets.models import LIVE, Folder
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import get_asset
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.tagging.events import PAGE, Event, Events, Place, Placed, Source, Wanted, What, page
from tagsmith.tagging.timeline import asset_sources, folder_sources
from tagsmith.tagging.units import earlier
from tagsmith.workflows.models import Run, Status

STARTED, ENDED = "run", "run-ended"


def timeline(scope: Scope, asset_id: int, *, after: str = "", size: int = PAGE) -> Events:
    """Return what happened to an asset, the latest first.

    Raises
    ------
    NotFoundError
        There is no such asset, or not for this caller.
    LibraryError
        `after` is not where a page ended.
    """
    asset = get_asset(scope, asset_id)
    runs = _over(asset.folder, Q(assets__contains=[asset.pk]), Q(created__gte=asset.imported))
    return page([*asset_sources(scope, asset), *_run_sources(scope, runs)], after, size)


def folder_timeline(scope: Scope, folder_id: int, *, after: str = "", size: int = PAGE) -> Events:
    """Return what happened to a folder and in it, the latest first; assets' events by unit of work.

    Raises
    ------
    NotFoundError
        There is no such folder, or not for this caller.
    LibraryError
        `after` is not where a page ended.
    """
    folder = get_folder(scope, folder_id)
    runs = _over(folder, Q(), Q(created__gte=folder.created))
    return page([*folder_sources(scope, folder), *_run_sources(scope, runs)], after, size)


def _over(folder: Folder, others: Q, since: Q) -> QuerySet[Run]:
    """Return the runs that were over a folder, or one that it lies in today, or over something else."""
    paths = [""]
    for name in filter(None, folder.path.split("/")):
        paths.append(f"{paths[-1]}/{name}" if paths[-1] else name)
    above = list(Folder.objects.filter(LIVE, path__in=paths).values_list("pk", flat=True))
    return Run.objects.filter(since, Q(folders__overlap=above) | others)


def _run_sources(scope: Scope, runs: QuerySet[Run]) -> list[Source]:
    return [partial(_starts, scope, runs), partial(_ends, scope, runs)]


def _starts(scope: Scope, runs: QuerySet[Run], wanted: Wanted) -> Iterable[Placed]:
    rows = runs.annotate(at=Coalesce("started", "created")).filter(earlier(wanted.before, STARTED))
    for run, title in _titled(scope, rows.order_by("-at", "-pk")[: wanted.size]):
        at = run.started or run.created
        who = run.person.username if run.person else run.trigger
        yield Place(at, STARTED, run.pk), Event(at, who, What.RUN_STARTED, {"title": title, "run": run.pk})


def _ends(scope: Scope, runs: QuerySet[Run], wanted: Wanted) -> Iterable[Placed]:
    rows = runs.filter(ended__isnull=False).annotate(at=F("ended")).filter(earlier(wanted.before, ENDED))
    for run, title in _titled(scope, rows.order_by("-at", "-pk")[: wanted.size]):
        if run.ended:
            details = {"title": title, "run": run.pk, "status": Status(run.status).label}
            yield Place(run.ended, ENDED, run.pk), Event(run.ended, "Tagsmith", What.RUN_ENDED, details)


def _titled(scope: Scope, rows: QuerySet[Run]) -> Iterable[tuple[Run, str]]:
    """Give each run its title, but for those whose payload the caller may not see: titles name folders."""
    runs = list(rows.select_related("person"))
    hidden = set() if scope.paths is None else _unseen(scope, {folder for run in runs for folder in run.folders})
    for run in runs:
        yield run, "" if hidden & set(run.folders) else run.title


def _unseen(scope: Scope, folders: Collection[int]) -> set[int]:
    return set(folders) - set(scope.folders(Folder.objects.filter(pk__in=folders)).values_list("pk", flat=True))
