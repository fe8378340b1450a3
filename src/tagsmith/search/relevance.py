"""How relevant hits are: where in the metadata texts stand; the levels are described in `places`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tagsmith.search.documents import MARKS
from tagsmith.search.lexemes import Text, all_of
from tagsmith.search.parts import Field
from tagsmith.search.prepared import TITLE, Search
from tagsmith.search.sets import Numbers, among, written

MOST_RELEVANT = 4  # of one text
USUAL = 2  # most words are in descriptions
_TAGS = (MARKS[Field.TAGS],)
_USUAL_PLACES = (MARKS[Field.DESCRIPTION], MARKS[Field.KEYWORDS])
_OTHERS = tuple(mark for mark in MARKS.values() if mark not in {*TITLE, *_TAGS, *_USUAL_PLACES})


class _Asked(NamedTuple):
    """What a text is worth, more or less than usual, where a tsquery finds it."""

    query: str
    points: int


def unusual(search: Search, hits: Numbers, narrower: Sequence[str] = ()) -> Numbers:
    """Return how much more relevant than usual the places of all texts make hits, or less.

    `narrower` are tsqueries that find all of the hits: with them the index has less to read, if the hits are few.
    """
    points = np.zeros(len(hits), np.int64)
    asked = [one for text in search.texts for one in _places(search, text)]
    for one, found in zip(asked, written([all_of([one.query, *narrower]) for one in asked]), strict=True):
        points[among(hits, found)] += one.points
    return points


def _places(search: Search, text: Text) -> Iterator[_Asked]:
    """Yield what a text is worth at other places than most; each is its best there, so that points do not add up."""
    better: tuple[str, ...] = ()
    for marks, points in ((TITLE, MOST_RELEVANT - USUAL), (_TAGS, 1), (_USUAL_PLACES, 0), (_OTHERS, -1)):
        here = search.lexemes.of(text, marks)
        if points:
            yield _Asked(all_of([here, "!" + search.lexemes.of(text, better)]) if better else here, points)
        better += marks
