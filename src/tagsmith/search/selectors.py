"""Searching the library: one box, what people wrote first, then what machines saw."""

from dataclasses import dataclass

from tagsmith.assets.scope import Scope
from tagsmith.search.hits import Hit, hits
from tagsmith.search.parts import Note
from tagsmith.search.places import START, read, written
from tagsmith.search.prepared import COUNTED
from tagsmith.search.preparing import prepared
from tagsmith.search.query import parse
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import tag_words
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
        asked = prepared(scope, parse(text), tags)
        found, in_smart_tags = places(asked, place, size + 1)
        if total is None:
            total = count(asked, in_smart_tags) if len(found) > size else len(found)
        page = hits(found[:size], asked, tags)
    more = written(found[size - 1], total) if len(found) > size else ""
    return Found(page, min(total, COUNTED), total > COUNTED, more, asked.query.notes)
