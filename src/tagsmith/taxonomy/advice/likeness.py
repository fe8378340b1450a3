"""When two titles are nearly the same: case, accents, spaces, singular and plural, ways of spelling, a slip."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tagsmith.taxonomy.advice.spelling import folded, words_of

SWAPPED, DROPPED, VOWEL = 6, 8, 8  # letters of a word in which two change places, one is missing, a vowel is another
_VOWELS = frozenset("aeiouy")
_NO_SLIPS = frozenset({("desert", "dessert"), ("diner", "dinner"), ("hoping", "hopping"), ("planed", "planned")})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_SPELLINGS = (  # British and American
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ite|ed$|ful|less)"), "or"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=[a-z]{3})is(?=e$|ed$|ing$|ation)"), "iz"),
    (re.compile(r"^gr[ea]y(?=s?$)"), "gray"),
    (re.compile(r"^jewell?e?ry$"), "jewelry"),
    (re.compile(r"^aluminium$"), "aluminum"),
    (re.compile(r"^tyre(?=s?$)"), "tire"),
    (re.compile(r"^moustache(?=s?$)"), "mustache"),
    (re.compile(r"^catalogue(?=s?$)"), "catalog"),
)
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "people": "person", "leaves": "leaf", "knives": "knife", "wolves": "wolf", "shelves": "shelf",
    "scarves": "scarf", "loaves": "loaf", "calves": "calf", "wives": "wife", "buses": "bus",
    "lenses": "lens", "gases": "gas",
}  # fmt: skip
_NO_PLURALS = {  # of another word, which means something else
    "en": {"glasses", "news", "goods", "arms", "customs", "shorts", "scales", "spectacles"},
    "de": {
        "kohle", "rinde", "moehre", "schale", "grille", "karte", "spitze", "laube", "hecke", "runde", "wunde", "reife",
        "reifen", "decke", "halle", "welle", "rolle", "wagen", "messe", "kasse", "tonne",
        "kochen", "backen", "kueche",
    },
    "fr": {"cours", "fils", "mars"},
}  # fmt: skip
_UMLAUT = re.compile(r"([aou])e(?=u?[^aeiou]+$)")  # the last vowel of a stem, as in `Hüt`, `Häus`
_GERMAN_ER = re.compile(
    r"(?:kind|kleid|bild|haeus|waeld|laend|raed|blaett|buech|licht|huehn|maenn|feld|schild|tuech|baend|brett|doerf|"
    r"glaes|kaelb|laemm|loech|haeupt|geist|rind|nest|schwert|fraeul)er$"
)
_ENDINGS = {  # the first that fits is replaced
    "en": ((r"(?<=..)ies$", "y"), (r"(?<=sh|ch|ss)es$", ""), (r"(?<=[xz])es$", ""), (r"(?<=...)(?<![sui])s$", "")),
    "de": ((r"(?<=...)en$", ""), (r"(?<=...)[en]$", ""), (r"(?<=..[^aeiou][aoy])s$", "")),
    "fr": ((r"eaux$", "eau"), (r"(?<=..)aux$", "al"), (r"(?<=...)[sx]$", "")),
    "es": ((r"ces$", "z"), (r"(?<=[^aeiou])es$", ""), (r"(?<=...)s$", "")),
    "pt": ((r"oes$", "ao"), (r"(?<=[rz])es$", ""), (r"ns$", "m"), (r"(?<=..[aou])is$", "l"), (r"(?<=...)s$", "")),
    "it": ((r"(?<=...)i$", "o"), (r"(?<=...)e$", "a")),
}  # fmt: skip
_PLURALS = {language: [(re.compile(one), by) for one, by in rules] for language, rules in _ENDINGS.items()}


def letters_of(text: str) -> tuple[str, ...]:
    """Return a title's words as they are compared: umlauts are letters of their own and no accents."""
    return words_of(text.translate(_UMLAUTS))


def same(words: Sequence[str]) -> str:
    """Return what is equal for titles that differ in case, accents, hyphens and spaces only."""
    return "".join(words)


def singular(words: Sequence[str], language: str) -> str:
    """Return what is equal for singular and plural, and for the ways of spelling a word in one language."""
    return "".join(_singular(word, language.partition("-")[0]) for word in words)


def slips(words: Sequence[str]) -> Iterator[str]:
    """Yield keys of which two titles share one if a letter of one word is more, less, another, or elsewhere."""
    for place, word in enumerate(words):
        if len(word) >= SWAPPED - 1 and word.isalpha():
            before, after = " ".join(words[:place]), " ".join(words[place + 1 :])
            yield f"{before} {word} {after}"
            for cut in range(1, len(word)):
                yield f"{before} {word[:cut]}{word[cut + 1 :]} {after}"


def is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles differ in one word, and in it as by a slip of the pen; other differences make other words."""
    differing = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    if len(one) != len(other) or len(differing) != 1:
        return False
    shorter, longer = sorted(differing[0], key=len)
    return (shorter, longer) not in _NO_SLIPS and _is_slip(shorter, longer)


def _is_slip(shorter: str, longer: str) -> bool:
    first = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), None)
    if not first:  # the first letter says more than others, and an ending may be one of many
        return False
    if len(longer) > len(shorter):
        doubled = longer[first] == longer[first - 1] and len(longer) >= SWAPPED
        return (doubled or len(longer) >= DROPPED) and longer[first + 1 :] == shorter[first:]
    if longer[first + 2 :] == shorter[first + 2 :] and longer[first : first + 2] == shorter[first : first + 2][::-1]:
        return len(longer) >= SWAPPED
    is_vowel = {longer[first], shorter[first]} <= _VOWELS and first < len(longer) - 1
    return is_vowel and len(longer) >= VOWEL and longer[first + 1 :] == shorter[first + 1 :]


@lru_cache(2**16)
def _singular(word: str, language: str) -> str:
    word = folded(word)
    if language == "en":
        word = _IRREGULAR.get(word, word)
        for pattern, by in _SPELLINGS:
            word = pattern.sub(by, word)
    if word in _NO_PLURALS.get(language, ()):
        return word
    if language == "de" and _GERMAN_ER.search(word):
        return _without_umlaut(word[:-2])
    for pattern, by in _PLURALS.get(language, ()):
        stem, count = pattern.subn(by, word)
        if count:
            return _without_umlaut(stem) if language == "de" else stem
    return word


def _without_umlaut(stem: str) -> str:
    """Return a German stem without the umlaut that many plurals have: `Hüte`, `Häuser`."""
    return _UMLAUT.sub(r"\1", stem)
