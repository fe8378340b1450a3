"""A facet: the values of one kind among the hits of a search, with how many hits have each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tagsmith.search.parts import Field

SHOWN = 24  # values of a kind


class Kind(StrEnum):
    """What hits are counted by, as people call it; in the order in which they are shown."""

    FOLDER = "folder"
    TAG = "tag"
    SMART_TAG = "smart tag"
    MODEL = "tag model"
    CONFIDENCE = "confidence"
    TYPE = "type"
    ORIENTATION = "orientation"
    WIDTH = "width"
    DATE = "date"
    STATUS = "status"


# Facets of which one value is chosen at a time: another takes its place. Of tags and tag models several can be chosen,
# and folders and dates lead down, from a year to its months.
SWITCHED = {
    Kind.TYPE: Field.TYPE,
    Kind.ORIENTATION: Field.ORIENTATION,
    Kind.WIDTH: Field.WIDTH,
    Kind.CONFIDENCE: Field.CONFIDENCE,
    Kind.STATUS: Field.STATUS,
}


@dataclass(frozen=True)
class Value:
    """A value by its name, how a search asks for it, and how many hits have it."""

    name: str
    part: str
    count: int


@dataclass(frozen=True)
class Facet:
    """The values of a kind: ranges and dates in their order, others by their counts, the greatest first.

    `is_capped`: more hits than are counted would be there without its own choice, though the search has fewer.
    """

    kind: Kind
    values: tuple[Value, ...]
    is_capped: bool = False


def most(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the values that most hits have, these first."""
    return tuple(sorted(values, key=lambda one: (-one.count, one.name))[:SHOWN])
