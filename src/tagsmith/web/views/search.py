"""Searching."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.search import selectors
from tagsmith.search.reasons import Reason
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only

SIZE = 60


@only(Role.VIEWER)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found, in the order of the tiers, each hit with why it matched."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = selectors.search(scope_for(request), text, after=after, size=SIZE) if text else None
    if found:
        found = replace(found, hits=[replace(hit, why=_told_once(hit.why)) for hit in found.hits])
    context = {"text": text, "kept": urlencode({"q": text}), "after": after, "found": found}
    return render(request, "web/search.html", context)


def _told_once(why: Iterable[Reason]) -> tuple[Reason, ...]:
    """Leave out what reads the same: a tag that two words find is one reason."""
    return tuple({(one.title or one.term, one.where, one.confidence): one for one in why}.values())
