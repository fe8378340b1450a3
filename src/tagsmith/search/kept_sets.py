"""Sets of assets that a room above keeps and a search asks for by a field; it registers here how they are found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from psycopg.sql import SQL, Composable

from tagsmith.assets.scope import Scope
from tagsmith.search.parts import Field, NameFilter, Part, Query
from tagsmith.search.restrictions import Restrictions

Finder = Callable[[Scope, str], Composable]  # a statement whose rows are an `asset_id`
FINDERS: dict[Field, Finder] = {}
KEPT = frozenset({Field.COLLECTION})
_NOTHING = SQL("SELECT id AS asset_id FROM assets_asset WHERE FALSE")


def without_kept(query: Query) -> Query:
    """Return a query without what asks for such sets."""
    filters = tuple(part for part in query.filters if not _is_kept(part))
    return replace(query, filters=filters, excluded=tuple(part for part in query.excluded if not _is_kept(part)))


def within_kept(restrictions: Restrictions, scope: Scope, query: Query) -> Restrictions:
    """Return restrictions with those sets that a query asks for, and without those that it excludes."""
    return replace(
        restrictions,
        within=(*restrictions.within, *_sets(scope, query.filters)),
        without=(*restrictions.without, *_sets(scope, query.excluded)),
    )


def _sets(scope: Scope, parts: Iterable[Part]) -> Iterator[Composable]:
    for part in parts:
        if isinstance(part, NameFilter) and _is_kept(part):
            finder = FINDERS.get(part.field)
            yield finder(scope, part.value) if finder else _NOTHING


def _is_kept(part: Part) -> bool:
    return isinstance(part, NameFilter) and part.field in KEPT
