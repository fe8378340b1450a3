"""How many hits there are."""

from psycopg.sql import SQL

from tagsmith.search.prepared import COUNTED, Search, ids
from tagsmith.search.sets import among, assets, together


def count(search: Search, in_smart_tags: int | None) -> int:
    """Return how many hits there are, at most one more than `COUNTED`; how many smart tags make may be known."""
    number = len(search.in_titles) if search.texts else 0
    if number <= COUNTED:
        number = len(search.hits)
    if in_smart_tags is None:
        in_smart_tags = _count_in_smart_tags(search, COUNTED + 1 - number)
    return min(number + in_smart_tags, COUNTED + 1)


def _count_in_smart_tags(search: Search, room: int) -> int:
    """Return how many hits the other tiers have, as far as there is room for them."""
    if not search.found_tags or room <= 0:
        return 0
    tagged = SQL("SELECT asset_id FROM tagging_smarttag WHERE tag_id = ANY({}) LIMIT {}")
    for most in (2 * room, 3 * COUNTED, None):  # an asset may have several of the tags, and be a hit already
        rows = assets(tagged.format(ids(search.found_tags), most))
        found = search.meeting(together(rows))
        number = len(found) - int(among(found, search.hits).sum())
        if number >= room or len(rows) != most:
            break
    return number
