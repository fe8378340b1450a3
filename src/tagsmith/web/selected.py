"""The assets that a request is about: some by number, or all of something that is named.

That is `library`, the number of a folder, `below:` and one for what lies below it too, `collection:` and a number, or
`search:` and what is in the search box. Numbers of assets may stand in one field, with commas between them: many
fields are refused.
"""

from collections.abc import Iterable
from itertools import islice

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.collecting.selectors import assets_of, get_collection
from tagsmith.errors import BadInputError
from tagsmith.search.members import found_by
from tagsmith.web.requests import person_of, scope_for

ALL, BELOW, COLLECTION, SEARCH = "library", "below", "collection", "search"
MOST = 5000  # what a page's request can do before a browser gives up
ANY = 10_000_000  # for what is done to a million assets in little more time than to one


def selected_assets(request: HttpRequest, most: int | None = None) -> list[int]:
    """Return the numbers of the assets that the caller chose and may see, `MOST` of them unless more can be done.

    Raises
    ------
    BadInputError
        There are none, or more than one request can do.
    NotFoundError
        All of something are meant that is not there for this caller.
    """
    most, whole = MOST if most is None else most, sent(request).get("all", "")
    some = _all_of(request, whole, most + 1) if whole else _named(request)
    found = list(islice(some, most + 1))
    if not found:
        raise BadInputError("no asset is selected")
    if len(found) > most:
        raise BadInputError("that is too much at once: select at most {most:,} assets", most=most)
    return found


def sent(request: HttpRequest) -> QueryDict:
    """Return what was sent, by whichever method."""
    return request.POST if request.method == "POST" else request.GET


def _named(request: HttpRequest) -> Iterable[int]:
    rows = live_assets(scope_for(request)).filter(pk__in=asset_numbers(sent(request)))
    return rows.order_by("pk").values_list("pk", flat=True)


def _all_of(request: HttpRequest, whole: str, most: int) -> Iterable[int]:
    scope, (kind, _, which) = scope_for(request), whole.partition(":")
    if kind == SEARCH:
        return found_by(scope, which, most)
    if kind == COLLECTION:
        return assets_of(scope, get_collection(person_of(request), numbers([which])[0]))[:most]
    rows = live_assets(scope)
    if kind == BELOW:
        rows = Scope((get_folder(scope, numbers([which])[0]).path,)).assets(rows)
    elif whole != ALL:
        rows = rows.filter(folder=get_folder(scope, numbers([whole])[0]))
    return rows.order_by("pk").values_list("pk", flat=True)[:most]


def asset_numbers(sent: QueryDict) -> list[int]:
    """Return the numbers of assets in a request: each in a field of its own, or several with commas between them."""
    return numbers([word for field in sent.getlist("asset") for word in field.split(",")])


def numbers(words: list[str]) -> list[int]:
    """Return the numbers of rows in a request; raises BadInputError for what can be none."""
    if not all(word.isascii() and word.isdigit() and len(word) < 19 for word in words):
        raise BadInputError("that is no number of an asset")
    return [int(word) for word in words]


def back_to(request: HttpRequest) -> str:
    """Return where the request wants to go, else the page that it came from, else the library."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    wanted = request.POST.get("next") or before
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("library")
