"""Changing the metadata of the selected assets: what to do, a look at what that changes, saving, and taking it back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.selectors.metadata import together
from tagsmith.assets.services.bulk_edit import edit_assets, preview_edits, undo_edits
from tagsmith.bulk.doing import edits_as_stored
from tagsmith.bulk.models import Kind
from tagsmith.bulk.services import AT_ONCE
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.web import said
from tagsmith.web.doing import in_background, undone_in_background
from tagsmith.web.edit_form import LABELS, EditForm
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ANY, back_to, selected_assets, sent
from tagsmith.web.views.metadata.shown import outlook_shown

LONGEST_ADDRESS = 2000  # characters that every server and browser takes
SHOWN = 12


@only(Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Ask what to change, say what that would do (`do=look`), and do it (`do=save`)."""
    step = request.POST.get("do", "")
    if request.method == "POST" and not step and (address := _address(request)):
        return redirect(address)
    assets = selected_assets(request, ANY)
    form = EditForm(request.POST if step else None)
    if step in {"look", "save"} and form.is_valid():
        try:
            return _save(request, form, assets) if step == "save" else _look(request, form, assets)
        except BadInputError as error:
            form.add_error(None, phrase(error))
    now = together(scope_for(request), assets)
    context = {"form": form, "together": now, "lines": list(form.lines(now))}
    return render(request, "web/metadata/edit.html", context | _common(request, assets))


@only(Role.EDITOR)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back what was changed as one unit, by a form or by a file."""
    if begun := undone_in_background(request, Kind.UNDO_EDIT, unit):
        return begun
    undone = undo_edits(scope_for(request), actor_of(request), unit)
    notify(request, said.edits_undone(undone.count, undone.left))
    return redirect(back_to(request))


def _save(request: HttpRequest, form: EditForm, assets: list[int]) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if len(assets) > AT_ONCE:
        return in_background(request, Kind.EDIT, assets, edits=edits_as_stored(form.edits()), seen=seen)
    try:
        done = edit_assets(scope_for(request), actor_of(request), assets, form.edits(), seen=seen)
    except ConflictError as error:
        return _look(request, form, assets, phrase(error))
    notify(request, said.edited(done.count), undo=reverse("library-undo-edit", args=(done.unit,)))
    return redirect(back_to(request))


def _look(request: HttpRequest, form: EditForm, assets: list[int], problem: str = "") -> HttpResponse:
    found = preview_edits(scope_for(request), assets, form.edits())
    context = {"form": form, "found": found, "shown": outlook_shown(found, LABELS), "problem": problem}
    return render(request, "web/metadata/look.html", context | _common(request, assets))


def _common(request: HttpRequest, assets: list[int]) -> dict[str, Any]:
    """Return the selection, as the page shows it and hands it on: in one field, as many fields are refused."""
    some = Asset.objects.filter(pk__in=assets[:SHOWN]).select_related("folder").order_by("pk")
    whole = sent(request).get("all", "")
    return {
        "count": len(assets),
        "some": some,
        "whole": whole,
        "numbers": "" if whole else ",".join(map(str, assets)),
        "next": back_to(request),
        "folder": whole if whole.isdigit() else "",
    }


def _address(request: HttpRequest) -> str:
    """Return where the same selection is asked for by address, so that it can be reloaded; nothing if it is long."""
    whole, chosen = request.POST.get("all", ""), ",".join(request.POST.getlist("asset"))
    address = f"{reverse('library-edit')}?{urlencode({'all': whole} if whole else {'asset': chosen}, safe=',')}"
    return address if len(address) <= LONGEST_ADDRESS else ""
