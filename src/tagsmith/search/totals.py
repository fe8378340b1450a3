"""How many hits there are."""

import numpy as np
from psycopg.sql import SQL

from tagsmith.search.prepared import COUNTED, Search, ids
from tagsmith.search.sets import among, assets


def count(search: Search, in_smart_tags: int | None) -> int:
    """Return how many hits there are, at most one more than `COUNTED`; how many smart tags make may be known."""
    number = len(search.hits)
    if in_smart_tags is None:
        in_smart_tags = _count_in_smart_tags(search, COUNTED + 1 - number)
    return min(number + in_smart_tags, COUNTED + 1)


def _count_in_smart_tags(search: Search, room: int) -> int:
    """Return how many hits the other tiers have, as far as there is room for them."""
    if not search.found_tags or room <= 0:
        return 0
    is_found = SQL("tag_id = ANY({})").format(ids(search.found_tags))
    tagged = SQL("SELECT asset_id FROM tagging_smarttag AS here WHERE {} LIMIT {}")
    for most in (2 * room, 3 * COUNTED, None):  # an asset may have several of the tags, and be a hit already
        rows = assets(tagged.format(search.restricted(is_found), most))
        found = np.unique(rows)
        number = len(found) - int(among(found, search.hits).sum())
        if number >= room or len(rows) != most:
            break
    return number
