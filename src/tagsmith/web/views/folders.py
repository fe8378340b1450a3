"""Making, renaming, moving and deleting folders."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Folder
from tagsmith.assets.naming import checked_name, join
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import find_folder, folder_counts, get_folder
from tagsmith.assets.services.folders import create_folder, move_folder, rename_folder
from tagsmith.assets.services.trash import trash_folder
from tagsmith.errors import BadInputError, NotFoundError
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only


@only(Role.EDITOR)
@require_POST
def new(request: HttpRequest, folder_id: int | None = None) -> HttpResponse:
    """Make a folder in another, or at the top."""
    scope = scope_for(request)
    above = get_folder(scope, folder_id).path if folder_id else ""
    made = create_folder(scope, actor_of(request), join(above, checked_name(request.POST.get("name", ""))))
    return redirect("library-folder", made.pk)


@only(Role.EDITOR)
@require_POST
def rename(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Give a folder another name."""
    unit = uuid4()
    rename_folder(scope_for(request), actor_of(request), folder_id, request.POST.get("name", ""), unit)
    notify(request, _("The folder was renamed."), undo=reverse("library-undo-move", args=(unit,)))
    return redirect("library-folder", folder_id)


@only(Role.EDITOR)
@require_POST
def move(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Put a folder into another."""
    scope, unit = scope_for(request), uuid4()
    into = folder_typed(scope, request.POST.get("into", ""))
    move_folder(scope, actor_of(request), folder_id, into.pk, unit)
    notify(request, _("The folder was moved."), undo=reverse("library-undo-move", args=(unit,)))
    return redirect("library-folder", folder_id)


@only(Role.EDITOR)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, folder_id: int) -> HttpResponse:
    """Say what deleting a folder takes along, and put it into the trash."""
    scope = scope_for(request)
    shown = get_folder(scope, folder_id)
    if request.method == "POST":
        unit = trash_folder(scope, actor_of(request), folder_id)
        said = _("%(name)s is in the trash.") % {"name": shown.name}
        notify(request, said, undo=reverse("library-restore", args=(unit,)))
        return redirect("library-folder", shown.parent_id) if _is_seen(scope, shown) else redirect("library")
    context = {"folder": shown, "counts": folder_counts(scope, folder_id)}
    return render(request, "web/library/delete_folder.html", context)


def folder_typed(scope: Scope, path: str) -> Folder:
    """Return the folder that somebody typed the path of; raises BadInputError if there is none for them."""
    clean = path.strip().strip("/")
    try:
        return find_folder(scope, clean)
    except NotFoundError:
        raise BadInputError("there is no folder {path}", path=clean or "/") from None


def _is_seen(scope: Scope, folder: Folder) -> bool:
    """Whether the folder above is one that the caller has a page for."""
    above = folder.path.rpartition("/")[0]
    return bool(above) and scope.covers(above)
