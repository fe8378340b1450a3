"""Searching the library: one box, what people wrote first, then what machines saw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tagsmith.assets.scope import Scope
from tagsmith.search.hits import Hit, hits
from tagsmith.search.lexemes import Lexemes, spell_out
from tagsmith.search.parts import Note, Query, Term, TextFilter
from tagsmith.search.places import START, read, written
from tagsmith.search.prepared import COUNTED, Search
from tagsmith.search.query import parse
from tagsmith.search.restrictions import Restricting
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import TagWords, tag_words
from tagsmith.search.tiers import places
from tagsmith.search.totals import count

PAGE = 60


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are (`is_capped`: more than this), and the word that asks for the next page."""

    hits: list[Hit]
    total: int
    is_capped: bool
    after: str
    notes: tuple[Note, ...]


def search(scope: Scope, text: str, *, after: str = "", size: int = PAGE) -> Found:
    """Return a page of what a person finds with a text, in the order that `places` describes.

    Without words, everything that meets the filters is found, newest first. Phrases, fields and filters restrict
    every tier. So does what is excluded: `-shoe` leaves out assets with the word in their metadata, and those with
    a smart tag that the word finds. `created:` is when the image was taken or, where that is not known, imported.

    Raises
    ------
    LibraryError
        `after` is no word of ours.
    """
    place, total = read(after) if after else (START, None)
    with by_index():
        tags = tag_words()
        prepared = _prepared(scope, parse(text), tags)
        found, in_smart_tags = places(prepared, place, size + 1)
        if total is None:
            total = count(prepared, in_smart_tags) if len(found) > size else len(found)
        page = hits(found[:size], prepared, tags)
    more = written(found[size - 1], total) if len(found) > size else ""
    return Found(page, min(total, COUNTED), total > COUNTED, more, prepared.query.notes)


def _prepared(scope: Scope, query: Query, tags: TagWords) -> Search:
    """Return a search with what has to be looked up for it."""
    spelled, notes = spell_out(_terms(query))
    lexemes = Lexemes(tags.languages, spelled)
    return Search(
        query=replace(query, notes=(*query.notes, *notes)),
        restrictions=Restricting(tags, lexemes).of(scope, query),
        lexemes=lexemes,
        tags=tuple(tags.living(tags.finds(term)) for term in query.terms),
    )


def _terms(query: Query) -> Iterator[Term]:
    """Yield every term, wherever in the query it is."""
    for part in (*query.terms, *query.filters, *query.excluded):
        term = part.text if isinstance(part, TextFilter) else part
        if isinstance(term, Term):
            yield term
