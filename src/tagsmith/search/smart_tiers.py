"""The second and third tier of hits (S3) as statements: what smart tags find, and metadata alone does not."""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg.sql import SQL, Composable

from tagsmith.search.lexemes import all_of
from tagsmith.search.places import NEAREST, Place
from tagsmith.search.prepared import Search, ids, matches, union
from tagsmith.search.relevance import USUAL, Asked, answers, points_of
from tagsmith.search.statements import expected, numbers

ENOUGH = 1000  # assets, of which a page may well be hits
OTHERS = 4  # times as many
_ANY = SQL("TRUE")
_TAGGED = SQL("SELECT asset_id FROM tagging_smarttag WHERE tag_id = ANY({})")


def in_smart_tag(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the second tier for one term: the best of each tag, then the best of these."""
    (tags,) = search.tags
    conditions = [
        SQL("here.tag_id = tag.id AND ({nearness}, 1, 1, 0, confidence, asset_id) < ({after})").format(
            nearness=NEAREST - 1, after=numbers(after)
        ),
        search.not_in_metadata(),
    ]
    if len(tags) > 1:
        conditions.append(
            SQL(
                "NOT EXISTS (SELECT FROM tagging_smarttag AS other WHERE other.asset_id = here.asset_id"
                " AND other.tag_id = ANY({tags}) AND other.confidence > here.confidence)"
            ).format(tags=ids(tags))
        )
    return SQL(
        """
        SELECT DISTINCT {nearness}, 1, 1, 0, best.confidence, best.asset_id, NULL::bigint
          FROM unnest({tags}) AS tag (id) CROSS JOIN LATERAL (
               SELECT confidence, asset_id FROM tagging_smarttag AS here WHERE {conditions}
                ORDER BY confidence DESC, asset_id DESC LIMIT {size}) AS best
         ORDER BY best.confidence DESC, best.asset_id DESC LIMIT {size}
        """
    ).format(nearness=NEAREST - 1, tags=ids(tags), conditions=search.restricted(*conditions), size=size)


def in_smart_tags(search: Search, after: Place, size: int) -> Iterator[Composable]:
    """Yield what gives the hits of the second and third tier, for any number of terms.

    First come those that have all terms, in smart tags or in metadata. Where there may well be a page of them, and many
    others, they are looked for by themselves, among what has the rarest term.
    """
    candidates, tagged = _candidates(search), _TAGGED.format(ids(search.found_tags))
    if not ((number := expected(candidates)) > ENOUGH and OTHERS * number < expected(tagged)):
        yield _ranked(search, after, size)
        return
    if after[:2] > (NEAREST - 2, 0):
        among = SQL("asset_id IN ({})").format(candidates)
        which = SQL("is_covered = 1")
        yield _ranked(search, after, size, which=which, among=among, within=_only_written(search))
    yield _ranked(search, after, size, which=SQL("is_covered = 0"))


def _ranked(
    search: Search,
    after: Place,
    size: int,
    *,
    which: Composable = _ANY,
    among: Composable = _ANY,
    within: Sequence[str] = (),
) -> Composable:
    """Return hits of the second and third tier: `which` of those whose row is `among` these and text is `within`."""
    return SQL(
        """
        WITH tagged AS MATERIALIZED (
            SELECT asset_id, {best} FROM tagging_smarttag WHERE tag_id = ANY({tags}) AND {among} GROUP BY asset_id
        ), written AS MATERIALIZED (
            SELECT asset_id, bit_or(term) AS terms, sum(points) AS relevance FROM ({rows}) AS answers
             WHERE asset_id IN (SELECT asset_id FROM tagged) GROUP BY asset_id
        ), ranked AS (
            SELECT CASE WHEN {number} = {all_terms} THEN {second} ELSE {third} END AS nearness,
                   (({smart} | coalesce(written.terms, 0)) = {every})::int AS is_covered,
                   {number} AS terms, coalesce(relevance, 0) AS relevance, {confidence} AS confidence, asset_id
              FROM tagged AS here LEFT JOIN written USING (asset_id)
             WHERE {conditions}
        )
        SELECT nearness, is_covered, terms, relevance, confidence, asset_id, NULL::bigint FROM ranked
         WHERE {which} AND (nearness, is_covered, terms, relevance, confidence, asset_id) < ({after})
         ORDER BY nearness DESC, is_covered DESC, terms DESC, relevance DESC, confidence DESC, asset_id DESC
         LIMIT {size}
        """
    ).format(
        **_per_term(search),
        among=among,
        which=which,
        tags=ids(search.found_tags),
        rows=answers(_written(search, within)),
        second=NEAREST - 1,
        third=NEAREST - 2,
        conditions=search.restricted(SQL("coalesce(written.terms, 0) <> {}").format(_every(search))),
        after=numbers(after),
        size=size,
    )


def _candidates(search: Search) -> Composable:
    """Return assets among which are all that have each term: those with the words that no tag has, or, as far as
    PostgreSQL knows, with the rarest term.
    """
    documents = SQL("SELECT asset_id FROM search_document WHERE {}")
    if only_written := _only_written(search):
        return documents.format(matches(only_written))
    each = (
        union([_TAGGED.format(ids(tags)), documents.format(matches([search.lexemes.of(term)]))])
        for term, tags in zip(search.query.terms, search.tags, strict=True)
    )
    return min(each, key=expected)


def _only_written(search: Search) -> list[str]:
    """Return the tsqueries of the terms that find no tags."""
    return [search.lexemes.of(term) for term, tags in zip(search.query.terms, search.tags, strict=True) if not tags]


def _per_term(search: Search) -> dict[str, Any]:
    """Return what is added up over the terms, from a column with the best confidence of each."""
    columns = [SQL("best{}").format(number) for number in range(len(search.tags))]
    best = SQL("max(confidence) FILTER (WHERE tag_id = ANY({})) AS {}")
    bits = (SQL("({} IS NOT NULL)::int * {}").format(column, _bit(bit)) for bit, column in enumerate(columns))
    return {
        "best": SQL(", ").join(
            best.format(ids(tags), column) for tags, column in zip(search.tags, columns, strict=True)
        ),
        "number": SQL("num_nonnulls({})").format(SQL(", ").join(columns)),
        "all_terms": len(columns),
        "smart": SQL("({})").format(SQL(" + ").join(bits)),
        "every": _every(search),
        "confidence": SQL(" + ").join(SQL("coalesce({}, 0)").format(column) for column in columns),
    }


def _written(search: Search, within: Sequence[str]) -> Iterator[Asked]:
    """Yield what tells where the texts stand in the metadata that also has `within`."""
    for number, text in enumerate(search.texts):
        bit = 2**number if number < len(search.tags) else 0
        for query, points, term in (Asked(search.lexemes.of(text), USUAL, bit), *points_of(search, text)):
            yield Asked(all_of([query, *within]), points, term)


def _bit(number: int) -> Composable:
    return SQL("{}::bigint").format(2**number)


def _every(search: Search) -> Composable:
    return SQL("{}::bigint").format(2 ** len(search.tags) - 1)
