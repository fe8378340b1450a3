"""Finding tags by how a word of theirs begins, in any language, while it is typed. Knows nothing of the database."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from tagsmith.search.analysis import Word, words

LOOKED_AT = 400  # beginnings of one text: a single letter begins very many


class Beginning(NamedTuple):
    """A place in one of a tag's wordings from where it can be found: the folded rest, and how far in it is."""

    rest: str
    place: int
    tag: int
    wording: str
    language: str


class Beginnings:
    """All places in the words of tags from where they can be found, in order."""

    def __init__(self, tags: Iterable[tuple[int, Iterable[tuple[str, str | None]]]]) -> None:
        self._sorted = sorted(
            {one for tag, some in tags for text, language in some for one in _all(tag, text, language)}
        )

    def of(self, typed: Iterable[str], language: str = "en") -> list[Beginning]:
        """Return what begins with these folded words, the last perhaps not complete; best first, each tag once.

        Those in the reader's language come before others, and whole wordings before those that have more words first.
        """
        start = " ".join(typed)
        at = bisect_left(self._sorted, (start,))
        found = self._sorted[at : at + LOOKED_AT] if start else []
        same = takewhile(lambda one: one.rest.startswith(start), found)
        best: dict[int, Beginning] = {}
        own = {language, ""}
        for one in sorted(same, key=lambda one: (one.language not in own, one.place > 0, len(one.rest), one)):
            best.setdefault(one.tag, one)
        return list(best.values())


def _all(tag: int, text: str, language: str | None) -> Iterator[Beginning]:
    """Yield a tag's beginnings in one wording: at each word, and anywhere in a run without spaces."""
    found = words(text)
    for at, word in enumerate(found):
        rest = [one.text for one in found[at + 1 :]]
        for skipped in range(_parts(word)):
            yield Beginning(" ".join([word.text[skipped:], *rest]), at + skipped, tag, text, language or "")


def _parts(word: Word) -> int:
    return len(word.text) if word.dense else 1
