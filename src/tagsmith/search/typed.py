"""What somebody is typing at the end of a search: the words that a suggestion may take the place of."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from tagsmith.search.analysis import words
from tagsmith.search.parts import Field, NameFilter, Part, Phrase, Query, Term, TextFilter
from tagsmith.search.query import Piece, pieces

MOST_PIECES = 5  # at the end of the text that are taken together
TAG_FIELDS = frozenset({Field.TAGS, Field.SET, Field.SMART})


@dataclass(frozen=True, slots=True)
class Ending:
    """The last folded words of a text, the very last perhaps not complete yet, and what is before them."""

    kept: str
    words: tuple[str, ...]

    def followed_by(self, part: str) -> str:
        """Return the text with this instead of the words."""
        return f"{self.kept.rstrip()} {part}".strip()


@dataclass(frozen=True, slots=True)
class Typed:
    """The endings of a text, the longest first; the field that they are in; whether they are to be left out."""

    endings: tuple[Ending, ...] = ()
    name: Field | None = None
    minus: bool = False


def read(text: str) -> Typed:
    """Return what is being typed; nothing where it is neither words nor tags nor a title."""
    some = [piece for piece in pieces(text) if piece.query != Query()]
    if not some:
        return Typed()
    last = some[-1].query
    if _words(last):
        bare = [*takewhile(lambda piece: _words(piece.query), reversed(some))][:MOST_PIECES]
        return Typed(tuple(_ending(some, count) for count in range(len(bare), 0, -1)))
    part = next(iter((*last.filters, *last.excluded)), None)
    is_over = text[-1:].isspace()
    if is_over or not (found := _asked(part)):
        return Typed()
    name, typed = found
    return Typed((Ending(_written(some[:-1]), typed),), name, bool(last.excluded))


def _ending(some: list[Piece], count: int) -> Ending:
    typed = tuple(word for piece in some[-count:] for word in _words(piece.query))
    return Ending(_written(some[:-count]), typed)


def _written(some: Iterable[Piece]) -> str:
    return "".join(piece.written for piece in some)


def _words(query: Query) -> tuple[str, ...]:
    """Return the bare words of a piece; none of one that is anything else."""
    if query.filters or query.excluded:
        return ()
    texts: tuple[Term | Phrase, ...] = (*query.terms, *query.phrases)
    return tuple(word.text for text in texts for word in words(text.text))


def _asked(part: Part | None) -> tuple[Field | None, tuple[str, ...]] | None:
    """Return the words that a filter asks for, or excludes, and in which field."""
    match part:
        case NameFilter(name, value) if name in TAG_FIELDS:
            return name, tuple(word.text for word in words(value))
        case TextFilter(Field.TITLE, Term(value) | Phrase(value)):
            return Field.TITLE, tuple(word.text for word in words(value))
        case Term(value) | Phrase(value):
            return None, tuple(word.text for word in words(value))
    return None
