"""Where in the metadata a text stands, and what that is worth; the levels are described in `places`."""

from collections.abc import Iterator
from typing import NamedTuple

from tagsmith.search.documents import MARKS
from tagsmith.search.lexemes import Text, all_of
from tagsmith.search.parts import Field
from tagsmith.search.prepared import Search

TITLE, _TAGS = [MARKS[Field.TITLE]], [MARKS[Field.TAGS]]
_LEVELS = [TITLE, _TAGS, [MARKS[Field.DESCRIPTION], MARKS[Field.KEYWORDS]], [""]]  # the last is anywhere
MOST_RELEVANT = len(_LEVELS)  # of one text
USUAL = 2  # most words are in descriptions


class Asked(NamedTuple):
    """What a text is worth where a tsquery finds it."""

    query: str
    points: int


def at_level(search: Search, text: Text, relevance: int) -> str:
    """Return what finds the metadata in which a text has its best place at a level."""
    level = MOST_RELEVANT - relevance
    better = [mark for marks in _LEVELS[:level] for mark in marks]
    here = search.lexemes.of(text, _LEVELS[level])
    return all_of([here, "!" + search.lexemes.of(text, better)]) if better else here


def points_of(search: Search, text: Text) -> Iterator[Asked]:
    """Yield what a text is worth where it is at another level than usual: added up, few rows are looked at."""
    yield Asked(search.lexemes.of(text, TITLE), 1)
    yield Asked(search.lexemes.of(text, TITLE + _TAGS), 1)
    yield Asked(at_level(search, text, 1), -1)
