"""What a person typed into the search box becomes a query, whatever it is: reading never fails.

The syntax, in short (`a` and `b` stand for words)::

    a b              both          a-b              the same as a b
    "a b"            in a row      -a  -"a b"       without
    a*  *a  a*b  a?b wildcards     title:a          in one field; also title:"a b", -title:a
    width:800..      ranges        created:2024-05  a year, a month, a day, or a range of them
    tags:a           of any kind   set:a  smart:a   that people set, or that machines gave
    path:a/b         begins so     path:a/b/        in this folder and below

Quotes of every script open and close a phrase, and one that stays open reaches to the end. A minus negates at the
start of a word only. `*` and `?` have no meaning between quotes, and none beside a script without spaces, where
parts of words are found anyway. A colon behind a word that is no field is punctuation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tagsmith.search.analysis import LONGEST, Word, patterns, words
from tagsmith.search.parts import (
    DateFilter,
    Field,
    NameFilter,
    Note,
    Notice,
    NumberFilter,
    Part,
    Phrase,
    Query,
    Term,
    TextFilter,
)
from tagsmith.search.values import read_bytes, read_confidence, read_dates, read_pixels

MOST_WORDS = 32
LONGEST_QUOTATION = 60  # characters of the text in a note
LONGEST_RUN = 32  # characters of a run without spaces: each is one more lexeme to look up

TEXT_FIELDS = frozenset({Field.TITLE, Field.DESCRIPTION, Field.KEYWORDS, Field.CREATOR})
NAME_FIELDS = frozenset(
    {
        Field.TAGS,
        Field.SET,
        Field.SMART,
        Field.PATH,
        Field.TYPE,
        Field.ORIENTATION,
        Field.MODEL,
        Field.COLLECTION,
        Field.STATUS,
    }
)
NUMBER_READERS = {
    Field.WIDTH: read_pixels,
    Field.HEIGHT: read_pixels,
    Field.SIZE: read_bytes,
    Field.CONFIDENCE: read_confidence,
}
DATE_FIELDS = frozenset({Field.CREATED, Field.MODIFIED})
ALIASES = {"tag": Field.TAGS, "keyword": Field.KEYWORDS}
FIELDS = {**{name.value: name for name in Field}, **ALIASES}

_STRAIGHT = '"”'  # behind a letter or digit it is no quote: a 27" screen
QUOTES = '"＂“”„‟«»‹›「」『』｢｣〝〞〟❝❞'  # noqa: RUF001
_CHUNK = re.compile(
    rf"""\s*
    (?P<minus>(?<!\S)-(?=[^\s-]))?
    (?:(?<![^\s-])(?P<field>(?ai:{"|".join(FIELDS)})):)?
    (?:[{QUOTES}](?P<quoted>[^{QUOTES}]*)[{QUOTES}]?
      |(?P<bare>(?:[^\s{QUOTES}]|(?<=[^\W_])[{_STRAIGHT}])+)
    )?""",
    re.VERBOSE,
)
_BETWEEN_NAMES = re.compile(rf"[\s{QUOTES}]+")
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
WIDE_SIGNS = "：＊？－−"  # noqa: RUF001
_NARROWED = str.maketrans(WIDE_SIGNS, ":*?--")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the text that belongs together, with the spaces before it: `-title:"red shoes"`."""

    raw: str
    negated: bool
    field: Field | None
    body: str
    quoted: bool

    @property
    def written(self) -> str:
        """What a note says of it."""
        return _shortened(self.raw)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as it is written, with the spaces before it, and what it means."""

    written: str
    query: Query


def parse(text: str) -> Query:
    """Read a search; what cannot be understood is taken for words, or left out with a note."""
    reader = _Reader()
    for chunk in _chunks(text):
        if reader.room <= 0:
            reader.note(Notice.TOO_MANY, str(MOST_WORDS))
            break
        reader.read(chunk)
    return reader.query()


def pieces(text: str) -> Iterator[Piece]:
    """Yield the stretches of a text; together they are the text, but for characters that cannot be stored."""
    for chunk in _chunks(text):
        reader = _Reader()
        reader.read(chunk)
        yield Piece(chunk.raw, reader.query())


def _chunks(text: str) -> Iterator[_Chunk]:
    text = _UNSTORABLE.sub(" ", text).translate(_NARROWED)
    position = 0
    while (match := _CHUNK.match(text, position)) and match.end() > position:
        position = match.end()
        yield _Chunk(
            raw=match[0],
            negated=match["minus"] is not None,
            field=FIELDS[match["field"].lower()] if match["field"] else None,
            body=match["quoted"] or match["bare"] or "",
            quoted=match["quoted"] is not None,
        )


class _Reader:
    """Collects the parts of a query while there is room; what is there already takes none."""

    def __init__(self) -> None:
        self.room = MOST_WORDS
        self._parts: dict[Part, None] = {}
        self._excluded: dict[Part, None] = {}
        self._notes: dict[Note, None] = {}

    def query(self) -> Query:
        return Query(
            terms=tuple(part for part in self._parts if isinstance(part, Term)),
            phrases=tuple(part for part in self._parts if isinstance(part, Phrase)),
            filters=tuple(part for part in self._parts if not isinstance(part, Term | Phrase)),
            excluded=tuple(self._excluded),
            notes=tuple(self._notes),
        )

    def note(self, notice: Notice, about: str) -> None:
        if len(self._notes) <= MOST_WORDS:
            self._notes[Note(notice, about)] = None

    def read(self, chunk: _Chunk) -> None:
        if chunk.field is None:
            for text in self._texts(chunk):
                self._add(chunk, text)
        elif chunk.field in TEXT_FIELDS:
            self._read_text(chunk, chunk.field)
        elif chunk.field in NAME_FIELDS:
            self._read_name(chunk, chunk.field)
        else:
            self._read_range(chunk, chunk.field)

    def _read_text(self, chunk: _Chunk, name: Field) -> None:
        texts = self._texts(chunk)
        if not texts:
            self._leave_out(Notice.NO_VALUE, chunk)
        for text in texts:
            self._add(chunk, TextFilter(name, text))

    def _read_name(self, chunk: _Chunk, name: Field) -> None:
        value = _BETWEEN_NAMES.sub(" ", chunk.body)[:LONGEST].strip()
        if value:
            self._add(chunk, NameFilter(name, value))
        else:
            self._leave_out(Notice.NO_VALUE, chunk)

    def _read_range(self, chunk: _Chunk, name: Field) -> None:
        if not chunk.body.strip():
            self._leave_out(Notice.NO_VALUE, chunk)
            return
        value = chunk.body[:LONGEST]
        numbers = NUMBER_READERS[name](value) if name in NUMBER_READERS else None
        dates = read_dates(value) if name in DATE_FIELDS else None
        if numbers:
            self._add(chunk, NumberFilter(name, numbers.start, numbers.end))
        elif dates:
            self._add(chunk, DateFilter(name, dates.start, dates.end))
        else:
            self._leave_out(Notice.UNREADABLE, chunk)
        if (numbers and numbers.swapped) or (dates and dates.swapped):
            self.note(Notice.SWAPPED, chunk.written)

    def _texts(self, chunk: _Chunk) -> list[Term | Phrase]:
        """Return the words of a chunk; they are a phrase if quoted, or if excluded together."""
        found = words(chunk.body) if chunk.quoted else patterns(chunk.body)
        if not chunk.quoted and not (chunk.negated and len(found) > 1):
            return [Term(_cut(word)) for word in found]
        if not chunk.quoted and any(Term(word.text).is_pattern for word in found):
            self.note(Notice.NO_WILDCARD, chunk.written)
            found = words(chunk.body)
        if len(found) > self.room:
            self.note(Notice.TOO_MANY, str(MOST_WORDS))
        return [Phrase(" ".join(map(_cut, found[: self.room])))] if found else []

    def _add(self, chunk: _Chunk, part: Part) -> None:
        place = self._excluded if chunk.negated else self._parts
        if part in place:
            return
        if self.room <= 0:
            self.note(Notice.TOO_MANY, str(MOST_WORDS))
            return
        place[part] = None
        self.room -= _cost(part)

    def _leave_out(self, notice: Notice, chunk: _Chunk) -> None:
        self.note(notice, chunk.written)
        self.room -= 1


def _cut(word: Word) -> str:
    return word.text[:LONGEST_RUN] if word.dense else word.text


def _cost(part: Part) -> int:
    text = part.text if isinstance(part, TextFilter) else part
    return len(text.text.split()) if isinstance(text, Phrase) else 1


def _shortened(text: str) -> str:
    text = " ".join(text[:LONGEST].split())
    return text if len(text) <= LONGEST_QUOTATION else text[: LONGEST_QUOTATION - 1] + "…"
