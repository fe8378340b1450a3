"""Pages of assets in order of how near they come to what was asked for; they end where all are far from it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from tagsmith.embeddings.neighbours import Similar
from tagsmith.web.selected import numbers

SIZE, PAGES = 60, 5


def wanted(request: HttpRequest) -> int:
    """Return how many hits to look for: all up to the page's end, and one to know whether there are more."""
    return (_pages_before(request) + 1) * SIZE + 1


def page_of(request: HttpRequest, found: Sequence[Similar]) -> tuple[Sequence[Similar], dict[str, Any]]:
    """Return a page of what was found, and what its template is to know of the others.

    `after` in the address is how many pages come before it.
    """
    before = _pages_before(request)
    more = len(found) > (before + 1) * SIZE
    is_last = before == PAGES - 1
    paging = {"before": before, "next": before + 1 if more and not is_last else None, "is_end": more and is_last}
    return found[before * SIZE : (before + 1) * SIZE], {**paging, "most": PAGES * SIZE}


def _pages_before(request: HttpRequest) -> int:
    return min(numbers([request.GET.get("after", "0")])[0], PAGES - 1)
