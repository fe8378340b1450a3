"""One asset: its page, its metadata, and the parts of the page that take longer."""

from collections.abc import Collection
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import beside, duplicates_of, get_asset, versions_of
from tagsmith.assets.selectors.likeness import near_duplicates
from tagsmith.assets.services.assets import edit_asset, rename_asset
from tagsmith.embeddings.neighbours import similar
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.training.models import Example
from tagsmith.web.asset_form import AssetForm, differences, written
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.shown_tags import tags_of
from tagsmith.web.titles import called, in_order, told
from tagsmith.web.views.library import folders_above
from tagsmith.workflows.timeline import timeline as timeline_of

ALIKE, EVENTS = 12, 20


@only(Role.VIEWER, to_change=Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show an asset large, with its metadata and tags; with `?edit=1` its metadata can be changed."""
    scope = scope_for(request)
    shown = get_asset(scope, asset_id)
    if request.method != "POST":
        is_editing = "edit" in request.GET and person_of(request).may(Role.EDITOR)
        return _page(request, shown, AssetForm(initial=written(shown)) if is_editing else None)
    form = AssetForm(request.POST)
    if form.is_valid():
        try:
            edit_asset(scope, actor_of(request), asset_id, form.changes(shown), revision=form.cleaned_data["revision"])
        except BadInputError as error:
            form.add_error(None, phrase(error))
        except ConflictError as error:
            return _page(request, shown, _again(form, shown, phrase(error)), differences(form, shown))
        else:
            notify(request, _("Saved."))
            return redirect("asset", asset_id)
    return _page(request, shown, form)


@only(Role.EDITOR)
@require_POST
def rename(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Give an asset another name in its folder."""
    scope, unit = scope_for(request), uuid4()
    before = get_asset(scope, asset_id).name
    renamed = rename_asset(scope, actor_of(request), asset_id, request.POST.get("name", ""), unit)
    undo = reverse("library-undo-move", args=(unit,)) if renamed.name != before else ""
    notify(request, _("Saved."), undo=undo)
    return redirect("asset", asset_id)


@only(Role.VIEWER)
@require_safe
def alike(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show the copies of an asset, and what looks like it."""
    scope = scope_for(request)
    copies = duplicates_of(scope, asset_id)
    known = {copy.pk for copy in copies}
    near = [one.asset for one in near_duplicates(scope, asset_id, size=ALIKE) if one.asset.pk not in known]
    known |= {one.pk for one in near}
    others = _similar(scope, asset_id, without=known)
    context = {"asset_id": asset_id, "copies": copies[:ALIKE], "near": near, "similar": others[:ALIKE]}
    return render(request, "web/asset/alike.html", context)


@only(Role.VIEWER)
@require_safe
def timeline(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show what happened to an asset, a part at a time."""
    page = timeline_of(scope_for(request), asset_id, after=request.GET.get("after", ""), size=EVENTS)
    events = [(event.at, said) for event, said in zip(page.events, told(page.events), strict=True)]
    return render(request, "web/asset/timeline.html", {"asset_id": asset_id, "events": events, "next": page.after})


def way_of(scope: Scope, asset: Asset) -> dict[str, Any]:
    """Return where an asset lies, and its neighbours there: what each of its pages shows."""
    way = [*folders_above(scope, asset.folder), *([asset.folder] if asset.folder.path else [])]
    before, after = beside(scope, asset.pk)
    return {"asset": asset, "way": way, "before": before and before.pk, "next": after and after.pk}


def _similar(scope: Scope, asset_id: int, *, without: Collection[int]) -> list[Asset]:
    if serving_encoder() is None:  # nothing has a vector yet; that is no reason to fetch an encoder
        return []
    found = similar(scope, asset_id, count=ALIKE + len(without))
    return [one.asset for one in found if one.asset.pk not in without]


def _page(
    request: HttpRequest, asset: Asset, form: AssetForm | None, stored: list[tuple[str, str]] | None = None
) -> HttpResponse:
    scope = scope_for(request)
    teaches = in_order(Example.objects.filter(asset=asset).select_related("model", "tag"), lambda one: one.model.title)
    context = {
        **way_of(scope, asset),
        "tags": tags_of(asset, get_language() or "en"),
        "teaches": teaches,
        "titles": called(example.tag for example in teaches),
        "versions": versions_of(scope, asset.pk),
        "form": form,
        "stored": stored,
    }
    return render(request, "web/asset/page.html", context)


def _again(form: AssetForm, asset: Asset, message: str) -> AssetForm:
    """Return the form with what was typed, which now can be saved over what somebody else saved meanwhile."""
    again = AssetForm({**dict(form.data.items()), "revision": asset.revision})
    again.add_error(None, message)
    return again
