"""The trash: what is in it, taking it back out, and emptying it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import LIVE, Asset
from tagsmith.assets.selectors.assets import trashed_assets
from tagsmith.assets.selectors.folders import trashed_folders
from tagsmith.assets.services.trash import empty_trash, restore_assets, restore_folder
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import numbers
from tagsmith.web.surroundings import storage

SIZE = 60


@only(Role.EDITOR)
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """Show the folders and the assets in the trash."""
    scope, after = scope_for(request), request.GET.get("after", "")
    context = {
        "folders": [] if after else trashed_folders(scope),
        "page": trashed_assets(scope, after=after, size=SIZE),
        "count": scope.assets(Asset.objects.filter(~LIVE)).count(),
        "after": after,
    }
    return render(request, "web/library/trash.html", context)


@only(Role.EDITOR)
@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """Take some assets, or a folder with what went with it, back out of the trash."""
    scope, actor = scope_for(request), actor_of(request)
    for folder in numbers(request.POST.getlist("folder")):
        restore_folder(scope, actor, folder)
    restore_assets(scope, actor, numbers(request.POST.getlist("asset")))
    notify(request, _("Taken back out of the trash."))
    return redirect("library-trash")


@only(Role.ADMINISTRATOR)
@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Delete what is in the trash for good."""
    gone = empty_trash(scope_for(request), actor_of(request), storage())
    said = ngettext("%(count)s asset is gone for good.", "%(count)s assets are gone for good.", gone.assets)
    notify(request, said % {"count": gone.assets})
    return redirect("library-trash")
