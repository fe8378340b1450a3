"""The assets that a request is about: some by number, or all of a folder or of the library."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.errors import BadInputError
from tagsmith.web.requests import scope_for

ALL = "library"
MOST = 5000  # what a page's request can do before a browser gives up


def selected_assets(request: HttpRequest) -> list[int]:
    """Return the numbers of the assets that the caller chose and may see.

    Raises
    ------
    BadInputError
        There are none, or more than one request can do.
    NotFoundError
        All of a folder are meant that is not there for this caller.
    """
    scope, whole = scope_for(request), request.POST.get("all", "")
    rows = live_assets(scope).order_by("pk")
    if not whole:
        rows = rows.filter(pk__in=numbers(request.POST.getlist("asset")))
    elif whole != ALL:
        rows = rows.filter(folder=get_folder(scope, numbers([whole])[0]))
    found = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if not found:
        raise BadInputError("no asset is selected")
    if len(found) > MOST:
        raise BadInputError(f"that is too much at once: select at most {MOST:,} assets")
    return found


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
