"""What happened to a folder and in it, as a page; an asset's timeline is a part of its own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.tagging.events import Event
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only
from tagsmith.web.titles import told
from tagsmith.web.views.library import folders_above
from tagsmith.workflows.timeline import folder_timeline


@only(Role.VIEWER)
@require_safe
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Show a folder's timeline, the latest first, with a way to start a run over it."""
    scope, after = scope_for(request), request.GET.get("after", "")
    shown = get_folder(scope, folder_id)
    page = folder_timeline(scope, folder_id, after=after)
    context = {
        "folder": shown,
        "way": [*folders_above(scope, shown), shown] if shown.path else [],
        "events": [
            (event.at, said, _run_of(event)) for event, said in zip(page.events, told(page.events), strict=True)
        ],
        "after": after,
        "next": page.after,
    }
    return render(request, "web/workflows/timeline.html", context)


def _run_of(event: Event) -> int | None:
    """Return the number of an event's run, if its title may be seen."""
    return event.details["run"] if event.details.get("title") else None
