"""Why an asset is a hit: which term or phrase of the search is where. Worked out for a page's assets only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.utils.translation import gettext_noop
from psycopg.sql import SQL, Composable, Literal

from tagsmith.search.documents import CUSTOM, MARKS, NAME, RIGHTS
from tagsmith.search.lexemes import Text
from tagsmith.search.parts import Field, Phrase
from tagsmith.search.prepared import Search
from tagsmith.search.tag_words import TagWords

THOUSANDTHS = 1000


class Where(StrEnum):
    """Where a term can be, as people call it."""

    TITLE = gettext_noop("title")
    TAG = gettext_noop("tag")
    SMART_TAG = gettext_noop("smart tag")
    DESCRIPTION = gettext_noop("description")
    KEYWORDS = gettext_noop("keywords")
    CREATOR = gettext_noop("creator")
    RIGHTS = gettext_noop("rights")
    NAME = gettext_noop("file name")
    CUSTOM = gettext_noop("custom fields")


_FIELDS = {
    Where.TITLE: MARKS[Field.TITLE],
    Where.DESCRIPTION: MARKS[Field.DESCRIPTION],
    Where.KEYWORDS: MARKS[Field.KEYWORDS],
    Where.CREATOR: MARKS[Field.CREATOR],
    Where.RIGHTS: MARKS[RIGHTS],
    Where.NAME: MARKS[NAME],
    Where.CUSTOM: MARKS[CUSTOM],
}
_FOUND_IN = SQL("(SELECT json_agg(text @@ query) FROM unnest({}::text[]::tsquery[]) AS query)")
_OWN = SQL(
    "(SELECT json_agg(tag_id ORDER BY tag_id) FROM curation_humantag"
    " WHERE asset_id = asset.id AND tag_id = ANY({}::bigint[]))"
)
_SMART = SQL(
    "(SELECT json_agg(json_build_array(tag_id, confidence) ORDER BY confidence DESC, tag_id) FROM tagging_smarttag"
    " WHERE asset_id = asset.id AND tag_id = ANY({}::bigint[]))"
)


@dataclass(frozen=True)
class Reason:
    """A term (or a phrase, quoted) and where it is; for a tag also its key, title and, of a smart tag, confidence."""

    term: str
    where: Where
    key: str = ""
    title: str = ""
    confidence: float | None = None


Fact = tuple[list[bool] | None, list[int] | None, list[tuple[int, int]] | None]
_Given = tuple[int, Where, float | None]


class Explaining:
    """Tells reasons from what the database says of an asset in one column."""

    def __init__(self, search: Search, tags: TagWords) -> None:
        self._search = search
        self._tags = tags
        self._found: list[tuple[Text, set[int]]] = [(text, tags.finds(text)) for text in search.texts]

    def column(self) -> Composable:
        """Return what tells of rows `asset` and `document`, as JSON: for each text its fields, and the tags found."""
        queries = [self._search.lexemes.of(text, (mark,)) for text, _ in self._found for mark in _FIELDS.values()]
        own = sorted(set().union(*(found for _, found in self._found)))
        return SQL("json_build_array({}, {}, {})").format(
            _FOUND_IN.format(Literal(queries)),
            _OWN.format(Literal(own)),
            _SMART.format(Literal(self._search.found_tags)),
        )

    def reasons(self, fact: Fact) -> tuple[Reason, ...]:
        """Return why an asset is found, from the value of its column."""
        fields, own, smart = fact
        given: list[_Given] = [(tag, Where.TAG, None) for tag in own or ()]
        given += [(tag, Where.SMART_TAG, confidence / THOUSANDTHS) for tag, confidence in smart or ()]
        is_in = iter(fields or ())
        return tuple(
            reason
            for text, found in self._found
            for reason in self._of(text, islice(is_in, len(_FIELDS)), [one for one in given if one[0] in found])
        )

    def _of(self, text: Text, is_in: Iterable[bool], given: Iterable[_Given]) -> Iterator[Reason]:
        """Yield the reasons of one text; a phrase is looked for in metadata only."""
        yield from (Reason(str(text), where) for where, holds in zip(_FIELDS, is_in, strict=True) if holds)
        for tag, where, confidence in given:
            known = self._tags.known(tag)
            if known is not None and not (where is Where.SMART_TAG and isinstance(text, Phrase)):
                yield Reason(str(text), where, known.key, known.title, confidence)
