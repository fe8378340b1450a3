"""One written form for letters that a searcher takes for the same: case, accents, ligatures, widths, the two kana.

PostgreSQL is given the outcome and folds nothing itself.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, pairwise

_EUROPEAN = (
    "0-9a-z\u00aa-\u02af\u0370-\u052f\u1c80-\u1c8f\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f\ua640-\ua69f\ua720-\ua7ff"
)
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f\ua674-\ua67d\ufe20-\ufe2f"
)
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_STROKE = re.compile(r"LATIN SMALL LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")


def character_class(codes: Iterable[int]) -> str:
    """Return the inside of a regular expression's brackets for ascending code points."""
    found = list(codes)
    breaks = [(before, after) for before, after in pairwise(found) if after != before + 1]
    starts = [*found[:1], *(after for _, after in breaks)]
    ends = [*(before for before, _ in breaks), *found[-1:]]
    return "".join(f"{re.escape(chr(start))}-{re.escape(chr(end))}" for start, end in zip(starts, ends, strict=True))


def _codes_by_category(*wanted: str) -> list[int]:
    """Return the code points of the categories; no other plane has marks or invisible characters."""
    codes = chain(range(0x20000), range(0xE0000, 0xE1000))
    return [code for code in codes if unicodedata.category(chr(code)) in wanted]


def _plain_letters() -> dict[int, str]:
    """Map letters that Unicode does not take apart (ø, ł) to the one that they are written over."""
    letters = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "k", "ʼ": "'"}  # noqa: RUF001
    for char in map(chr, chain(range(0x80, 0x2B0), range(0x2C60, 0x2C80), range(0xA720, 0xA800))):
        match = _STROKE.fullmatch(unicodedata.name(char, ""))
        if match and not unicodedata.decomposition(char):
            letters[char] = match[1].lower()
    return {ord(char): plain for char, plain in letters.items()}


MARKS = character_class(code for code in _codes_by_category("Mn", "Mc", "Me") if code not in _SELECTORS)

_ACCENTED = re.compile(f"([{_EUROPEAN}])[{_ACCENTS}]+")
_INVISIBLE: dict[int, str | None] = dict.fromkeys((*_codes_by_category("Cf"), *_SELECTORS))
_BEFORE = _INVISIBLE | {
    ord("\u200b"): " ",  # says where words end in scripts without spaces
    ord("™"): " ",  # compatibility would make it part of the word
    ord("℠"): " ",
    ord("\N{ACUTE ACCENT}"): "'",  # often typed for an apostrophe
}
_KATAKANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_AFTER: dict[int, str | int] = {**_plain_letters(), **_KATAKANA}


def fold(text: str) -> str:
    """Return the text without case, width and accents; idempotent.

    Accents go from Latin, Greek and Cyrillic letters; marks that make another letter in their script (Japanese,
    Indic, Hebrew, Arabic, Thai) stay. Katakana becomes Hiragana.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text.translate(_BEFORE)).casefold()
    text = _ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFKC", text).translate(_AFTER)
