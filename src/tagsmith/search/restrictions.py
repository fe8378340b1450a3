"""What restricts every tier, as sets of assets: where the caller may look, filters, and what is excluded.

A set is a statement whose rows are an `asset_id`. Columns of the asset are asked for together: an index holds them
beside each other (`search_measures`). What restricts texts is no SQL but tsqueries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from psycopg.sql import SQL, Composable, Identifier, Literal

from tagsmith.assets.models import State
from tagsmith.assets.scope import Scope
from tagsmith.search.documents import MARKS
from tagsmith.search.folding import fold
from tagsmith.search.lexemes import Lexemes
from tagsmith.search.names import find_model_versions, find_tags, has_wildcard, like
from tagsmith.search.parts import (
    DateFilter,
    Field,
    Filter,
    NameFilter,
    NumberFilter,
    Part,
    Phrase,
    Query,
    Term,
    TextFilter,
)
from tagsmith.search.statements import fetch
from tagsmith.search.tag_words import TagWords

NOWHERE = SQL("FALSE")
_TRASH = SQL("SELECT id AS asset_id FROM assets_asset WHERE trashed IS NOT NULL")
FEW = 1000  # folders
OWN, SMART = "curation_humantag", "tagging_smarttag"
_TABLES = {Field.TAGS: (OWN, SMART), Field.SET: (OWN,), Field.SMART: (SMART,)}
_COLUMNS = {
    Field.WIDTH: SQL("asset.width"),
    Field.HEIGHT: SQL("asset.height"),
    Field.SIZE: SQL("asset.size"),
    Field.CREATED: SQL("coalesce(asset.captured, asset.imported)"),
    Field.MODIFIED: SQL("asset.modified"),
}
_OF_ASSET = {*_COLUMNS, Field.PATH, Field.TYPE, Field.ORIENTATION, Field.STATUS}
ORIENTATIONS = {"landscape": SQL(">"), "portrait": SQL("<"), "square": SQL("=")}  # width against height
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"}


@dataclass(frozen=True)
class Restrictions:
    """Sets that a hit is in, sets that it is not in (the trash is one); so with tsqueries that find its text."""

    within: tuple[Composable, ...]
    without: tuple[Composable, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    def where(self, *more: Composable) -> Composable:
        """Return these conditions and all sets as one condition on `here.asset_id`."""
        inside = [SQL("here.asset_id IN ({})").format(one) for one in self.within]
        outside = SQL("NOT EXISTS (SELECT FROM ({}) AS one WHERE one.asset_id = here.asset_id)")
        return SQL(" AND ").join([*more, *inside, *map(outside.format, self.without)])


@dataclass(frozen=True)
class Restricting:
    """Makes restrictions of queries; knows the tags and how words are looked up."""

    tags: TagWords
    lexemes: Lexemes

    def of(self, scope: Scope, query: Query) -> Restrictions:
        """Return what a query's filters and exclusions, and the caller's scope, restrict."""
        wanted = [self._text(one) for one in query.filters if isinstance(one, TextFilter)]
        unwanted = [self._text(one) for one in query.excluded if isinstance(one, Term | Phrase | TextFilter)]
        measures = [one for one in query.filters if _is_of_asset(one)]
        others = [one for one in query.filters if not (_is_of_asset(one) or isinstance(one, TextFilter))]
        of_asset = [*_visible(scope), *map(_measured, measures)]
        within = [*([_of_asset(*of_asset)] if of_asset else []), *map(self._filter, others)]
        without = [*([] if of_asset else [_TRASH]), *chain.from_iterable(map(self._excluding, query.excluded))]
        return Restrictions(tuple(within), tuple(without), tuple(wanted), tuple(unwanted))

    def _text(self, part: Part) -> str:
        if isinstance(part, TextFilter):
            return self.lexemes.of(part.text, (MARKS[part.field],))
        assert isinstance(part, Term | Phrase)  # noqa: S101 - the caller has looked
        return self.lexemes.of(part)

    def _excluding(self, part: Part) -> Iterator[Composable]:
        """Yield the sets of what is excluded; it is not among the smart tags either."""
        if isinstance(part, Term | Phrase):
            if smart := self.tags.living(self.tags.finds(part)):
                yield _has({SMART: smart})
        elif not isinstance(part, TextFilter):
            yield self._filter(part)

    def _filter(self, part: Filter | Part) -> Composable:
        if _is_of_asset(part):
            return _of_asset(_measured(part))
        if isinstance(part, NumberFilter):
            return self._smart(_between(SQL("confidence"), part))
        assert isinstance(part, NameFilter)  # noqa: S101 - texts are elsewhere
        return self._named(part)

    def _named(self, part: NameFilter) -> Composable:
        if part.field in _TABLES:
            found = find_tags(self.tags, part.value)
            tags = {OWN: found, SMART: self.tags.living(found)}
            return _has({table: tags[table] for table in _TABLES[part.field]})
        versions = find_model_versions(part.value)
        return self._smart(SQL("version_id = ANY({}::bigint[])").format(Literal(versions)))

    def _smart(self, condition: Composable) -> Composable:
        """Return the assets that have a smart tag like this; those of deleted tags do not count."""
        dead = self.tags.dead()
        if dead:
            condition = SQL("{} AND tag_id <> ALL({}::bigint[])").format(condition, Literal(dead))
        return SQL("SELECT asset_id FROM tagging_smarttag WHERE {}").format(condition)


def _visible(scope: Scope) -> Iterator[Composable]:
    """Yield that the caller may see a row `asset`, if that is restricted."""
    if scope.paths is not None:
        tops = [_at_or_below(path) for path in scope.tops()]
        yield _in_folders(SQL(" OR ").join(tops) if tops else NOWHERE)


def _at_or_below(path: str) -> Composable:
    if not path:
        return SQL("TRUE")
    return SQL("(path = {} OR path LIKE {})").format(Literal(path), Literal(like(path + "/") + "%"))


def _is_of_asset(part: Part) -> bool:
    """Whether a filter asks for something that a column of the asset holds."""
    return isinstance(part, NumberFilter | DateFilter | NameFilter) and part.field in _OF_ASSET


def _measured(part: Part) -> Composable:
    """Return the condition of such a filter on a row `asset`."""
    if isinstance(part, NumberFilter | DateFilter):
        return _between(_COLUMNS[part.field], part)
    assert isinstance(part, NameFilter)  # noqa: S101 - the caller has looked
    match part.field:
        case Field.PATH:
            return _at_path(part.value)
        case Field.TYPE:
            return _of_format(part.value)
        case Field.ORIENTATION:
            sign = ORIENTATIONS.get(fold(part.value))
            return SQL("asset.width {} asset.height").format(sign) if sign else NOWHERE
        case _:
            states = [state.value for state in State if fold(part.value) in (state.value, fold(str(state.label)))]
            return SQL("asset.state = ANY({}::text[])").format(Literal(states))


def _of_asset(*conditions: Composable) -> Composable:
    return SQL("SELECT asset.id AS asset_id FROM assets_asset AS asset WHERE asset.trashed IS NULL AND {}").format(
        SQL(" AND ").join(conditions)
    )


def _between(column: Composable, part: NumberFilter | DateFilter) -> Composable:
    bounds = [(SQL(">="), part.start), (SQL("<"), part.end)]
    return SQL(" AND ").join(
        SQL("{} {} {}").format(column, sign, Literal(bound)) for sign, bound in bounds if bound is not None
    )


def _at_path(value: str) -> Composable:
    """Return that a row `asset` has a path that begins so; with wildcards, that is so as a whole.

    A last slash ends a folder's name: `shoe/` is not in `shoes`.
    """
    path, is_folder = value.strip("/"), value.rstrip().endswith("/")
    if has_wildcard(path):
        path += "/*" * is_folder
        whole = SQL("ltrim(folder.path || '/' || asset.name, '/') ILIKE {}").format(Literal(like(path)))
        return SQL("EXISTS (SELECT FROM assets_folder AS folder WHERE folder.id = asset.folder_id AND {})").format(
            whole
        )
    if is_folder and path:
        return _in_folders(
            SQL("(path ILIKE {} OR path ILIKE {})").format(*(Literal(like(path + end)) for end in ("", "/*")))
        )
    above, _, name = path.rpartition("/")
    below = _in_folders(SQL("path ILIKE {}").format(Literal(like(path) + "%")))
    beside = _in_folders(SQL("path ILIKE {}").format(Literal(like(above))))
    return SQL("({} OR {} AND asset.name ILIKE {})").format(below, beside, Literal(like(name) + "%"))


def _in_folders(condition: Composable) -> Composable:
    """Return that a row `asset` is in such a folder; of few, PostgreSQL is told the ids, so that it plans better."""
    folders = SQL("SELECT id FROM assets_folder WHERE {}").format(condition)
    ids = [pk for (pk,) in fetch(SQL("{} LIMIT {}").format(folders, FEW + 1))]
    if len(ids) > FEW:
        return SQL("asset.folder_id IN ({})").format(folders)
    return SQL("asset.folder_id = ANY({}::bigint[])").format(Literal(ids))


def _of_format(value: str) -> Composable:
    name = fold(value).removeprefix("image/").removeprefix(".")
    return SQL("asset.format ILIKE {}").format(Literal(like(_FORMATS.get(name, name))))


def _has(tags: Mapping[str, Iterable[int]]) -> Composable:
    """Return the assets that have one of the tags of a table, for any of these tables."""
    tagged = SQL("SELECT asset_id FROM {} WHERE tag_id = ANY({}::bigint[])")
    each = (tagged.format(Identifier(table), Literal(sorted(ids))) for table, ids in tags.items())
    return SQL(" UNION ALL ").join(each)
