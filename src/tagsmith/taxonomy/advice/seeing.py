"""Whether images can tell that a title fits: by words that name what none shows, or what is too fine to see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tagsmith.sentences import Sentence, fill, forms
from tagsmith.taxonomy.advice.findings import Kind
from tagsmith.taxonomy.advice.lexicon import FINE, NOWHERE, Found, Lexicon, Term, Topic, lexicon
from tagsmith.taxonomy.advice.spelling import as_written, folded, words_of

_SIGNS = (  # what counts in any title
    (Topic.TIME, re.compile(r"\b(?:19|20)\d\d\b(?!年代)")),
    (Topic.TIME, re.compile(r"(?:19|20)\d\d年")),
    (Topic.SEASON, re.compile(r"\b(?:ss|fs|aw|fw|hw|pv|pe|oi|ai)\s?(?:20)?\d\d\b")),
    (Topic.PRICE, re.compile(r"[€$£¥₩]\s?\d|\d\s?(?:[€£¥₩]|(?:eur|usd|chf|gbp|euros?|dollars?)\b|[元円원])")),
    (Topic.MAKE, re.compile(r"\d\s?%")),
    (Topic.SIZE, re.compile(r"\b(?:size|grosse|taille|talla|taglia|tamanho)\s\d+|サイズ\d|尺码\d")),
    (Topic.SIZE, re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:ml|cl|g|kg|mg|cm|inch|zoll|oz|lbs?)\b")),
)
_CODES = (  # what counts as a term: in a title that holds nothing else
    (Topic.TIME, re.compile(r"(?:19|20)?\d0(?:s|er|ern)|q[1-4]|h[12]|[1-4]q")),
)

REASONS = {
    Topic.TIME: forms("“{word}” is a time, and no image shows when it was"),
    Topic.SEASON: forms("“{word}” is a season, and most images show no sign of one"),
    Topic.MOOD: forms("“{word}” is a mood or an emotion, which everybody sees in other images"),
    Topic.PRICE: forms("“{word}” is about a price, which no image shows"),
    Topic.JUDGEMENT: forms("“{word}” is a judgement, on which people differ"),
    Topic.MAKE: forms("“{word}” says what something is made of or can do, which its looks do not tell"),
    Topic.STATE: forms("“{word}” is a state of stock, work or rights, which no image shows"),
    Topic.SIZE: forms("“{word}” is a size or a weight, and images have no scale"),
    Topic.SENSE: forms("“{word}” is heard, smelled, tasted or felt, and not seen"),
    Topic.REST: forms("“{word}” is what is left over: such images have nothing in common"),
    Topic.COLLAR: forms("“{word}” is a detail, and images are looked at whole, a few hundred pixels wide"),
    Topic.FIT: forms("“{word}” is a fine difference of cut, which depends on who wears it and how it hangs"),
    Topic.LOGO: forms("“{word}” is a detail, and images are looked at whole, a few hundred pixels wide"),
    Topic.PART: forms("“{word}” is a detail, and images are looked at whole, a few hundred pixels wide"),
}
_FIELD = forms("keep it in a field of the asset, or leave the tag to people")
_CLOSE = forms("teach it with close-ups alone, tag what it is a part of, or leave the tag to people")
REMEDIES = {
    Topic.TIME: forms("keep it in a field of the asset, such as the capture date, or leave the tag to people"),
    Topic.SEASON: forms("tag the signs instead, such as snow, blossom or coats, or leave the tag to people"),
    Topic.MOOD: forms("tag what is seen instead, such as a smile, tears or candlelight, or leave the tag to people"),
    Topic.JUDGEMENT: forms("tag what is seen instead, or leave the tag to people"),
    Topic.SENSE: forms("tag what is seen instead, or leave the tag to people"),
    Topic.REST: forms("leave such images without a tag; tag models can always say “none of these”"),
}


@dataclass(frozen=True)
class Unseen:
    """Why images cannot tell whether a title fits: what it names, the words that say so, and what helps."""

    topic: Topic
    word: str

    @property
    def kind(self) -> Kind:
        """What a finding of it is about."""
        return Kind.TOO_FINE if self.topic in FINE else Kind.UNSEEN

    @property
    def reason(self) -> Sentence:
        """Why, in plain words."""
        return fill(REASONS[self.topic], word=self.word)

    @property
    def remedy(self) -> Sentence:
        """What helps."""
        return fill(REMEDIES.get(self.topic, _CLOSE if self.topic in FINE else _FIELD))


def unseen(text: str, language: str = NOWHERE) -> Unseen | None:
    """Return why images cannot tell whether a title in a language fits; None if nothing speaks against it.

    A word counts in titles of all languages, unless it means something else in another.
    """
    known, whole = lexicon(), folded(text)
    words = known.taken_apart(words_of(text))
    found = _anywhere(known, words, language) or _sign(known, whole) or _nothing_else(known, words, language)
    return Unseen(found[0], as_written(text, found[1])) if found else None


def _sign(known: Lexicon, whole: str) -> Found | None:
    for topic, pattern in _SIGNS:
        if match := pattern.search(whole):
            return topic, words_of(whole if topic in (Topic.PRICE, Topic.MAKE) else match[0])
    return known.inside(whole)


def _anywhere(known: Lexicon, words: Sequence[str], language: str) -> Found | None:
    for start in range(len(words)):
        for term in known.at(words, start, language):
            if term.anywhere and term.topic:
                return term.topic, term.words
    return None


def _nothing_else(known: Lexicon, words: Sequence[str], language: str) -> Found | None:
    """Return the first term of a title that holds nothing but terms and padding."""
    first: Found | None = None
    place = 0
    while place < len(words):
        term = next(known.at(words, place, language), None) or _code(words[place])
        if term is None:
            return None
        if term.topic and first is None:
            first = term.topic, term.words
        place += len(term.words)
    return first


def _code(word: str) -> Term | None:
    if word.isdecimal():
        return Term((word,), None, anywhere=False, only=None)
    topic = next((topic for topic, pattern in _CODES if pattern.fullmatch(word)), None)
    return Term((word,), topic, anywhere=False, only=None) if topic else None
