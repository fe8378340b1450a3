"""Titles that are nearly the same, across namespaces and languages, and synonyms that are other tags' titles.

Titles are put together by what is equal for those that are alike, so that none is held against all others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tagsmith.sentences import Sentence, say
from tagsmith.taxonomy.advice.findings import Finding, Kind, Named
from tagsmith.taxonomy.advice.likeness import is_slip, letters_of, same, singular, slips

CROWD = 20  # titles a slip apart that are held against each other

SAME = say("the same title, whatever its case, accents and spaces")
NUMBER = say("singular and plural, or two ways of spelling one word")
SLIP = say("a letter apart: one of them may be a slip")
TWICE = say("a synonym of one tag is the title of another: who looks for the one finds both")
MERGE = say("merge them if they mean the same, or give them titles that tell them apart")
TAKE_AWAY = say("take the synonym away, or merge the tags")


@dataclass(frozen=True)
class Text:
    """A word for a tag in a language: its title, or a synonym."""

    tag: int
    key: str
    text: str
    language: str
    is_title: bool = True

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words as they are compared."""
        return letters_of(self.text)


def alike(texts: Iterable[Text]) -> Iterator[Finding]:
    """Yield what is nearly the same; each finding names its tags, the synonym's first."""
    known = [text for text in texts if text.words]
    titles = [text for text in known if text.is_title]
    told = _Told()
    for reason, groups in ((SAME, _same(titles)), (NUMBER, _numbers(titles)), (SLIP, _slips(titles))):
        for group in groups:
            if told.joins(group):
                yield _finding(Kind.ALIKE, group, reason, MERGE)
    for pair in _synonyms(known):
        if told.joins(pair):
            yield _finding(Kind.SYNONYM, pair, TWICE, TAKE_AWAY)


class _Told:
    """Which tags have been told of together, so that the same is not said again for another reason."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def joins(self, texts: Iterable[Text]) -> bool:
        """Note that these belong together; return whether that is news."""
        tops = {self._top(text.tag) for text in texts}
        first = min(tops)
        self._above.update(dict.fromkeys(tops - {first}, first))
        return len(tops) > 1

    def _top(self, tag: int) -> int:
        while tag in self._above:
            tag = self._above[tag]
        return tag


def _finding(kind: Kind, texts: Iterable[Text], reason: Sentence, remedy: Sentence) -> Finding:
    named = {text.tag: Named(text.tag, text.key, text.text) for text in reversed(list(texts))}
    return Finding(kind, tuple(reversed(named.values())), reason, remedy)


def _same(titles: Iterable[Text]) -> Iterator[Sequence[Text]]:
    groups: defaultdict[str, list[Text]] = defaultdict(list)
    for text in titles:
        groups[same(text.words)].append(text)
    yield from groups.values()


def _numbers(titles: Iterable[Text]) -> Iterator[Sequence[Text]]:
    groups: defaultdict[tuple[str, str], list[Text]] = defaultdict(list)
    for text in titles:
        groups[text.language, singular(text.words, text.language)].append(text)
    yield from groups.values()


def _slips(titles: Iterable[Text]) -> Iterator[Sequence[Text]]:
    """Yield pairs; of titles that are written alike only the first is held against others."""
    by_language: defaultdict[str, dict[tuple[str, ...], Text]] = defaultdict(dict)
    for text in titles:
        by_language[text.language].setdefault(text.words, text)
    for different in by_language.values():
        near: defaultdict[int, list[Text]] = defaultdict(list)
        first: dict[int, Text] = {}
        for text in different.values():
            others: dict[tuple[str, ...], Text] = {}
            for key in map(hash, slips(text.words)):
                one = first.setdefault(key, text)
                if one is not text:  # most keys are of one title alone
                    others |= {other.words: other for other in (one, *near[key])}
                    near[key] = [*near[key], text][:CROWD]
            yield from ((other, text) for words, other in others.items() if is_slip(words, text.words))


def _synonyms(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    titles: defaultdict[str, list[Text]] = defaultdict(list)
    for text in texts:
        if text.is_title:
            titles[same(text.words)].append(text)
    for text in texts:
        if not text.is_title:
            yield from ((text, other) for other in titles.get(same(text.words), ()) if other.tag != text.tag)
