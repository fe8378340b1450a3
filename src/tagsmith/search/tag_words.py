"""The words by which tags are found, and which tags a term finds: its own words and those of the tags above it.

The taxonomy is read anew when it has changed: its state is asked for each time, by one cheap query.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from tagsmith.search.analysis import sought, stem_lexeme, terms_of, words
from tagsmith.search.beginnings import Beginnings
from tagsmith.search.folding import fold
from tagsmith.search.parts import Phrase, Term
from tagsmith.search.stems import DEFAULT, language_of
from tagsmith.taxonomy.models import Label, Tag

_STATE = """
    SELECT (SELECT row(count(*), sum(extract(epoch FROM modified)), sum(extract(epoch FROM deleted)))::text
              FROM taxonomy_tag),
           (SELECT row(count(*), max(id))::text FROM taxonomy_label)
"""


class Wording(NamedTuple):
    """One of a tag's words as it is written: a title, a synonym, or its name, which has no language."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class KnownTag:
    """A tag that lives or was deleted, with its own words; `key` is that of its last place."""

    id: int
    key: str
    title: str
    parent: int | None
    is_live: bool
    wordings: tuple[Wording, ...]


class TagWords:
    """All tags at one state of the taxonomy. A merged tag is the one that it became."""

    def __init__(self, tags: Iterable[KnownTag], merged: dict[int, int]) -> None:
        self.tags = {tag.id: tag for tag in tags}
        self.merged = merged

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages whose stems occur."""
        own = {wording.language for tag in self.tags.values() for wording in tag.wordings}
        return tuple(sorted({language_of(one) for one in own} | {DEFAULT}))

    def known(self, tag_id: int) -> KnownTag | None:
        """Return a tag; for a merged one, what it became."""
        return self.tags.get(self.merged.get(tag_id, tag_id))

    def with_those_above(self, tag_id: int) -> Iterator[KnownTag]:
        """Yield a tag, then its parent, and so on."""
        tag = self.known(tag_id)
        while tag is not None:
            yield tag
            tag = self.tags.get(tag.parent) if tag.parent is not None else None

    def below(self, tag_ids: Iterable[int]) -> set[int]:
        """Return these tags and all below them, and those that were merged into any of them."""
        found: set[int] = set()
        open_ids = [self.merged.get(one, one) for one in tag_ids]
        while open_ids:
            tag = open_ids.pop()
            if tag not in found:
                found.add(tag)
                open_ids += self._children.get(tag, ())
        return found | {source for source, target in self.merged.items() if target in found}

    def living(self, tag_ids: Iterable[int]) -> list[int]:
        """Return those of the tags that are not deleted: only these have smart tags."""
        known = ((one, self.known(one)) for one in tag_ids)
        return sorted(one for one, tag in known if tag is not None and tag.is_live)

    def dead(self) -> list[int]:
        """Return the tags whose smart tags do not count."""
        everything = [*self.tags, *self.merged]
        return sorted(set(everything) - set(self.living(everything)))

    def finds(self, part: Term | Phrase) -> set[int]:
        """Return the tags that a term or phrase finds, with those below them."""
        if isinstance(part, Phrase):
            holders = (
                tag for tag in self._with_words_of(part) if any(holds(one.text, part.text) for one in tag.wordings)
            )
            return self.below(tag.id for tag in holders)
        if part.is_pattern:
            pattern = wildcard(part.text)
            return self.below(tag for word, tags in self._by_word.items() if pattern.fullmatch(word) for tag in tags)
        if words(part.text)[0].dense:
            return self.below(tag for run, tags in self._by_run.items() if part.text in run for tag in tags)
        lexemes = forms(part.text, self.languages)
        return self.below(tag for lexeme in lexemes for tag in self._by_lexeme.get(lexeme, ()))

    def named(self, name: str) -> set[int]:
        """Return the tags of which a title, a synonym or the name consists of these words, or other forms of them."""
        return set().union(*(self._by_stems.get(_stems(name, one), set()) for one in self.languages))

    def _with_words_of(self, phrase: Phrase) -> list[KnownTag]:
        """Return the tags that have all lexemes of a phrase, in a row or not."""
        each = (self._by_lexeme.get(part.lexeme, set()) for part in sought(phrase.text) if not part.prefix)
        return [self.tags[tag] for tag in set(self.tags).intersection(*each)]

    @cached_property
    def beginnings(self) -> Beginnings:
        """The tags that live by how their words begin."""
        living = (tag for tag in self.tags.values() if tag.is_live)
        return Beginnings((tag.id, tag.wordings) for tag in living)

    @cached_property
    def by_spelling(self) -> dict[str, set[int]]:
        """The tags by what they are called, folded: titles, synonyms, names, ids with and without the namespace."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for tag in self.tags.values():
            for text in (*(one.text for one in tag.wordings), tag.key, tag.key.partition(":")[2]):
                found[fold(text)].add(tag.id)
        return dict(found)

    @cached_property
    def _by_stems(self) -> dict[tuple[str, ...], set[int]]:
        found: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for tag in self.tags.values():
            for wording in tag.wordings:
                found[_stems(wording.text, wording.language)].add(tag.id)
        return dict(found)

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        children: defaultdict[int, list[int]] = defaultdict(list)
        for tag in self.tags.values():
            if tag.parent is not None:
                children[tag.parent].append(tag.id)
        return dict(children)

    @cached_property
    def _by_lexeme(self) -> dict[str, set[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for tag in self.tags.values():
            for wording in tag.wordings:
                for lexeme, _ in terms_of(wording.text, wording.language):
                    found[lexeme].add(tag.id)
        return dict(found)

    @cached_property
    def _by_word(self) -> dict[str, set[int]]:
        return self._by_piece(dense=False)

    @cached_property
    def _by_run(self) -> dict[str, set[int]]:
        return self._by_piece(dense=True)

    def _by_piece(self, *, dense: bool) -> dict[str, set[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for tag in self.tags.values():
            for wording in tag.wordings:
                for word in words(wording.text):
                    if word.dense is dense:
                        found[word.text].add(tag.id)
        return dict(found)


def holds(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase as it is written."""
    held = terms_of(text)
    places = [
        {
            position - part.offset
            for lexeme, position in held
            if (lexeme.startswith(part.lexeme) if part.prefix else lexeme == part.lexeme)
        }
        for part in sought(phrase)
    ]
    return bool(places) and bool(set.intersection(*places))


def forms(word: str, languages: Iterable[str]) -> list[str]:
    """Return the lexemes under which a folded word and its other forms are found: stems, where it has any."""
    stems = (stem_lexeme(word, language) for language in languages)
    return list(dict.fromkeys(one for one in stems if one is not None)) or [word]


def wildcard(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a text in which `*` and `?` stand for characters."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _stems(text: str, language: str | None) -> tuple[str, ...]:
    return tuple(stem_lexeme(word.text, language) or word.text for word in words(text))


def tag_words() -> TagWords:
    """Return the tags as the caller's transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        state = cursor.fetchone()
    if not _known or _known[0][0] != state:
        _known[:] = [(state, _read())]
    return _known[0][1]


_known: list[tuple[object, TagWords]] = []


def _read() -> TagWords:
    wordings: defaultdict[int, list[Wording]] = defaultdict(list)
    titles: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for label in Label.objects.order_by("tag", "-is_title", "language", "text"):
        wordings[label.tag_id].append(Wording(label.text, label.language))
        if label.is_title:
            titles[label.tag_id][label.language] = label.text
    rows = list(Tag.objects.only("key", "name", "parent", "deleted", "merged_into"))
    tags = (
        KnownTag(
            row.pk,
            row.key,
            titles[row.pk].get("en", row.name),
            row.parent_id,
            row.deleted is None,
            (*wordings[row.pk], Wording(row.name)),
        )
        for row in rows
        if row.merged_into_id is None
    )
    return TagWords(tags, {row.pk: row.merged_into_id for row in rows if row.merged_into_id is not None})
