"""Runs: the list, one of them, and steering it."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.audit.selectors import Which, changes
from tagsmith.errors import BadInputError
from tagsmith.operations.changes import who_did
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, is_partial, scope_for
from tagsmith.web.roles import only
from tagsmith.workflows import jobs, services
from tagsmith.workflows.listing import failed_assets, get_run
from tagsmith.workflows.listing import runs as runs_of
from tagsmith.workflows.models import Run, Status
from tagsmith.workflows.selectors import Progress, progress_of

MOVING = (Status.QUEUED, Status.RUNNING)
ACTS = {
    "pause": (services.pause, gettext_lazy("The run rests after what is being done.")),
    "resume": (jobs.resume_run, gettext_lazy("The run goes on.")),
    "cancel": (services.cancel, gettext_lazy("The run is cancelled. What it did stays; it can be undone.")),
    "retry": (jobs.retry_run, gettext_lazy("What failed is done again.")),
}


@dataclass(frozen=True)
class Shown:
    """A run, how it is going, and what can be done with it."""

    run: Run
    now: Progress

    @property
    def is_moving(self) -> bool:
        """Whether it will have come further in a moment."""
        return self.run.status in MOVING

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.run.status in services.OPEN

    @property
    def can_undo(self) -> bool:
        """Whether what it changed can be taken back."""
        return not self.is_open and not self.run.undone and not self.run.forgotten and self.now.changes > 0


@only(Role.VIEWER)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """Show the runs; the list alone is fetched again while one of them is under way."""
    after = request.GET.get("after", "")
    page = runs_of(scope_for(request), after=after)
    shown = _shown(page.runs)
    context = {
        "tab": "runs",
        "runs": shown,
        "after": after,
        "next": page.after,
        "is_moving": any(one.is_moving for one in shown),
    }
    return render(request, "web/workflows/rows.html" if is_partial(request) else "web/workflows/runs.html", context)


@only(Role.VIEWER)
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run; its figures alone are fetched again while it is under way."""
    scope = scope_for(request)
    shown = _shown([get_run(scope, run_id)])[0]
    context = {
        "tab": "runs",
        "shown": shown,
        "run": shown.run,
        "started_by": partial(_started_by, run_id),  # asked for by the whole page alone
        "folders": live_folders(scope).filter(pk__in=shown.run.folders).order_by("path"),
        "failed": failed_assets(scope, shown.run) if shown.now.failed else [],
    }
    return render(request, "web/workflows/figures.html" if is_partial(request) else "web/workflows/run.html", context)


def _started_by(run_id: int) -> str:
    """Return who started a run, a person or a machine in words; empty if the log does not go back so far."""
    starts = changes(Which(subject=services.SUBJECT, subject_id=run_id, action="start"), size=1).done
    return who_did(starts[0].entry) if starts else ""


@only(Role.EDITOR)
@require_POST
def steer(request: HttpRequest, run_id: int) -> HttpResponse:
    """Pause a run, let it go on, cancel it, or do again what failed of it."""
    found = get_run(scope_for(request), run_id)
    if request.POST.get("act") not in ACTS:
        raise BadInputError(_("say what to do with the run"))
    act, said = ACTS[request.POST["act"]]
    act(actor_of(request), found)
    notify(request, said)
    return redirect("workflows-run", run_id)


@only(Role.EDITOR)
@require_POST
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take back what a run changed."""
    count = services.undo_run(actor_of(request), get_run(scope_for(request), run_id))
    said = ngettext("%(count)s smart tag was taken back.", "%(count)s smart tags were taken back.", count)
    notify(request, said % {"count": count})
    return redirect("workflows-run", run_id)


def _shown(runs: list[Run]) -> list[Shown]:
    going = progress_of(runs, timezone.now())
    return [Shown(one, going[one.pk]) for one in runs]
