"""Where a hit stands in the order (S3), as numbers that compare, and as the word that asks for what comes after."""

from collections.abc import Sequence
from enum import IntEnum
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from tagsmith.assets.cursor import Cursor
from tagsmith.errors import LibraryError
from tagsmith.search.sets import Numbers, Which


class Tier(IntEnum):
    """Why a hit is one; the first come first."""

    METADATA = 1
    SMART_TAGS = 2
    SOME_SMART_TAGS = 3


class Place(NamedTuple):
    """A hit's place; of two, the greater comes first.

    `is_covered` tells whether metadata has the terms that smart tags have not, `terms` how many smart tags have.
    `relevance` adds up where each term and phrase stands in the metadata: 4 in the title, 3 in tags that people
    set, 2 in description or keywords, 1 anywhere else. `confidence` adds up the best of each term's smart tags,
    in thousandths; a hit of the first tier has none, as smart tags did not make it one.
    """

    nearness: int
    is_covered: int
    terms: int
    relevance: int
    confidence: int
    asset: int

    @property
    def tier(self) -> Tier:
        """The tier that it is in."""
        return Tier(NEAREST + 1 - self.nearness)


NEAREST = 3
START = Place(NEAREST + 1, 0, 0, 0, 0, 0)  # before every hit

# How many values each number of a place may have, the asset apart: 32 words, of 4 points and 1000 thousandths at most.
_SIZES = (NEAREST + 2, 2, 64, 256, 2**15)


def first(after: Place, size: int, assets: Numbers, *numbers: Numbers | Which | int) -> list[Place]:
    """Return the first places after one, in order, of assets whose places begin with these numbers."""
    ranks = np.broadcast_to(rank(numbers), assets.shape)
    last = rank(after[:-1])
    left = np.flatnonzero((ranks < last) | ((ranks == last) & (assets < after.asset)))
    if len(left) > size:
        left = left[ranks[left] >= np.partition(ranks[left], -size)[-size]]
    order = left[np.lexsort((assets[left], ranks[left]))[::-1][:size]]
    spelled = np.unravel_index(ranks[order], _SIZES)
    return [Place(*place) for place in zip(*(one.tolist() for one in (*spelled, assets[order])), strict=True)]


def rank(numbers: Sequence[Numbers | Which | int]) -> Numbers:
    """Return the numbers of places before the asset's, or the first of them, as one number that compares as they do."""
    total = np.zeros((), np.int64)
    for size, one in zip_longest(_SIZES, numbers, fillvalue=0):
        total = total * size + one
    return total


def written(place: Place, total: int) -> str:
    """Return the word that asks for what comes after a place; the total comes along, it is counted once."""
    return Cursor(place.asset, " ".join(map(str, (*place[:-1], total)))).written()


def read(word: str) -> tuple[Place, int]:
    """Return the place and the total in a word.

    Raises
    ------
    LibraryError
        We never wrote it.
    """
    cursor = Cursor.read(word)
    try:
        *numbers, total = map(int, cursor.name.split())
        place = Place._make([*numbers, cursor.pk])
    except (ValueError, TypeError):
        raise LibraryError("{word!r} is not where a page ended", word=word[:40]) from None
    if not all(abs(number) < 2**31 for number in (*numbers, total)) or not 1 <= place.nearness <= NEAREST:
        raise LibraryError("{word!r} is not where a page ended", word=word[:40])
    return place, total
