"""Changing the text of a search: a filter is added or taken away, the rest stays as it was typed.

Where what stays would come to mean something else (a quote is still open), the text is written anew.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from tagsmith.search.analysis import LONGEST
from tagsmith.search.parts import DateFilter, Field, NameFilter, NumberFilter, Part, Query
from tagsmith.search.query import QUOTES, WIDE_SIGNS, Piece, parse, pieces
from tagsmith.search.values import Bound

_NOT_TYPED = re.compile(rf"(?<=\s)\s|[^\S ]|^\s|\s$|[*?{QUOTES}{WIDE_SIGNS}\x00-\x1f\x7f-\x9f]")
_NEEDS_NO_QUOTES = re.compile(r"[^\W_]+")


def typeable(value: str) -> str:
    """Return a name as it can be asked for: a `?` stands for a character that would be read as something else."""
    value = _NOT_TYPED.sub("?", value)
    return value if len(value) < LONGEST else value[: LONGEST - 1] + "*"


def spelled(name: Field, value: str) -> str:
    """Return how something of a name is asked for."""
    value = typeable(value)
    return f"{name}:{value}" if _NEEDS_NO_QUOTES.fullmatch(value) else f'{name}:"{value}"'


def adding(text: str, part: str) -> str:
    """Return the text with one more filter, instead of those that it makes needless: a month instead of its year."""
    (query, some), more = _read(text), parse(part).filters
    if set(more) <= set(query.filters):
        return text.strip()
    needless = [one for one in query.filters if any(_is_within(new, one) for new in more)]
    kept = [one for one in query.filters if one not in needless]
    wanted = replace(query, filters=(*kept, *(one for one in more if one not in kept)))
    return _checked([*_without(some, needless), " ", part], wanted)


def switching(text: str, part: str) -> str:
    """Return the text with a filter instead of all others on its field."""
    fields = {one.field for one in parse(part).filters}
    others = tuple(one for one in _read(text)[0].filters if one.field in fields)
    return adding(leaving_out(text, Query(filters=others)), part)


def leaving_out(text: str, part: Query) -> str:
    """Return the text without these filters, and without what is excluded there."""
    (query, some), parts = _read(text), (*part.filters, *part.excluded)
    wanted = replace(
        query,
        filters=tuple(one for one in query.filters if one not in part.filters),
        excluded=tuple(one for one in query.excluded if one not in part.excluded),
    )
    return _checked(_without(some, parts), wanted)


def filters_in(text: str) -> list[Piece]:
    """Return the pieces of a text that are filters, or that exclude something, each once."""
    found = {piece.query: piece for piece in pieces(text) if piece.query.filters or piece.query.excluded}
    return [replace(piece, written=piece.written.strip()) for piece in found.values()]


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Query, tuple[Piece, ...]]:
    """Read a text once for all that may be added to it."""
    return parse(text), tuple(pieces(text))


def _without(some: Iterable[Piece], parts: Collection[Part]) -> Iterator[str]:
    """Yield the pieces but for those that are these parts."""
    for piece in some:
        here = {*piece.query.filters, *piece.query.excluded}
        yield " " if here and here <= set(parts) else piece.written


def _checked(written: Iterable[str], wanted: Query) -> str:
    text = re.sub(" {2,}", " ", "".join(written)).strip()
    return text if parse(text) == wanted else str(wanted)


def _is_within(new: Part, old: Part) -> bool:
    """Whether all that a filter finds is found by another one too: a range within a range, a folder in a folder."""
    if isinstance(new, NumberFilter) and isinstance(old, NumberFilter):
        return new.field is old.field and _are_within((new.start, new.end), (old.start, old.end))
    if isinstance(new, DateFilter) and isinstance(old, DateFilter):
        return new.field is old.field and _are_within((new.start, new.end), (old.start, old.end))
    if isinstance(new, NameFilter) and isinstance(old, NameFilter):
        is_folder = new.field is old.field is Field.PATH and old.value.endswith("/")
        return is_folder and new.value.startswith(old.value)
    return False


def _are_within(new: tuple[Bound | None, Bound | None], old: tuple[Bound | None, Bound | None]) -> bool:
    (start, end), (low, high) = new, old
    return (low is None or (start is not None and start >= low)) and (high is None or (end is not None and end <= high))
