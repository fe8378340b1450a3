"""What is done to the selected assets at once: tagging, moving, downloading, deleting; and taking that back."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagsmith.accounts.models import Role
from tagsmith.assets.download import zip_of
from tagsmith.assets.services.assets import move_assets, refuse_clash
from tagsmith.assets.services.trash import trash_assets, undo_trashing
from tagsmith.assets.services.undo_moves import undo_moves
from tagsmith.bulk.doing import HOW
from tagsmith.bulk.models import Kind
from tagsmith.bulk.services import AT_ONCE
from tagsmith.errors import BadInputError
from tagsmith.tagging import moderation
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.web import said
from tagsmith.web.doing import in_background, undone_in_background
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ANY, back_to, selected_assets
from tagsmith.web.surroundings import storage
from tagsmith.web.views.folders import folder_typed


@only(Role.EDITOR)
@require_POST
def tag(request: HttpRequest) -> HttpResponse:
    """Set, remove, promote or allow a tag on the selected assets."""
    act = HOW.get(request.POST.get("act", ""))
    if act is None:
        raise BadInputError(_("say what to do with the tag"))
    meant, assets, unit = tag_meant(request.POST.get("tag", "")), selected_assets(request, ANY), uuid4()
    if len(assets) > AT_ONCE:
        return in_background(request, Kind.TAG, assets, how=request.POST["act"], tag=meant.pk, key=meant.key)
    changed = act(scope_for(request), actor_of(request), assets, meant, unit)
    notify(request, said.tagged(meant.key, changed), undo=reverse("library-undo", args=(unit,)) if changed else "")
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Put the selected assets into another folder."""
    scope, unit = scope_for(request), uuid4()
    into = folder_typed(scope, request.POST.get("into", ""))
    assets = selected_assets(request, ANY)
    if len(assets) > AT_ONCE:
        refuse_clash(scope, assets, into)
        return in_background(request, Kind.MOVE, assets, into=into.pk)
    count = move_assets(scope, actor_of(request), assets, into.pk, unit)
    undo, link = reverse("library-undo-move", args=(unit,)) if count else "", reverse("library-folder", args=(into.pk,))
    notify(request, said.moved(count), undo=undo, link=link, label=_("Show the folder"))
    return redirect(back_to(request))


@only(Role.VIEWER)
@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """Send the selected originals as one zip, written while it is sent."""
    blocks = zip_of(scope_for(request), selected_assets(request), storage())
    answer = StreamingHttpResponse(blocks, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="tagsmith.zip"'
    return answer


@only(Role.EDITOR)
@require_POST
def trash(request: HttpRequest) -> HttpResponse:
    """Put the selected assets into the trash."""
    assets = selected_assets(request, ANY)
    if len(assets) > AT_ONCE:
        return in_background(request, Kind.TRASH, assets)
    unit = trash_assets(scope_for(request), actor_of(request), assets)
    notify(request, said.trashed(len(assets)), undo=reverse("library-restore", args=(unit,)))
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back what somebody did to tags as one unit."""
    if begun := undone_in_background(request, Kind.UNDO_TAG, unit):
        return begun
    notify(request, said.untagged(moderation.undo_moderation(scope_for(request), actor_of(request), unit)))
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def undo_move(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Put back what somebody moved or renamed as one unit."""
    if begun := undone_in_background(request, Kind.UNDO_MOVE, unit):
        return begun
    undone = undo_moves(scope_for(request), actor_of(request), unit)
    notify(request, said.moved_back(undone.count, undone.left))
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def restore(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back out of the trash what was put in as one unit."""
    if begun := undone_in_background(request, Kind.UNDO_TRASH, unit):
        return begun
    undo_trashing(scope_for(request), actor_of(request), unit)
    notify(request, said.restored())
    return redirect(back_to(request))
