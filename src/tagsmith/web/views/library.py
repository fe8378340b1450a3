"""Looking around: everything with the newest first, and one folder, as a grid or a list beside the folder tree."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import Page, newest, newest_in
from tagsmith.assets.selectors.folders import get_folder, live_folders
from tagsmith.assets.selectors.tree import branches_in, tree_to, way_to
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ALL

SIZE = 60
LIST = "list"


@only(Role.VIEWER)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show all assets, the newest first."""
    scope = scope_for(request)
    page = newest(scope, after=request.GET.get("after", ""), size=SIZE)
    return _browse(request, scope, page, {"whole": ALL, "may_add": scope.covers("")})


@only(Role.VIEWER)
@require_safe
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Show the assets directly in a folder, and the folders there."""
    scope = scope_for(request)
    shown = get_folder(scope, folder_id)
    context = {
        "folder": shown,
        "way": folders_above(scope, shown),
        "folders": live_folders(scope).filter(parent=shown).order_by("folded"),
        "whole": shown.pk,
        "may_add": True,
    }
    page = newest_in(scope, shown, after=request.GET.get("after", ""), size=SIZE)
    return _browse(request, scope, page, context)


@only(Role.VIEWER)
@require_safe
def branch(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Show the folders directly in a folder, for the tree."""
    scope = scope_for(request)
    branches = branches_in(scope, get_folder(scope, folder_id))
    return render(request, "web/library/branches.html", {"branches": branches, "kept": _kept(request)})


def folders_above(scope: Scope, folder: Folder) -> list[Folder]:
    """Return the folders on the way to this one that the caller may see, the topmost first, without the root."""
    return list(live_folders(scope).filter(path__in=way_to(folder)[:-1]).order_by("path"))


def _browse(request: HttpRequest, scope: Scope, page: Page, context: dict[str, Any]) -> HttpResponse:
    shown = context.get("folder")
    common = {
        "page": page,
        "after": request.GET.get("after", ""),
        "as_list": request.GET.get("view") == LIST,
        "kept": _kept(request),
        "branches": tree_to(scope, shown),
    }
    return render(request, "web/library/browse.html", {**common, **context})


def _kept(request: HttpRequest) -> str:
    """Return what links to other folders and pages keep of this address."""
    return "view=list" if request.GET.get("view") == LIST else ""
