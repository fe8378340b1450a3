"""A query with what was found out about it, and pieces of statements that are made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from psycopg.sql import SQL, Composable, Literal

from tagsmith.search.lexemes import Lexemes, Text, all_of, any_of
from tagsmith.search.parts import Query
from tagsmith.search.restrictions import Restrictions
from tagsmith.search.sets import Numbers, assets

# A sum hides the order of the key: walking all texts in its order takes far longer than the planner believes.
_DOCUMENTS = SQL("(SELECT asset_id + 0 AS asset_id, text FROM search_document WHERE {}) AS here")
_ABSENT = SQL("here.asset_id NOT IN (SELECT asset_id FROM search_document WHERE {})")
_ASSETS = SQL("(SELECT id AS asset_id FROM assets_asset WHERE trashed IS NULL) AS here")


COUNTED = 10_000  # hits; beyond these it is only said that there are more


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
        """Hits of the first tier, ascending: all, or one more than `COUNTED`; without any texts, the newest."""
        order = SQL("") if self.texts else SQL("ORDER BY asset_id DESC")
        some = SQL("SELECT asset_id FROM {} {} LIMIT {}").format(self.in_metadata(), order, COUNTED + 1)
        return np.sort(assets(some))

    def written(self, instead: Mapping[Text, str] = MappingProxyType({})) -> list[str]:
        """Return the tsqueries of all texts; `instead` has narrower ones."""
        return [instead.get(text) or self.lexemes.of(text) for text in self.texts]

    def in_metadata(self, instead: Mapping[Text, str] = MappingProxyType({})) -> Composable:
        """Return the rows `here` with these texts in their metadata that meet the restrictions."""
        queries = [*self.written(instead), *self.restrictions.wanted]
        queries += (f"!{one}" for one in self.restrictions.unwanted)
        if not queries:
            return SQL("{} WHERE {}").format(_ASSETS, self.restrictions.where())
        return SQL("{} WHERE {}").format(_DOCUMENTS.format(matches(queries)), self.restrictions.where())

    def not_in_metadata(self) -> Composable:
        """Return that not all terms are in the metadata of the asset of a row `here`."""
        return _ABSENT.format(matches([*map(self.lexemes.of, self.query.terms)]))

    def restricted(self, *more: Composable) -> Composable:
        """Return these conditions and the restrictions on rows `here` that are no documents."""
        inside = SQL("here.asset_id IN (SELECT asset_id FROM search_document WHERE {})")
        conditions = [*more]
        wanted = [*map(self.lexemes.of, self.query.phrases), *self.restrictions.wanted]
        if wanted:
            conditions.append(inside.format(matches(wanted)))
        if self.restrictions.unwanted:
            conditions.append(_ABSENT.format(matches([any_of(self.restrictions.unwanted)])))
        return self.restrictions.where(*conditions)


def matches(queries: Sequence[str]) -> Composable:
    """Return the condition that a text meets all tsqueries."""
    return SQL("text @@ {}::tsquery").format(Literal(all_of(queries)))


def ids(tags: Iterable[int]) -> Composable:
    """Return tags as an array."""
    return SQL("{}::bigint[]").format(Literal(sorted(tags)))
