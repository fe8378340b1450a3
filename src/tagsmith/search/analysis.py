"""Text into the lexemes of the index: the one place where documents and queries are taken apart, so that they agree.

PostgreSQL only stores and compares (configuration `simple`). What a query means is in `query`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

from tagsmith.search.folding import MARKS, character_class, fold
from tagsmith.search.stems import stem

LONGEST = 500  # characters of a word: at four bytes each, and marked as a stem, below PostgreSQL's 2,046 bytes
STEM = "~"  # before a stem, so that it cannot be taken for a word: words hold letters, digits and marks only
PAIR = "+"  # before the number of two neighbours
PAIRS = 2**16
LAST_POSITION = 16_383
MOST_POSITIONS = 256
LARGEST_VECTOR = 1_000_000  # bytes; PostgreSQL refuses a tsvector of 1 MiB

# Scripts that write no spaces, and Hangul, whose words carry their particles: any part of a run can be asked for.
_HANGUL = "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"
_KANA_AND_BOPOMOFO = (
    "\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u318f\u31a0-\u31bf\u31f0-\u31ff"
)
_HAN = "\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHERS = chain(range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))  # Thai, Lao, Burmese, Khmer
_DENSE = _HANGUL + _KANA_AND_BOPOMOFO + _HAN
_DENSE += character_class(code for code in _OTHERS if unicodedata.category(chr(code))[0] in "LMN")
_LETTER = rf"[^\W_{_DENSE}]"
_WORD = re.compile(rf"(?P<dense>[{_DENSE}]+)|{_LETTER}(?:{_LETTER}|[{MARKS}])*")
_WHOLE_WORD = re.compile(rf"{_LETTER}(?!:)")  # not the mark of a field
_WORD_OR_PATTERN = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?:{_LETTER}|[*?])(?:{_LETTER}|[*?{MARKS}])*")

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛`′", "'"))  # noqa: RUF001
# The English possessive, and what French and Italian put before a vowel, are not what is searched for.
_CLITIC = re.compile(
    r"(?<=[^\W_])'s(?![^\W_])"
    r"|(?<![^\W_])(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|un|(?:be|que|de|ne|su)ll|(?:d|n)?all|quest)'(?=[^\W\d_])"
)


class Weight(StrEnum):
    """PostgreSQL's letters for where in an asset a word stands."""

    TITLE = "A"
    TAGS = "B"
    DESCRIPTION = "C"  # and keywords
    REST = "D"


class Word(NamedTuple):
    """A folded word at its place in a text (from 1); `dense` is a run of a script without spaces, whole."""

    text: str
    position: int
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """One lexeme of a searched text, and how many positions it stands behind the first one."""

    lexeme: str
    offset: int
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One value of an asset's field: a title, one tag, one keyword. Phrases do not reach across passages.

    With a `mark`, each lexeme stands a second time behind it, so that one field alone can be searched.
    """

    text: str
    weight: Weight = Weight.REST
    language: str | None = None
    mark: str = ""


def words(text: str) -> list[Word]:
    """Return the words of a text; hyphens and other signs part them, and a dense run takes a position per character."""
    found = []
    position = 1
    for word, dense in _split(_WORD, text):
        found.append(Word(word, position, dense))
        position += len(word) if dense else 1
    return found


def patterns(text: str) -> list[Word]:
    """Return the words of a text in which `*` and `?` stand for letters; a dense run has none, its parts are found."""
    found = []
    for position, (word, dense) in enumerate(_split(_WORD_OR_PATTERN, text), start=1):
        if word.strip("*?"):
            found.append(Word(_one_way(word), position, dense))
    return found


def terms_of(text: str, language: str | None = None, *, start: int = 1) -> list[tuple[str, int]]:
    """Return what the index holds for a text: lexemes with their positions, the first at `start`.

    A word gives itself and, where it has one, its stem behind `STEM` at the same position. A dense run of n
    characters gives n - 1 pairs and its last character: pairs in a row find any longer part of it, and a prefix
    finds any single character.
    """
    found = []
    for word in words(text):
        position = word.position + start - 1
        if word.dense:
            found += [(word.text[at : at + 2], position + at) for at in range(len(word.text))]
            continue
        found.append((word.text, position))
        stemmed = stem_lexeme(word.text, language)
        if stemmed:
            found.append((stemmed, position))
    return found


@lru_cache(maxsize=2**16)
def stem_lexeme(word: str, language: str | None = None) -> str | None:
    """Return the lexeme under which all forms of a folded word are found; None where it has no other form."""
    stemmed = stem(word, language)
    return None if stemmed is None else STEM + stemmed


def sought(text: str) -> list[Sought]:
    """Return the lexemes that a document must hold, at these distances, to contain the text as it is written."""
    found = []
    for word in words(text):
        offset = word.position - 1
        if not word.dense:
            found.append(Sought(word.text, offset))
        elif len(word.text) == 1:
            found.append(Sought(word.text, offset, prefix=True))
        else:
            found += [Sought(word.text[at : at + 2], offset + at) for at in range(len(word.text) - 1)]
    return found


def pair(first: str, second: str) -> str:
    """Return the lexeme that stands for two lexemes in a row; few others share it.

    PostgreSQL's index holds no positions: pairs spare it the reading of nearly all texts without a phrase.
    """
    return f"{PAIR}{crc32(f'{first} {second}'.encode()) % PAIRS:x}"


def places_of(passages: Iterable[Passage]) -> dict[str, list[str]]:
    """Return each lexeme with its places, within PostgreSQL's limits: what is over them is left out."""
    found: dict[str, list[str]] = {}
    room = LARGEST_VECTOR
    for lexeme, place in _placed(passages):
        known = found.get(lexeme)
        if known is None:
            cost = len(lexeme.encode()) + 6
            if cost <= room:
                found[lexeme] = [place]
                room -= cost
        elif place[:-1] == known[-1][:-1]:  # the last letter is the weight
            known[-1] = min(known[-1], place)
        elif len(known) < MOST_POSITIONS and room >= 2:
            known.append(place)
            room -= 2
    return found


def written(places: Mapping[str, Sequence[str]]) -> str:
    """Return lexemes with their places as the text of a tsvector; none has signs that would need escaping."""
    return " ".join([f"'{lexeme}':{','.join(known)}" for lexeme, known in places.items()])


def is_word(lexeme: str) -> bool:
    """Whether a lexeme is a whole word, in which wildcards may stand."""
    return _WHOLE_WORD.match(lexeme) is not None


def quoted(lexeme: str) -> str:
    """Return a lexeme as the text forms of tsvector and tsquery hold it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _split(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, bool]]:
    text = fold(text).translate(_APOSTROPHES)
    if "'" in text:
        text = _CLITIC.sub("", text)
    for match in pattern.finditer(text):
        dense = match["dense"] is not None
        yield match[0] if dense else match[0][:LONGEST], dense


def _one_way(pattern: str) -> str:
    """Write neighbouring wildcards in one way: each `?`, then one `*`."""
    return re.sub(r"[*?]{2,}", lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), pattern)


def _placed(passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    start = 1
    for passage in passages:
        last, before, weight = start - 1, "", passage.weight.value
        for lexeme, position in terms_of(passage.text, passage.language, start=start):
            place = f"{min(position, LAST_POSITION)}{weight}"
            yield lexeme, place
            if passage.mark:
                yield passage.mark + lexeme, place
            if not lexeme.startswith(STEM):
                if before and position == last + 1:
                    yield pair(before, lexeme), place
                before, last = lexeme, position
        start = last + 2  # one position stays free, so that no phrase reaches across
