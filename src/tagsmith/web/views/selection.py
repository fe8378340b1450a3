"""What is done to the selected assets at once: tagging, moving, downloading, deleting; and taking that back."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tagsmith.accounts.models import Role
from tagsmith.assets.download import zip_of
from tagsmith.assets.services.assets import move_assets
from tagsmith.assets.services.trash import trash_assets, undo_trashing
from tagsmith.assets.services.undo_moves import undo_moves
from tagsmith.errors import BadInputError
from tagsmith.tagging import moderation
from tagsmith.taxonomy.meaning import tag_meant
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import back_to, selected_assets
from tagsmith.web.surroundings import storage
from tagsmith.web.views.folders import folder_typed

ACTS = {
    "set": moderation.set_tag,
    "remove": moderation.remove,
    "promote": moderation.promote,
    "allow": moderation.allow_again,
}


@only(Role.EDITOR)
@require_POST
def tag(request: HttpRequest) -> HttpResponse:
    """Set, remove, promote or allow a tag on the selected assets."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadInputError(_("say what to do with the tag"))
    meant, assets, unit = tag_meant(request.POST.get("tag", "")), selected_assets(request), uuid4()
    changed = act(scope_for(request), actor_of(request), assets, meant, unit)
    if changed:
        said = ngettext("%(tag)s: %(count)s asset changed.", "%(tag)s: %(count)s assets changed.", changed)
        notify(request, said % {"tag": meant.key, "count": changed}, undo=reverse("library-undo", args=(unit,)))
    else:
        notify(request, _("%(tag)s: nothing to change on these assets.") % {"tag": meant.key})
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Put the selected assets into another folder."""
    scope, unit = scope_for(request), uuid4()
    into = folder_typed(scope, request.POST.get("into", ""))
    count = move_assets(scope, actor_of(request), selected_assets(request), into.pk, unit)
    said = ngettext("%(count)s asset was moved.", "%(count)s assets were moved.", count) % {"count": count}
    undo = reverse("library-undo-move", args=(unit,)) if count else ""
    notify(request, said, undo=undo, link=reverse("library-folder", args=(into.pk,)), label=_("Show the folder"))
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
    assets = selected_assets(request)
    unit = trash_assets(scope_for(request), actor_of(request), assets)
    said = ngettext("%(count)s asset is in the trash.", "%(count)s assets are in the trash.", len(assets))
    notify(request, said % {"count": len(assets)}, undo=reverse("library-restore", args=(unit,)))
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back what somebody did to tags as one unit."""
    count = moderation.undo_moderation(scope_for(request), actor_of(request), unit)
    notify(request, ngettext("Undone on %(count)s tag.", "Undone on %(count)s tags.", count) % {"count": count})
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def undo_move(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Put back what somebody moved or renamed as one unit."""
    undone = undo_moves(scope_for(request), actor_of(request), unit)
    said = [_("It is back where it was.") if undone.count else _("Nothing was put back.")]
    if undone.left:
        left = ngettext("%(count)s stays: it was moved since.", "%(count)s stay: they were moved since.", undone.left)
        said.append(left % {"count": undone.left})
    notify(request, " ".join(said))
    return redirect(back_to(request))


@only(Role.EDITOR)
@require_POST
def restore(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back out of the trash what was put in as one unit."""
    undo_trashing(scope_for(request), actor_of(request), unit)
    notify(request, _("Taken back out of the trash."))
    return redirect(back_to(request))
