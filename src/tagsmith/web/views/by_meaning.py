"""Searching by meaning: what shows what a phrase says, where the encoder reads text."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.embeddings.reading import reads, unread
from tagsmith.embeddings.serving import serving_encoder
from tagsmith.errors import BadInputError, EncoderError
from tagsmith.search.meaning import MOST_CHARACTERS
from tagsmith.search.meaning import by_meaning as find
from tagsmith.web.nearest import page_of, wanted
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import scope_for
from tagsmith.web.roles import only


@only(Role.VIEWER)
@require_safe
def by_meaning(request: HttpRequest) -> HttpResponse:
    """Ask what the images are to show, and show what comes nearest to it; or say that the encoder does not read."""
    encoder = serving_encoder()
    if encoder is not None and not reads(encoder):
        return render(request, "web/by_meaning/unread.html", {"why": phrase(unread(encoder))})
    said = request.GET.get("q")
    context = {"said": said or "", "most_characters": MOST_CHARACTERS}
    if said is None:
        return render(request, "web/by_meaning/page.html", context)
    try:
        found = find(scope_for(request), said, count=wanted(request))
    except (BadInputError, EncoderError) as error:
        return render(request, "web/by_meaning/page.html", {**context, "problem": phrase(error)})
    hits, paging = page_of(request, found.hits)
    answer = {"kept": urlencode({"q": said}), "is_cut": found.is_cut, "is_asked": True, "hits": hits}
    return render(request, "web/by_meaning/page.html", {**context, **paging, **answer})
