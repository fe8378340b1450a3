"""A facet: the values of one kind among the hits of a search, with how many hits have each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True)
class Value:
    """A value by its name, how a search asks for it, and how many hits have it."""

    name: str
    part: str
    count: int


@dataclass(frozen=True)
class Facet:
    """The values of a kind: ranges and dates in their order, others by their counts, the greatest first."""

    kind: Kind
    values: tuple[Value, ...]


def most(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the values that most hits have, these first."""
    return tuple(sorted(values, key=lambda one: (-one.count, one.name))[:SHOWN])
