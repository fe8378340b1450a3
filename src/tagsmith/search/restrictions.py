"""What restricts every tier, as SQL: where the caller may look, filters, and what is excluded.

Columns of the asset are asked for together: an index holds them beside each other (`search_measures`). Any other
restriction speaks of `here.asset_id`, whatever `here` is. What restricts texts is no SQL but tsqueries.
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
FEW = 1000  # folders
_NOT_IN_TRASH = SQL("NOT EXISTS (SELECT FROM assets_asset WHERE id = here.asset_id AND trashed IS NOT NULL)")
OWN, SMART = "curation_humantag", "tagging_smarttag"
_COLUMNS = {
    Field.WIDTH: SQL("asset.width"),
    Field.HEIGHT: SQL("asset.height"),
    Field.SIZE: SQL("asset.size"),
    Field.CREATED: SQL("coalesce(asset.captured, asset.imported)"),
    Field.MODIFIED: SQL("asset.modified"),
}
_OF_ASSET = {*_COLUMNS, Field.PATH, Field.TYPE, Field.STATUS}
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"}


@dataclass(frozen=True)
class Restrictions:
    """Conditions on `here.asset_id` and on rows `asset`; tsqueries that the text must meet, or must not."""

    conditions: tuple[Composable, ...]
    of_asset: tuple[Composable, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    def where(self, *more: Composable) -> Composable:
        """Return all conditions and these in one; what is in the trash meets none."""
        is_live = _of_asset(*self.of_asset) if self.of_asset else _NOT_IN_TRASH
        return SQL(" AND ").join([*more, is_live, *self.conditions])


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
        conditions = [*map(self._filter, others), *chain.from_iterable(map(self._excluding, query.excluded))]
        of_asset = [*_visible(scope), *map(_measured, measures)]
        return Restrictions(tuple(conditions), tuple(of_asset), tuple(wanted), tuple(unwanted))

    def _text(self, part: Part) -> str:
        if isinstance(part, TextFilter):
            return self.lexemes.of(part.text, (MARKS[part.field],))
        assert isinstance(part, Term | Phrase)  # noqa: S101 - the caller has looked
        return self.lexemes.of(part)

    def _excluding(self, part: Part) -> Iterator[Composable]:
        """Yield conditions: what is excluded is not among the smart tags either."""
        if isinstance(part, Term | Phrase):
            if smart := self.tags.living(self.tags.finds(part)):
                yield SQL("NOT {}").format(_has({SMART: smart}))
        elif not isinstance(part, TextFilter):
            yield SQL("NOT coalesce({}, FALSE)").format(self._filter(part))

    def _filter(self, part: Filter | Part) -> Composable:
        if _is_of_asset(part):
            return _of_asset(_measured(part))
        if isinstance(part, NumberFilter):
            return self._smart(_between(SQL("confidence"), part))
        assert isinstance(part, NameFilter)  # noqa: S101 - texts are elsewhere
        return self._named(part)

    def _named(self, part: NameFilter) -> Composable:
        if part.field is Field.TAGS:
            found = find_tags(self.tags, part.value)
            return _has({OWN: found, SMART: self.tags.living(found)})
        versions = find_model_versions(part.value)
        return self._smart(SQL("version_id = ANY({}::bigint[])").format(Literal(versions)))

    def _smart(self, condition: Composable) -> Composable:
        """Return that the asset has a smart tag like this; those of deleted tags do not count."""
        dead = self.tags.dead()
        if dead:
            condition = SQL("{} AND tag_id <> ALL({}::bigint[])").format(condition, Literal(dead))
        return SQL("here.asset_id IN (SELECT asset_id FROM tagging_smarttag WHERE {})").format(condition)


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
        case _:
            states = [state.value for state in State if fold(part.value) in (state.value, fold(state.label))]
            return SQL("asset.state = ANY({}::text[])").format(Literal(states))


def _of_asset(*conditions: Composable) -> Composable:
    return SQL(
        "here.asset_id IN (SELECT asset.id FROM assets_asset AS asset WHERE asset.trashed IS NULL AND {})"
    ).format(SQL(" AND ").join(conditions))


def _between(column: Composable, part: NumberFilter | DateFilter) -> Composable:
    bounds = [(SQL(">="), part.start), (SQL("<"), part.end)]
    return SQL(" AND ").join(
        SQL("{} {} {}").format(column, sign, Literal(bound)) for sign, bound in bounds if bound is not None
    )


def _at_path(value: str) -> Composable:
    """Return that a row `asset` has a path that begins so, up to any point; with wildcards, that is so as a whole."""
    path = value.strip("/")
    if has_wildcard(path):
        whole = SQL("ltrim(folder.path || '/' || asset.name, '/') ILIKE {}").format(Literal(like(path)))
        return SQL("EXISTS (SELECT FROM assets_folder AS folder WHERE folder.id = asset.folder_id AND {})").format(
            whole
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
    """Return that an asset has one of the tags of a table, for any of these tables."""
    tagged = SQL("SELECT asset_id FROM {} WHERE tag_id = ANY({}::bigint[])")
    each = (tagged.format(Identifier(table), Literal(sorted(ids))) for table, ids in tags.items())
    return SQL("here.asset_id IN ({})").format(SQL(" UNION ALL ").join(each))
