"""Where one starts: what the library holds, what waits for a person, and what happened last."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets, newest
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.queue.condition import condition
from tagsmith.tagging.grouping import groups_waiting
from tagsmith.tagging.review import counts
from tagsmith.training.overview import overview
from tagsmith.training.selectors import Status
from tagsmith.web.doing import acts_of
from tagsmith.web.requests import person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import in_order, tell_failures
from tagsmith.workflows.listing import runs
from tagsmith.workflows.models import Run
from tagsmith.workflows.selectors import Progress, progress_of

RUNS, FAILED, NEWEST = 6, 20, 8


@only(Role.VIEWER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for whoever is signed in, and what happened last in what they may see."""
    scope, person = scope_for(request), person_of(request)
    models = in_order(overview(), lambda row: row.model.title)
    tell_failures(row.model for row in models)
    context = {
        "held": _held(scope),
        "newest": newest(scope, size=NEWEST).assets,
        "failed": _failed(scope),
        "runs": _runs(scope),
        "root": live_folders(scope).filter(path="").first(),
        "waiting": sum(one.count for one in counts(scope)) if person.may(Role.EDITOR) else 0,
        "training": [row for row in models if row.status is Status.PENDING],
        "broken": [row for row in models if row.status is Status.FAILED],
        "corrected": [row for row in models if row.waiting.promoted or row.waiting.rejected],
        "groups": groups_waiting(scope) if person.may(Role.TRAINER) else 0,
        "models": len(models),
        **(acts_of(request) if person.may(Role.EDITOR) else {}),
        "queue": condition() if person.may(Role.ADMINISTRATOR) else None,
    }
    return render(request, "web/home.html", context)


def _held(scope: Scope) -> dict[str, Any]:
    held = live_assets(scope)
    preparing = held.filter(state=State.NEW).count()  # asked for apart: both have an index that answers alone
    return {**held.aggregate(assets=Count("pk"), bytes=Sum("size", default=0)), "preparing": preparing}


def _failed(scope: Scope) -> list[Asset]:
    return list(live_assets(scope).filter(state=State.FAILED).order_by("-pk")[:FAILED])


def _runs(scope: Scope) -> list[tuple[Run, Progress]]:
    shown = runs(scope, size=RUNS).runs
    progress = progress_of(shown, timezone.now())
    return [(run, progress[run.pk]) for run in shown]
