"""How words of titles are compared: without case, width and accents, one by one. Knows no language's words."""

import re
import unicodedata
from collections.abc import Sequence

_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")
DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # written without spaces, or with few


def folded(text: str) -> str:
    """Return the text without case, width and accents; marks that make another letter, as in が, stay."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded."""
    return tuple(_WORD.findall(folded(text)))


def as_written(text: str, words: Sequence[str]) -> str:
    """Return how these folded words, which follow each other in a text, are written there."""
    written = _WORD.findall(text)
    same = [folded(word) for word in written]
    for start in range(len(same) - len(words) + 1):
        if same[start : start + len(words)] == list(words):
            return " ".join(written[start : start + len(words)])
    return " ".join(words)
