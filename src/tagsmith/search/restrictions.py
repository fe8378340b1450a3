"""What restricts every tier, as SQL: where the caller may look, filters, and what is excluded.

A restriction speaks of `here.asset_id`, whatever `here` is. What restricts texts is no SQL but tsqueries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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
from tagsmith.search.tag_words import TagWords

NOWHERE = SQL("FALSE")
OWN, SMART = "curation_humantag", "tagging_smarttag"
_COLUMNS = {
    Field.WIDTH: SQL("asset.width"),
    Field.HEIGHT: SQL("asset.height"),
    Field.SIZE: SQL("asset.size"),
    Field.CREATED: SQL("coalesce(asset.captured, asset.imported)"),
    Field.MODIFIED: SQL("asset.modified"),
}
_FORMATS = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"}


@dataclass(frozen=True)
class Restrictions:
    """Conditions on `here.asset_id`, the tsqueries that the text must meet, and those that it must not."""

    conditions: tuple[Composable, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    def where(self, *more: Composable) -> Composable:
        """Return all conditions and these in one."""
        return SQL(" AND ").join([*more, *self.conditions])


@dataclass(frozen=True)
class Restricting:
    """Makes restrictions of queries; knows the tags and how words are looked up."""

    tags: TagWords
    lexemes: Lexemes

    def of(self, scope: Scope, query: Query) -> Restrictions:
        """Return what a query's phrases, filters and exclusions, and the caller's scope, restrict."""
        wanted = [self.lexemes.of(one) for one in query.phrases]
        wanted += [self._text(one) for one in query.filters if isinstance(one, TextFilter)]
        unwanted = [self._text(one) for one in query.excluded if isinstance(one, Term | Phrase | TextFilter)]
        conditions = [_visible(scope), *map(self._filter, _without_texts(query.filters))]
        for one in query.excluded:
            conditions += self._excluding(one)
        return Restrictions(tuple(conditions), tuple(wanted), tuple(unwanted))

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
        if isinstance(part, NumberFilter) and part.field is Field.CONFIDENCE:
            return self._confidence(part)
        if isinstance(part, NumberFilter | DateFilter):
            return _of_asset(_between(_COLUMNS[part.field], part))
        assert isinstance(part, NameFilter)  # noqa: S101 - texts are elsewhere
        return self._named(part)

    def _named(self, part: NameFilter) -> Composable:
        match part.field:
            case Field.TAGS:
                found = find_tags(self.tags, part.value)
                return _has({OWN: found, SMART: self.tags.living(found)})
            case Field.MODEL:
                return self._smart(
                    SQL("version_id = ANY({}::bigint[])").format(Literal(find_model_versions(part.value)))
                )
            case Field.PATH:
                return _at_path(part.value)
            case Field.TYPE:
                return _of_asset(_of_format(part.value))
            case _:
                states = [state.value for state in State if fold(part.value) in (state.value, fold(state.label))]
                return _of_asset(SQL("asset.state = ANY({}::text[])").format(Literal(states)))

    def _confidence(self, part: NumberFilter) -> Composable:
        return self._smart(_between(SQL("confidence"), part))

    def _smart(self, condition: Composable) -> Composable:
        """Return that the asset has a smart tag like this; those of deleted tags do not count."""
        dead = self.tags.dead()
        if dead:
            condition = SQL("{} AND tag_id <> ALL({}::bigint[])").format(condition, Literal(dead))
        return SQL("here.asset_id IN (SELECT asset_id FROM tagging_smarttag WHERE {})").format(condition)


def _without_texts(filters: Iterable[Filter]) -> Iterator[Filter]:
    return (one for one in filters if not isinstance(one, TextFilter))


def _visible(scope: Scope) -> Composable:
    """Return that an asset is not in the trash and that the caller may see it."""
    if scope.paths is None:
        return SQL("NOT EXISTS (SELECT FROM assets_asset WHERE id = here.asset_id AND trashed IS NOT NULL)")
    tops = [_at_or_below(path) for path in scope.tops()]
    return SQL(
        "here.asset_id IN (SELECT id FROM assets_asset WHERE trashed IS NULL"
        " AND folder_id IN (SELECT id FROM assets_folder AS folder WHERE {}))"
    ).format(SQL(" OR ").join(tops) if tops else NOWHERE)


def _at_or_below(path: str) -> Composable:
    if not path:
        return SQL("TRUE")
    return SQL("(folder.path = {} OR folder.path LIKE {})").format(Literal(path), Literal(like(path + "/") + "%"))


def _of_asset(condition: Composable) -> Composable:
    return SQL(
        "EXISTS (SELECT FROM assets_asset AS asset WHERE asset.id = here.asset_id AND asset.trashed IS NULL AND {})"
    ).format(condition)


def _between(column: Composable, part: NumberFilter | DateFilter) -> Composable:
    bounds = [(SQL(">="), part.start), (SQL("<"), part.end)]
    return SQL(" AND ").join(
        SQL("{} {} {}").format(column, sign, Literal(bound)) for sign, bound in bounds if bound is not None
    )


def _at_path(value: str) -> Composable:
    """Return that the path begins so, up to any point; with wildcards, that it is so as a whole."""
    path = value.strip("/")
    if has_wildcard(path):
        whole = SQL("ltrim(folder.path || '/' || asset.name, '/') ILIKE {}").format(Literal(like(path)))
        return SQL("here.asset_id IN ({})").format(_places(whole))
    above, _, name = path.rpartition("/")
    below = SQL("folder.path ILIKE {}").format(Literal(like(path) + "%"))
    beside = SQL("folder.path ILIKE {} AND asset.name ILIKE {}").format(Literal(like(above)), Literal(like(name) + "%"))
    return SQL("here.asset_id IN ({} UNION ALL {})").format(_places(below), _places(beside))


def _places(condition: Composable) -> Composable:
    return SQL(
        "SELECT asset.id FROM assets_asset AS asset JOIN assets_folder AS folder ON folder.id = asset.folder_id"
        " WHERE asset.trashed IS NULL AND {}"
    ).format(condition)


def _of_format(value: str) -> Composable:
    name = fold(value).removeprefix("image/").removeprefix(".")
    return SQL("asset.format ILIKE {}").format(Literal(like(_FORMATS.get(name, name))))


def _has(tags: Mapping[str, Iterable[int]]) -> Composable:
    """Return that an asset has one of the tags of a table, for any of these tables."""
    tagged = SQL("SELECT asset_id FROM {} WHERE tag_id = ANY({}::bigint[])")
    each = (tagged.format(Identifier(table), Literal(sorted(ids))) for table, ids in tags.items())
    return SQL("here.asset_id IN ({})").format(SQL(" UNION ALL ").join(each))
