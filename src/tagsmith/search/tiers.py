"""The order of hits (S3) as statements: each gives the next places of one tier or two, in order.

They are apart so that most pages need the first only, and so that each goes the way that is short for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Literal

from tagsmith.search.documents import MARKS
from tagsmith.search.lexemes import Lexemes, Text, all_of, any_of
from tagsmith.search.parts import Field, Query
from tagsmith.search.places import NEAREST, Place
from tagsmith.search.restrictions import Restrictions

COUNTED = 10_000  # hits; beyond these it is only said that there are more
LOOKED_AT = 2 * COUNTED  # smart tags, of which an asset may have several
_TITLE, _TAGS = [MARKS[Field.TITLE]], [MARKS[Field.TAGS]]
_LEVELS = [_TITLE, _TAGS, [MARKS[Field.DESCRIPTION], MARKS[Field.KEYWORDS]], [""]]  # the last is anywhere
_MOST_RELEVANT = len(_LEVELS)  # of one text
_USUAL = 2  # most words are in descriptions

# A sum hides the order of the key: walking all texts in its order takes far longer than the planner believes.
_DOCUMENTS = SQL("(SELECT asset_id + 0 AS asset_id, text FROM search_document WHERE {}) AS here")
_ABSENT = SQL("here.asset_id NOT IN (SELECT asset_id FROM search_document WHERE {})")
_ASSETS = SQL("(SELECT id AS asset_id FROM assets_asset WHERE trashed IS NULL) AS here")


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


def places(search: Search, after: Place, size: int) -> list[Place]:
    """Return the places of the hits that come after one, in order."""
    found: list[Place] = []
    for statement in _statements(search, after, size):
        found += map(Place._make, fetch(statement))
        if len(found) >= size:
            break
    return found[:size]


def count(search: Search) -> int:
    """Return how many hits there are, at most one more than `COUNTED`."""
    number, tags = _count(search, LOOKED_AT)
    if number <= COUNTED and tags == LOOKED_AT:
        number, _ = _count(search, None)
    return number


def _count(search: Search, most: int | None) -> tuple[int, int]:
    """Return how many hits there are, and how many smart tags they have, of which at most so many are looked at.

    Those are looked at only if there is room for more hits.
    """
    sides = [SQL("SELECT 0 AS tags FROM {}").format(search.in_metadata())]
    if search.found_tags:
        is_found = SQL("tag_id = ANY({})").format(_ids(search.found_tags))
        tagged = SQL(
            "SELECT count(*) FROM (SELECT asset_id FROM tagging_smarttag AS here WHERE {} LIMIT {}) AS rows"
            " GROUP BY asset_id"
        )
        sides.append(tagged.format(search.restricted(is_found, search.not_in_metadata()), most))
    counts = SQL("SELECT count(*), coalesce(sum(tags), 0)::bigint FROM (SELECT * FROM ({}) AS hits LIMIT {}) AS found")
    ((number, tags),) = fetch(counts.format(_union(sides), COUNTED + 1))
    return number, tags


def _statements(search: Search, after: Place, size: int) -> Iterator[Composable]:
    if after.nearness >= NEAREST:
        if not search.texts:
            yield _newest(search.in_metadata(), 0, after, size)
        elif len(search.texts) == 1:
            yield _by_level(search, after, size)
        else:
            if after.relevance == 0 or after.relevance == _MOST_RELEVANT * len(search.texts):
                yield _in_titles(search, after, size)
            yield _most_relevant(search, after, size)
    if search.found_tags:
        yield (_in_smart_tag if len(search.texts) == 1 else _in_smart_tags)(search, after, size)


def _newest(here: Composable, relevance: int, after: Place, size: int) -> Composable:
    """Return hits of the first tier of which all have the same relevance."""
    is_after: Composable = SQL("TRUE")
    if after[:4] == (NEAREST, 1, 0, relevance):
        is_after = SQL("here.asset_id < {}").format(after.asset)
    return SQL(
        "SELECT {nearest}, 1, 0, {relevance}, 0, asset_id FROM {here} AND {is_after}"
        " ORDER BY asset_id DESC LIMIT {size}"
    ).format(nearest=NEAREST, relevance=relevance, here=here, is_after=is_after, size=size)


def _by_level(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the first tier for one word or phrase.

    PostgreSQL goes through a union in its order, up to the limit: a level is looked up if those before leave room.
    """
    (text,) = search.texts
    levels = []
    for relevance in range(min(after.relevance or _MOST_RELEVANT, _MOST_RELEVANT), 0, -1):
        here = search.in_metadata({text: _at(search, text, relevance)})
        levels.append(_newest(here, relevance, after, size))
    return SQL("SELECT * FROM (({})) AS hits LIMIT {}").format(SQL(") UNION ALL (").join(levels), size)


def _at(search: Search, text: Text, relevance: int) -> str:
    """Return what finds the metadata in which a text has its best place at a level."""
    level = _MOST_RELEVANT - relevance
    better = [mark for marks in _LEVELS[:level] for mark in marks]
    here = search.lexemes.of(text, _LEVELS[level])
    return all_of([here, "!" + search.lexemes.of(text, better)]) if better else here


def _in_titles(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the first tier that are as relevant as can be: enough of them, if the words are common."""
    here = search.in_metadata({text: search.lexemes.of(text, _TITLE) for text in search.texts})
    return _newest(here, _MOST_RELEVANT * len(search.texts), after, size)


def _most_relevant(search: Search, after: Place, size: int) -> Composable:
    """Return the other hits of the first tier for several texts: rows from the index add up to their relevance."""
    hits = SQL("SELECT asset_id, 1 AS hit, {} AS points FROM {}").format(
        _USUAL * len(search.texts), search.in_metadata()
    )
    points = (
        SQL("SELECT asset_id, 0, {} FROM search_document WHERE {}").format(
            points, matches(search.written({text: query}))
        )
        for text in search.texts
        for points, query in _points(search, text)
    )
    return SQL(
        """
        SELECT {nearest}, 1, 0, sum(points), 0, asset_id FROM ({rows}) AS rows GROUP BY asset_id
        HAVING sum(hit) = 1 AND sum(points) < {most} AND ({nearest}, 1, 0, sum(points), 0, asset_id) < ({after})
         ORDER BY sum(points) DESC, asset_id DESC LIMIT {size}
        """
    ).format(
        nearest=NEAREST,
        rows=_union([hits, *points]),
        most=_MOST_RELEVANT * len(search.texts),
        after=_numbers(after),
        size=size,
    )


def _points(search: Search, text: Text) -> Iterator[tuple[int, str]]:
    """Yield what a text is worth where it is at another level than usual: added up, few rows are looked at."""
    yield 1, search.lexemes.of(text, _TITLE)
    yield 1, search.lexemes.of(text, _TITLE + _TAGS)
    yield -1, _at(search, text, 1)


def _in_smart_tag(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the second tier for one term: the best of each tag, then the best of these."""
    (tags,) = search.tags
    conditions = [
        SQL("here.tag_id = tag.id AND ({nearness}, 1, 1, 0, confidence, asset_id) < ({after})").format(
            nearness=NEAREST - 1, after=_numbers(after)
        ),
        search.not_in_metadata(),
    ]
    if len(tags) > 1:
        conditions.append(
            SQL(
                "NOT EXISTS (SELECT FROM tagging_smarttag AS other WHERE other.asset_id = here.asset_id"
                " AND other.tag_id = ANY({tags}) AND other.confidence > here.confidence)"
            ).format(tags=_ids(tags))
        )
    return SQL(
        """
        SELECT DISTINCT {nearness}, 1, 1, 0, best.confidence, best.asset_id
          FROM unnest({tags}) AS tag (id) CROSS JOIN LATERAL (
               SELECT confidence, asset_id FROM tagging_smarttag AS here WHERE {conditions}
                ORDER BY confidence DESC, asset_id DESC LIMIT {size}) AS best
         ORDER BY best.confidence DESC, best.asset_id DESC LIMIT {size}
        """
    ).format(nearness=NEAREST - 1, tags=_ids(tags), conditions=search.restricted(*conditions), size=size)


def _in_smart_tags(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the second and third tier, for any number of terms."""
    return SQL(
        """
        WITH tagged AS MATERIALIZED (
            SELECT asset_id, {best} FROM tagging_smarttag WHERE tag_id = ANY({tags}) GROUP BY asset_id
        ), written AS MATERIALIZED (
            SELECT asset_id, bit_or(term) AS terms, sum(points) AS relevance FROM ({rows}) AS rows
             WHERE asset_id IN (SELECT asset_id FROM tagged) GROUP BY asset_id
        ), ranked AS (
            SELECT CASE WHEN {number} = {all_terms} THEN {second} ELSE {third} END AS nearness,
                   (({smart} | coalesce(written.terms, 0)) = {every})::int AS is_covered,
                   {number} AS terms, coalesce(relevance, 0) AS relevance, {confidence} AS confidence, asset_id
              FROM tagged AS here LEFT JOIN written USING (asset_id)
             WHERE {conditions}
        )
        SELECT nearness, is_covered, terms, relevance, confidence, asset_id FROM ranked
         WHERE (nearness, is_covered, terms, relevance, confidence, asset_id) < ({after})
         ORDER BY nearness DESC, is_covered DESC, terms DESC, relevance DESC, confidence DESC, asset_id DESC
         LIMIT {size}
        """
    ).format(
        **_per_term(search),
        tags=_ids(search.found_tags),
        rows=_union(_written(search)),
        second=NEAREST - 1,
        third=NEAREST - 2,
        conditions=search.restricted(SQL("coalesce(written.terms, 0) <> {}").format(_every(search))),
        after=_numbers(after),
        size=size,
    )


def _per_term(search: Search) -> dict[str, Any]:
    """Return what is added up over the terms, from a column with the best confidence of each."""
    columns = [SQL("best{}").format(number) for number in range(len(search.tags))]
    best = SQL("max(confidence) FILTER (WHERE tag_id = ANY({})) AS {}")
    bits = (SQL("({} IS NOT NULL)::int * {}").format(column, _bit(bit)) for bit, column in enumerate(columns))
    return {
        "best": SQL(", ").join(
            best.format(_ids(ids), column) for ids, column in zip(search.tags, columns, strict=True)
        ),
        "number": SQL("num_nonnulls({})").format(SQL(", ").join(columns)),
        "all_terms": len(columns),
        "smart": SQL("({})").format(SQL(" + ").join(bits)),
        "every": _every(search),
        "confidence": SQL(" + ").join(SQL("coalesce({}, 0)").format(column) for column in columns),
    }


def _written(search: Search) -> Iterator[Composable]:
    """Yield where the texts stand in the metadata: a row for being there, and more for being elsewhere than usual."""
    row = SQL("SELECT asset_id, {}::bigint AS term, {} AS points FROM search_document WHERE {}")
    for number, text in enumerate(search.texts):
        bit = 2**number if number < len(search.tags) else 0
        yield row.format(bit, _USUAL, matches([search.lexemes.of(text)]))
        yield from (row.format(0, points, matches([query])) for points, query in _points(search, text))


def _bit(number: int) -> Composable:
    return SQL("{}::bigint").format(2**number)


def _every(search: Search) -> Composable:
    return SQL("{}::bigint").format(2 ** len(search.tags) - 1)


def matches(queries: Sequence[str]) -> Composable:
    """Return the condition that a text meets all tsqueries."""
    return SQL("text @@ {}::tsquery").format(Literal(all_of(queries)))


def _ids(tags: Iterable[int]) -> Composable:
    return SQL("{}::bigint[]").format(Literal(sorted(tags)))


def _numbers(place: Place) -> Composable:
    return SQL(", ").join(map(Literal, place))


def _union(statements: Iterable[Composable]) -> Composable:
    return SQL(" UNION ALL ").join(statements)


@contextmanager
def by_index() -> Iterator[None]:
    """Have texts found by their index: reading every text takes far longer than the planner believes.

    A caller's transaction goes on with what it had.
    """
    with transaction.atomic():
        ((before, _),) = fetch(
            SQL("SELECT current_setting('enable_seqscan'), set_config('enable_seqscan', 'off', TRUE)")
        )
        yield
        fetch(SQL("SELECT set_config('enable_seqscan', {}, TRUE)").format(before))


def fetch(statement: Composable) -> list[Any]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall()
        return rows
