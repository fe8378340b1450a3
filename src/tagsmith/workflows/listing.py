"""Runs as a person may see them: a page of them, one of them, and what of it failed by name."""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from tagsmith.assets.cursor import Cursor
from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import Scope
from tagsmith.errors import NotFoundError
from tagsmith.workflows.models import Run

PAGE = 30
NAMED = 100


@dataclass(frozen=True)
class Page:
    """Some runs, the newest first, and the word that asks for older ones; empty at the end."""

    runs: list[Run]
    after: str


def runs(scope: Scope, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of the runs that the caller may see; raises LibraryError if `after` is not where a page ended."""
    rows = _seen(scope).select_related("person").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=Cursor.read(after).pk)
    found = list(rows[: size + 1])
    return Page(found[:size], Cursor(found[size - 1].pk, "").written() if len(found) > size else "")


def get_run(scope: Scope, run_id: int) -> Run:
    """Return a run; raises NotFoundError if there is none, or not for this caller."""
    run = _seen(scope).select_related("person").filter(pk=run_id).first()
    if run is None:
        raise NotFoundError(f"no run {run_id}")
    return run


def failed_assets(scope: Scope, run: Run, size: int = NAMED) -> list[Asset]:
    """Return the first of the assets that a run could not do, but for those that the caller may not see."""
    chunks = run.chunks.exclude(failure="").order_by("number").values_list("assets", flat=True)
    wanted = [asset for assets in chunks for asset in assets]
    rows = scope.assets(Asset.objects.filter(pk__in=wanted)).select_related("folder")
    return list(rows.order_by("pk")[:size])


def _seen(scope: Scope) -> QuerySet[Run]:
    """Select runs of whose payload nothing is hidden or gone: their titles name folders."""
    if scope.paths is None:
        return Run.objects.all()
    folders = list(scope.folders(Folder.objects.all()).values_list("pk", flat=True))
    listed = Asset.objects.filter(_is_among("pk", "assets"))
    hidden, there = listed.exclude(folder__in=folders), listed.filter(folder__in=folders)
    return Run.objects.filter(~Exists(hidden), Q(assets=[]) | Exists(there), folders__contained_by=folders)


def _is_among(field: str, array: str) -> Func:
    """Whether a row's field is in an array of the outer query's row, as PostgreSQL finds by an index."""
    return Func(
        F(field), OuterRef(array), arg_joiner=" = ANY(", template="(%(expressions)s))", output_field=BooleanField()
    )
