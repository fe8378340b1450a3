"""Collections: the list of them, one with its assets, and making, changing and deleting one."""

from typing import TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tagsmith.accounts.models import Role
from tagsmith.collecting import selectors, services
from tagsmith.collecting.models import Collection, Kept, SavedSearch
from tagsmith.collecting.naming import unquoted
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.search.editing import spelled
from tagsmith.search.parts import Field
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of, person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import COLLECTION
from tagsmith.web.views.collecting.forms import CollectionForm, KeptForm, SearchForm

SIZE = 60
K = TypeVar("K", bound=Kept)


@only(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """Show the collections that somebody sees, and make one."""
    person, after = person_of(request), request.GET.get("after", "")
    form = CollectionForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_collection(person, **form.cleaned_data)
        except (BadInputError, ConflictError) as error:
            form.add_error(None, phrase(error))
        else:
            return redirect("collections-collection", made.pk)
    page = selectors.collections(person, after=after)
    context = {
        "tab": "collections",
        "shelves": selectors.shelves(scope_for(request), page.rows),
        "many": selectors.MANY,
        "after": after,
        "next": page.after,
        "form": form,
    }
    return render(request, "web/collecting/collections.html", context)


@only(Role.VIEWER)
@require_safe
def collection(request: HttpRequest, number: int) -> HttpResponse:
    """Show a collection's assets, the first added first."""
    scope, person, after = scope_for(request), person_of(request), request.GET.get("after", "")
    shown = selectors.get_collection(person, number)
    context = {
        "collection": shown,
        "can_change": shown.may_be_changed_by(person),
        "count": selectors.assets_of(scope, shown).count(),
        "page": selectors.assets_in(scope, shown, after=after, size=SIZE),
        "after": after,
        "as_list": request.GET.get("view") == "list",
        "kept": "view=list" if request.GET.get("view") == "list" else "",
        "whole": f"{COLLECTION}:{shown.pk}",
    }
    return render(request, "web/collecting/collection.html", context)


@only(Role.VIEWER)
@require_safe
def search_in(request: HttpRequest, number: int) -> HttpResponse:
    """Go to the search for some words in a collection."""
    shown = selectors.get_collection(person_of(request), number)
    text = f"{request.GET.get('words', '')} {spelled(Field.COLLECTION, unquoted(shown.name))}".strip()
    return redirect(f"{reverse('search')}?{urlencode({'q': text})}")


@only(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Rename, describe or share a collection."""
    shown = _changeable(request, selectors.get_collection(person_of(request), number))
    form = CollectionForm(person_of(request), request.POST or None, initial=services.state(shown))
    if (answer := _changed(request, shown, form)) is not None:
        return answer
    back = reverse("collections-collection", args=(number,))
    return render(request, "web/collecting/change.html", {"kept_one": shown, "form": form, "back": back})


@only(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def change_search(request: HttpRequest, number: int) -> HttpResponse:
    """Rename, reword or share a saved search."""
    shown = _changeable(request, selectors.get_saved_search(person_of(request), number))
    form = SearchForm(person_of(request), request.POST or None, initial=services.state(shown))
    if (answer := _changed(request, shown, form)) is not None:
        return answer
    back = reverse("collections-searches")
    return render(request, "web/collecting/change.html", {"kept_one": shown, "form": form, "back": back})


@only(Role.VIEWER)
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a collection; its assets stay in the library."""
    return _deleted(request, selectors.get_collection(person_of(request), number), "collections")


@only(Role.VIEWER)
@require_POST
def delete_search(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a saved search."""
    return _deleted(request, selectors.get_saved_search(person_of(request), number), "collections-searches")


def _changeable(request: HttpRequest, kept: K) -> K:
    """Return what somebody sees if they may change it, else refuse."""
    if not kept.may_be_changed_by(person_of(request)):
        raise PermissionDenied
    return kept


def _changed(request: HttpRequest, kept: Kept, form: KeptForm) -> HttpResponse | None:
    """Change what a form says, and return where to go on; None if there is nothing to change, or it was refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        unit = services.change(actor_of(request), kept, **form.cleaned_data)
    except (BadInputError, ConflictError) as error:
        form.add_error(None, phrase(error))
        return None
    notify(request, _("Saved."), undo=reverse("collections-undo", args=(unit,)) if unit else "")
    if isinstance(kept, Collection):
        return redirect("collections-collection", kept.pk)
    return redirect("collections-searches")


def _deleted(request: HttpRequest, kept: SavedSearch | Collection, then: str) -> HttpResponse:
    unit = services.delete(actor_of(request), _changeable(request, kept))
    notify(request, _("%(name)s was deleted.") % {"name": kept.name}, undo=reverse("collections-undo", args=(unit,)))
    return redirect(then)
