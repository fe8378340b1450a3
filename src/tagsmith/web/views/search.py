"""Searching: what is found, what it can be narrowed by, and what is suggested while somebody types."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tagsmith.accounts.models import Role
from tagsmith.embeddings.reading import serving_reads
from tagsmith.search import selectors
from tagsmith.search.editing import filters_in, leaving_out
from tagsmith.search.facets import facets as facets_of
from tagsmith.search.prepared import COUNTED
from tagsmith.search.query import parse
from tagsmith.search.reasons import Reason
from tagsmith.search.suggesting import suggest
from tagsmith.taxonomy.suggesting import titles_of_keys
from tagsmith.web.facets import shown
from tagsmith.web.requests import person_of, scope_for
from tagsmith.web.roles import only
from tagsmith.web.selected import SEARCH
from tagsmith.web.titles import language

SIZE = 60


@only(Role.VIEWER)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found, in the order of the tiers, each hit with why it matched."""
    text, after = _text(request).strip(), request.GET.get("after", "")
    found = selectors.search(scope_for(request), text, after=after, size=SIZE) if text else None
    if found:
        titles = titles_of_keys((one.key for hit in found.hits for one in hit.why if one.key), language())
        found = replace(found, hits=[replace(hit, why=_told_once(hit.why, titles)) for hit in found.hits])
    query, reads, kept = parse(text), serving_reads(), urlencode({"q": text})
    has_words = bool(query.terms or query.phrases)
    chosen = [(piece.written, leaving_out(text, piece.query)) for piece in filters_in(text)]
    context = {
        "text": text,
        "kept": kept,
        "after": after,
        "found": found,
        "page": found,
        "has_words": has_words,
        "chosen": chosen,
        "whole": f"{SEARCH}:{text}",
        "offers_meaning": reads,
        "meant": f"{reverse('search-meaning')}?{kept}" if reads and has_words and not chosen else "",
    }
    return render(request, "web/search/page.html", context)


@only(Role.VIEWER)
@require_safe
def facets(request: HttpRequest) -> HttpResponse:
    """Show by what a search can be narrowed; fetched by its page, which does not wait for it."""
    text = _text(request)
    found = facets_of(scope_for(request), text, language())
    context = {"facets": shown(found, text), "found": found, "most": COUNTED}
    return render(request, "web/search/facets.html", context)


@only(Role.VIEWER)
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Suggest what may be meant by what is being typed."""
    found = suggest(person_of(request), scope_for(request), _text(request), language())
    return render(request, "web/search/suggestions.html", {"suggestions": found})


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:2000]


def _told_once(why: Iterable[Reason], titles: Mapping[str, str]) -> tuple[Reason, ...]:
    """Call tags by their titles, and leave out what reads the same: a tag that two words find is one reason."""
    called = [replace(one, title=titles.get(one.key, one.title)) for one in why]
    return tuple({(one.title or one.term, one.where, one.confidence): one for one in called}.values())
