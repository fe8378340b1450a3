"""The terms of `terms.toml`, found in the words of a title."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

from tagsmith.taxonomy.advice.spelling import DENSE, words_of

PADDING = "padding"
NOWHERE = "en"  # the language of words of which none is known, such as a tag's name
SHORTEST = 4  # letters of a word that has another ending
LONG = 5  # of one that has many
_SWAPPED = 6  # of one whose last vowel says whether it is a man's or a woman's
_ENDINGS = {
    "en": ("s",),
    "de": ("e", "er", "es", "en", "em", "n", "s"),
    "fr": ("s", "e", "es"),
    "es": ("s", "es"),
    "pt": ("s", "es"),
    "it": (),
}
_VOWELS = {"es": ("o", "a", "os", "as"), "pt": ("o", "a", "os", "as"), "it": ("o", "a", "i", "e")}


class Topic(Enum):
    """What a title names, as `terms.toml` has it."""

    TIME = "time"
    SEASON = "season"
    MOOD = "mood"
    PRICE = "price"
    JUDGEMENT = "judgement"
    MAKE = "make"
    STATE = "state"
    SIZE = "size"
    SENSE = "sense"
    REST = "rest"
    COLLAR = "collar"
    FIT = "fit"
    LOGO = "logo"
    PART = "part"


FINE = frozenset((Topic.COLLAR, Topic.FIT, Topic.LOGO, Topic.PART))


Found = tuple[Topic, tuple[str, ...]]  # what a title names, and the words that do


@dataclass(frozen=True)
class Term:
    """A term of a topic, None for padding. `anywhere`: it counts in any title; `only`: in titles of this language."""

    words: tuple[str, ...]
    topic: Topic | None
    anywhere: bool
    only: str | None


@dataclass(frozen=True)
class Lexicon:
    """All terms by their first word, and what texts without spaces are taken apart by."""

    terms: dict[str, list[Term]]
    dense: re.Pattern[str]
    within: dict[str, Topic]

    def at(self, words: Sequence[str], start: int, language: str) -> Iterator[Term]:
        """Yield the terms that begin at a word, the longest first."""
        for term in self.terms.get(words[start], ()):
            if term.only in (None, language) and tuple(words[start : start + len(term.words)]) == term.words:
                yield term

    def inside(self, text: str) -> Found | None:
        """Return what counts in any title and is a part of a word: of texts without spaces."""
        return next(((topic, (word,)) for word, topic in self.within.items() if word in text), None)

    def taken_apart(self, words: Sequence[str]) -> list[str]:
        """Return the words, those without spaces in them taken apart where they hold nothing but terms."""
        parts: list[str] = []
        for word in words:
            is_all = DENSE.search(word) and re.fullmatch(f"(?:{self.dense.pattern})+", word)
            parts += self.dense.findall(word) if is_all else [word]
        return parts


@cache
def lexicon() -> Lexicon:
    """Return the terms; they are read once."""
    text = files(__package__).joinpath("terms.toml").read_text("utf-8")
    terms: defaultdict[str, list[Term]] = defaultdict(list)
    for topic, languages in tomllib.loads(text).items():
        for language, listed in languages.items():
            for written in listed.split(","):
                for term in _terms(written.strip(), language, None if topic == PADDING else Topic(topic)):
                    terms[term.words[0]].append(term)
    for first in terms.values():
        first.sort(key=lambda term: (-len(term.words), term.topic is None))
    within = {
        term.words[0]: term.topic
        for those in terms.values()
        for term in those
        if term.anywhere and term.topic and len(term.words) == 1 and DENSE.search(term.words[0])
    }
    dense = sorted((word for word in terms if DENSE.search(word)), key=lambda word: (-len(word), word))
    return Lexicon(dict(terms), re.compile("|".join(dense)), within)


def _terms(written: str, language: str, topic: Topic | None) -> Iterator[Term]:
    words = words_of(written)
    only = language if "*" in written else None
    last = (words[-1],) if "=" in written else _forms(words[-1], language)
    for form in dict.fromkeys(last):
        yield Term((*words[:-1], form), topic, "+" in written, only)


def _forms(word: str, language: str) -> Iterator[str]:
    """Yield a word with the endings that it has in its language."""
    yield word
    if language == "pt" and word.endswith("ao"):
        yield f"{word[:-2]}oes"
    endings = _ENDINGS.get(language, ())
    if len(word) >= LONG:
        yield from (word + ending for ending in endings)
    elif len(word) >= SHORTEST and "s" in endings and language != "de":
        yield f"{word}s"
    vowels = _VOWELS.get(language, ())
    if len(word) >= _SWAPPED and word[-1] in "oae":
        yield from (word[:-1] + vowel for vowel in vowels if word[-1] != "e" or vowel == "i")
    elif len(word) >= SHORTEST and language == "it":
        yield word[:-1] + {"o": "i", "a": "e", "e": "i"}.get(word[-1], word[-1])
