"""Looking around: everything with the newest first, and one folder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import newest, newest_in
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only

SIZE = 60


@only(Role.VIEWER)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show the topmost folders, and all assets, the newest first."""
    scope, after = scope_for(request), request.GET.get("after", "")
    context = {"folders": _top(scope), "page": newest(scope, after=after, size=SIZE), "after": after}
    return render(request, "web/library.html", context)


@only(Role.VIEWER)
@require_safe
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Show the folders and the assets directly in a folder."""
    scope, after = scope_for(request), request.GET.get("after", "")
    shown = get_folder(scope, folder_id)
    context = {
        "folder": shown,
        "way": folders_above(scope, shown),
        "folders": live_folders(scope).filter(parent=shown).order_by("folded"),
        "page": newest_in(scope, shown, after=after, size=SIZE),
        "after": after,
    }
    return render(request, "web/folder.html", context)


def folders_above(scope: Scope, folder: Folder) -> list[Folder]:
    """Return the folders on the way to this one that the caller may see, the topmost first, without the root."""
    steps = folder.path.split("/")[:-1]
    paths = ["/".join(steps[: count + 1]) for count in range(len(steps))]
    return list(live_folders(scope).filter(path__in=paths).order_by("path"))


def _top(scope: Scope) -> list[Folder]:
    folders = live_folders(scope)
    top = folders.filter(parent__path="") if scope.covers("") else folders.filter(path__in=scope.tops())
    return list(top.order_by("folded", "pk"))
