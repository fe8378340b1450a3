"""The order of hits (S3) as statements: each gives the next places of one tier or two, in order.

They are apart so that most pages need the first only, and so that each goes the way that is short for it. Those of the
first tier are here.
"""

from collections.abc import Iterator

from psycopg.sql import SQL, Composable

from tagsmith.search.lexemes import all_of
from tagsmith.search.places import NEAREST, START, Place
from tagsmith.search.prepared import Search, union
from tagsmith.search.relevance import MOST_RELEVANT, TITLE, USUAL, Asked, answers, at_level, points_of
from tagsmith.search.smart_tiers import in_smart_tag, in_smart_tags
from tagsmith.search.statements import expected, fetch, numbers
from tagsmith.search.totals import COUNTED

NARROW = 12_000  # hits


def places(search: Search, after: Place, size: int) -> tuple[list[Place], int | None]:
    """Return the places of the hits that come after one, in order; how many the first tier has, if that is known."""
    found: list[Place] = []
    number = None
    for statement in _statements(search, after, size):
        rows = fetch(statement)
        if rows and rows[0][-1] is not None:
            number = len(found) + rows[0][-1]
        found += [Place._make(place) for *place, _ in rows]
        if len(found) >= size:
            break
    return found[:size], number


def _statements(search: Search, after: Place, size: int) -> Iterator[Composable]:
    """Yield statements whose rows are places and, in a last column, how many hits of the first tier come, if known."""
    if after.nearness >= NEAREST:
        if not search.texts:
            yield _counted(search, after, size)
        elif len(search.texts) == 1 and not _is_narrow(search):
            yield _by_level(search, after, size)
        else:
            if after.relevance == 0 or after.relevance == MOST_RELEVANT * len(search.texts):
                yield _in_titles(search, after, size)
            yield _most_relevant(search, after, size)
    if len(search.texts) == 1 and search.found_tags:
        yield in_smart_tag(search, after, size)
    elif search.found_tags:
        yield from in_smart_tags(search, after, size)


def _is_narrow(search: Search) -> bool:
    """Whether the restrictions leave so few hits that looking at them once, all together, is the shortest."""
    restrictions = search.restrictions
    if not (restrictions.of_asset or restrictions.conditions):
        return False
    return expected(SQL("SELECT FROM {}").format(search.in_metadata())) < NARROW


def _counted(search: Search, after: Place, size: int) -> Composable:
    """Return the newest hits, and with the first page how many there are."""
    most = COUNTED + 1 if after == START else size
    newest = _newest(search.in_metadata(), 0, after, most)
    return SQL("SELECT nearest, 1, 0, 0, 0, asset_id, count(*) OVER () FROM ({}) AS hits LIMIT {}").format(newest, size)


def _newest(here: Composable, relevance: int, after: Place, size: int) -> Composable:
    """Return hits of the first tier of which all have the same relevance."""
    is_after: Composable = SQL("TRUE")
    if after[:4] == (NEAREST, 1, 0, relevance):
        is_after = SQL("here.asset_id < {}").format(after.asset)
    return SQL(
        "SELECT {nearest} AS nearest, 1, 0, {relevance}, 0, asset_id, NULL::bigint FROM {here} AND {is_after}"
        " ORDER BY asset_id DESC LIMIT {size}"
    ).format(nearest=NEAREST, relevance=relevance, here=here, is_after=is_after, size=size)


def _by_level(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the first tier for one word or phrase.

    PostgreSQL goes through a union in its order, up to the limit: a level is looked up if those before leave room.
    """
    (text,) = search.texts
    levels = []
    for relevance in range(min(after.relevance or MOST_RELEVANT, MOST_RELEVANT), 0, -1):
        here = search.in_metadata({text: at_level(search, text, relevance)})
        levels.append(_newest(here, relevance, after, size))
    return SQL("SELECT * FROM (({})) AS hits LIMIT {}").format(SQL(") UNION ALL (").join(levels), size)


def _in_titles(search: Search, after: Place, size: int) -> Composable:
    """Return the hits of the first tier that are as relevant as can be: enough of them, if the words are common."""
    here = search.in_metadata({text: search.lexemes.of(text, TITLE) for text in search.texts})
    return _newest(here, MOST_RELEVANT * len(search.texts), after, size)


def _most_relevant(search: Search, after: Place, size: int) -> Composable:
    """Return the other hits of the first tier, and how many they are: rows from the index add up to their relevance."""
    hits = SQL("SELECT asset_id, 1 AS hit, {} AS points FROM {}").format(
        USUAL * len(search.texts), search.in_metadata()
    )
    points = (
        Asked(all_of(search.written({text: one.query})), one.points)
        for text in search.texts
        for one in points_of(search, text)
    )
    return SQL(
        """
        SELECT {nearest}, 1, 0, sum(points), 0, asset_id, count(*) OVER () FROM ({rows}) AS rows GROUP BY asset_id
        HAVING sum(hit) = 1 AND sum(points) < {most} AND ({nearest}, 1, 0, sum(points), 0, asset_id) < ({after})
         ORDER BY sum(points) DESC, asset_id DESC LIMIT {size}
        """
    ).format(
        nearest=NEAREST,
        rows=union([hits, answers(points)]),
        most=MOST_RELEVANT * len(search.texts),
        after=numbers(after),
        size=size,
    )
