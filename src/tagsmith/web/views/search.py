"""Searching."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.search import selectors
from tagsmith.web.requests import scope_for

SIZE = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found, in the order of the tiers, each hit with why it matched."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = selectors.search(scope_for(request), text, after=after, size=SIZE) if text else None
    context = {"text": text, "kept": urlencode({"q": text}), "after": after, "found": found}
    return render(request, "web/search.html", context)
