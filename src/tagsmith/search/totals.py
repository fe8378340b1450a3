"""How many hits there are."""

from psycopg.sql import SQL

from tagsmith.search.prepared import Search, ids
from tagsmith.search.statements import fetch

COUNTED = 10_000  # hits; beyond these it is only said that there are more


def count(search: Search, in_metadata: int | None) -> int:
    """Return how many hits there are, at most one more than `COUNTED`; how many the first tier has may be known."""
    number = _count_in_metadata(search) if in_metadata is None else in_metadata
    room = COUNTED + 1 - number
    if room <= 0 or not search.found_tags:
        return min(number, COUNTED + 1)
    for most in (room * 5 // 4, room * 3, None):  # an asset may have several of the tags
        tagged, looked_at = _count_in_smart_tags(search, most)
        if tagged >= room or looked_at != most:
            break
    return number + min(tagged, room)


def _count_in_metadata(search: Search) -> int:
    hits = SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT {}) AS hits")
    ((number,),) = fetch(hits.format(search.in_metadata(), COUNTED + 1))
    return int(number)


def _count_in_smart_tags(search: Search, most: int | None) -> tuple[int, int]:
    """Return how many hits of the other tiers there are, and how many smart tags were looked at, at most so many."""
    is_found = SQL("tag_id = ANY({})").format(ids(search.found_tags))
    tagged = SQL(
        "SELECT count(*), coalesce(sum(tags), 0)::bigint FROM (SELECT count(*) AS tags FROM ("
        "SELECT asset_id FROM tagging_smarttag AS here WHERE {} LIMIT {}) AS tagged GROUP BY asset_id) AS hits"
    )
    ((number, tags),) = fetch(tagged.format(search.restricted(is_found, search.not_in_metadata()), most))
    return number, tags
