"""A query with what was found out about it: its hits of the first tier, and what restricts those of any tier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from psycopg.sql import SQL, Composable, Literal

from tagsmith.search.documents import MARKS
from tagsmith.search.lexemes import Lexemes, Text, all_of
from tagsmith.search.parts import Field, Query
from tagsmith.search.restrictions import Restrictions
from tagsmith.search.sets import Numbers, among, assets, written

COUNTED = 10_000  # hits; beyond these it is only said that there are more
FEW = 1000  # assets: each is looked up in what restricts them, rather than all of that fetched
TITLE = (MARKS[Field.TITLE],)
# A sum hides the order of the key: walking all texts in its order takes far longer than the planner believes.
_TEXTS = SQL("(SELECT asset_id + 0 AS asset_id FROM search_document WHERE {}) AS here")
_LIVE = SQL("(SELECT id AS asset_id FROM assets_asset WHERE trashed IS NULL) AS here")


@dataclass(frozen=True)
class Search:
    """A query with what was found out about it: its restrictions, its tsqueries, the tags that each term finds."""

    query: Query
    restrictions: Restrictions
    lexemes: Lexemes
    tags: tuple[list[int], ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """What relevance is about."""
        return (*self.query.terms, *self.query.phrases)

    @property
    def found_tags(self) -> list[int]:
        """The tags that any of the terms finds."""
        return sorted(set().union(*self.tags))

    @cached_property
    def hits(self) -> Numbers:
        """Hits of the first tier: all; without any texts, the newest, at most one more than `COUNTED`."""
        return self._with_texts(self.written()) if self.texts else self.newest(COUNTED + 1)

    @cached_property
    def in_titles(self) -> Numbers:
        """Hits that have all texts in their titles."""
        return self._with_texts(self.written({text: self.lexemes.of(text, TITLE) for text in self.texts}))

    def newest(self, number: int, before: int | None = None) -> Numbers:
        """Return so many hits of a search without texts, the newest first; those older than an asset."""
        older = [SQL("here.asset_id < {}").format(before)] if before is not None else []
        queries = self._of_texts([])
        rows = _TEXTS.format(matches(queries)) if queries else _LIVE
        return assets(
            SQL("SELECT asset_id FROM {} WHERE {} ORDER BY asset_id DESC LIMIT {}").format(
                rows, self.restrictions.where(*older), number
            )
        )

    def written(self, instead: Mapping[Text, str] = MappingProxyType({})) -> list[str]:
        """Return the tsqueries of all texts; `instead` has narrower ones."""
        return [instead.get(text) or self.lexemes.of(text) for text in self.texts]

    def meeting(self, found: Numbers) -> Numbers:
        """Return which of these assets, ascending, meet everything that restricts every tier."""
        for some in written([*map(self.lexemes.of, self.query.phrases), *self.restrictions.wanted]):
            found = found[among(found, some)]
        for some in written(self.restrictions.unwanted):
            found = found[~among(found, some)]
        return self._kept(found)

    @cached_property
    def _within(self) -> list[Numbers]:
        return [*map(assets, self.restrictions.within)]

    @cached_property
    def _without(self) -> list[Numbers]:
        return [*map(assets, self.restrictions.without)]

    def _with_texts(self, queries: Sequence[str]) -> Numbers:
        (found,) = written([all_of(self._of_texts(queries))])
        return self._kept(found)

    def _kept(self, found: Numbers) -> Numbers:
        """Return which of these assets meet all restrictions but those on texts; in the same order."""
        if len(found) <= FEW and self.restrictions.within:
            rows = SQL("SELECT asset_id FROM unnest({}::bigint[]) AS here (asset_id) WHERE {}")
            return found[among(found, assets(rows.format(Literal(found.tolist()), self.restrictions.where())))]
        for some in self._within:
            found = found[among(found, some)]
        for some in self._without:
            found = found[~among(found, some)]
        return found

    def _of_texts(self, queries: Sequence[str]) -> list[str]:
        return [*queries, *self.restrictions.wanted, *(f"!{one}" for one in self.restrictions.unwanted)]


def matches(queries: Sequence[str]) -> Composable:
    """Return the condition that a text meets all tsqueries."""
    return SQL("text @@ {}::tsquery").format(Literal(all_of(queries)))


def ids(tags: Iterable[int]) -> Composable:
    """Return tags as an array."""
    return SQL("{}::bigint[]").format(Literal(sorted(tags)))
