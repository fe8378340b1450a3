"""One stem per word, so that a plural finds its singular: small rules for plurals, then the Snowball stemmer.

Words come in folded (no case, no accents), because a query is often typed without them. Snowball alone misses
irregular plurals and, in Spanish and Portuguese, takes common nouns for verbs: the rules of a language mend these.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

DEFAULT = "en"
SHORTEST = 3  # letters; shorter words are abbreviations more often than plurals

Replacement = tuple[re.Pattern[str], str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is done to a word of one language: the first list before Snowball, in order; the second after it."""

    algorithm: str
    irregular: Mapping[str, str]
    plurals: tuple[Replacement, ...] = ()
    endings: tuple[Replacement, ...] = ()


def _pairs(text: str) -> dict[str, str]:
    """Return the words of `plural:singular plural:singular`."""
    return dict(pair.split(":") for pair in text.split())


def _rules(*replacements: tuple[str, str]) -> tuple[Replacement, ...]:
    return tuple((re.compile(pattern), by) for pattern, by in replacements)


LANGUAGES = {
    "en": Rules(
        "english",
        _pairs(
            "buses:bus cacti:cactus calves:calf children:child childrens:child elves:elf feet:foot fungi:fungus"
            " gases:gas geese:goose hooves:hoof knives:knife leaves:leaf lenses:lens loaves:loaf men:man mens:man"
            " mice:mouse oxen:ox people:person scarves:scarf shelves:shelf teeth:tooth thieves:thief wives:wife"
            " wolves:wolf"
        ),
        plurals=_rules((r"womens?$", "woman"), (r"(?<=..[dehklrstwy])men$", "man")),
    ),
    "de": Rules(
        "german",
        _pairs("bikinis:bikini minis:mini"),
        plurals=_rules((r"(?<=..)(?<=[^aeiou][aioy])(?<!gla)(?<!gra)(?<!ni)(?<!rbi)s$", "")),
    ),
    "fr": Rules(
        "french",
        _pairs(
            "amis:ami bijoux:bijou cheveux:cheveu choux:chou doux:douce feux:feu genoux:genou hiboux:hibou jeux:jeu"
            " lieux:lieu neveux:neveu roux:rousse skis:ski voeux:voeu yeux:oeil"
        ),
        plurals=_rules(
            (r"ees?$", "e"),
            (r"(?<=...)(?<=[^aeiou][aiou])s$", ""),
            (r"(?<=.)(io|ou|[cdfglnrt])s$", r"\1"),
        ),
        endings=_rules((r"gu$", "g"), (r"anch$", "anc")),
    ),
    "es": Rules(
        "spanish",
        _pairs("bikinis:bikini taxis:taxi"),
        plurals=_rules(
            (r"(?<=...)es(?:a|as|es)$", "es"),
            (r"(?<=.)((?:[aeu]d|(?<!b)l|[jnr]))es$", r"\1"),
            (r"(?<=..)([ao])s$", r"\1"),
        ),
        endings=_rules((r"z$", "c")),
    ),
    "it": Rules(
        "italian",
        _pairs("uomini:uomo uova:uovo"),
        plurals=_rules(
            (r"(?<=.)(an|er|iv|on)[aeio]$", r"\1a"),
            (r"(?<=[cg])io$", "i"),
            (r"(?<=.[^cg])i[aeio]$", "i"),
        ),
        endings=_rules((r"(?<=[cg])h$", "")),
    ),
    "pt": Rules(
        "portuguese",
        _pairs("maes:mae"),
        plurals=_rules(
            (r"(?<=...)es(?:a|as|es)$", "es"),
            (r"[oa]es$", "ao"),
            (r"ns$", "m"),
            (r"(?<=..)([aeou])is$", r"\1l"),
            (r"(?<=[^aeiou])(?:il|is)$", "el"),
            (r"(?<=.)([aou])s$", r"\1"),
        ),
    ),
}


@lru_cache(maxsize=2**10)
def language_of(tag: str | None) -> str:
    """Return the language whose rules serve a language tag ("pt-BR"): English where there is none of its own."""
    primary = (tag or DEFAULT).replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else DEFAULT


def stem(word: str, language: str | None = None) -> str | None:
    """Return the stem of a folded word; None where it has none: digits, short words, other scripts."""
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return None
    return _stem(word, language_of(language))


@lru_cache(maxsize=2**16)
def _stem(word: str, language: str) -> str:
    rules = LANGUAGES[language]
    word = rules.irregular.get(word, word)
    for pattern, by in rules.plurals:
        word = pattern.sub(by, word)
    stemmer = snowballstemmer.stemmer(rules.algorithm)  # a new one each time: it holds the word, threads may not share
    word = str(stemmer.stemWord(word))
    for pattern, by in rules.endings:
        word = pattern.sub(by, word)
    return word
