"""Putting assets into collections and taking them out, from wherever assets are selected."""

from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.collecting import selectors, undoing
from tagsmith.collecting.models import Collection
from tagsmith.collecting.picking import MOST, add_assets, remove_assets
from tagsmith.collecting.services import create_collection
from tagsmith.web.notices import notify
from tagsmith.web.requests import actor_of, person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import ANY, back_to, numbers, selected_assets


@only(Role.VIEWER)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the collections that somebody may put assets into, those changed last first, and a new one."""
    context = {"collections": selectors.changeable_collections(person_of(request))}
    return render(request, "web/collecting/choose.html", context)


@only(Role.VIEWER)
@require_safe
def of_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show the collections that an asset is in."""
    person = person_of(request)
    rows = selectors.collections_with(scope_for(request), person, asset_id)
    context = {"asset_id": asset_id, "rows": [(row, row.may_be_changed_by(person)) for row in rows]}
    return render(request, "web/collecting/of_asset.html", context)


@only(Role.VIEWER)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put the selected assets into a collection, or into one that is made for them."""
    assets, unit = selected_assets(request, MOST), uuid4()
    with transaction.atomic():
        into = _into(request, unit)
        count = add_assets(scope_for(request), actor_of(request), into, assets, unit)
    said = ngettext("%(count)s asset was added to %(name)s.", "%(count)s assets were added to %(name)s.", count) % {
        "count": count,
        "name": into.name,
    }
    link = reverse("collections-collection", args=(into.pk,))
    undo = reverse("collections-undo", args=(unit,))
    if not count:
        said, undo = _("All of them are in %(name)s already.") % {"name": into.name}, ""
    notify(request, said, undo=undo, link=link, label=_("Show"))
    return redirect(back_to(request))


@only(Role.VIEWER)
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take the selected assets out of a collection; they stay in the library."""
    collection, unit = selectors.get_collection(person_of(request), number), uuid4()
    assets = selected_assets(request, ANY)
    count = remove_assets(scope_for(request), actor_of(request), collection, assets, unit)
    said = ngettext(
        "%(count)s asset was taken out of %(name)s.", "%(count)s assets were taken out of %(name)s.", count
    ) % {"count": count, "name": collection.name}
    notify(request, said, undo=reverse("collections-undo", args=(unit,)) if count else "")
    return redirect(back_to(request))


@only(Role.VIEWER)
@require_POST
def undo(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take back what somebody did to a collection or to a saved search."""
    back = undoing.undo(actor_of(request), unit)
    notify(request, _("%(name)s is as it was before.") % {"name": back.name})
    return redirect(back_to(request))


def _into(request: HttpRequest, unit: UUID) -> Collection:
    """Return the chosen collection, or make the new one that was named, as a part of the unit."""
    chosen = request.POST.get("collection", "")
    if chosen:
        return selectors.get_collection(person_of(request), numbers([chosen])[0])
    name, shared = request.POST.get("name", ""), "shared" in request.POST
    return create_collection(person_of(request), name, shared=shared, unit=unit)
