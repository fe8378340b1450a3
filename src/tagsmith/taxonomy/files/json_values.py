"""JSON's values as what they should be; what is something else is a TaxonomyError."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from tagsmith.errors import TaxonomyError
from tagsmith.sentences import say
from tagsmith.taxonomy.files.content import Problems


class JsonObject(dict[str, Any]):
    """An object that remembers which of its names were there twice; Python keeps the last in silence."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        members = list(pairs)
        super().__init__(members)
        counts = Counter(name for name, _ in members)
        self.twice = [name for name, count in counts.items() if count > 1]


def mapping(value: object) -> JsonObject:
    """Return an object without doubles."""
    if not isinstance(value, JsonObject):
        raise TaxonomyError("is no object")
    if value.twice:
        raise TaxonomyError("{names} is there twice", names=", ".join(map(repr, value.twice)))
    return value


def text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise TaxonomyError("{value} is no text", value=str(value)[:40])
    return value


def texts(value: object) -> list[str]:
    """Return a list of texts."""
    if not isinstance(value, list):
        raise TaxonomyError("is no list")
    return [text(item) for item in value]


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise TaxonomyError("{value} is neither true nor false", value=str(value)[:40])
    return value


def check_names(value: JsonObject, place: str, known: Collection[str], problems: Problems) -> None:
    """Report the members that nobody knows."""
    for name in value:
        if name not in known:
            problems.add(f"{place}.{name}", say("is unknown; known are {known}", known=", ".join(known)))
