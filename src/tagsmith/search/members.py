"""Which assets a search finds in all tiers together, in no order of theirs: to count them, or to act on all."""

import numpy as np
from psycopg.sql import SQL

from tagsmith.assets.scope import Scope
from tagsmith.errors import BadInputError
from tagsmith.search.prepared import Search, ids
from tagsmith.search.preparing import prepared
from tagsmith.search.query import parse
from tagsmith.search.sets import Numbers, assets, together
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import TagWords, tag_words

_TAGGED = SQL("SELECT asset_id FROM tagging_smarttag WHERE tag_id = ANY({})")


def newest(scope: Scope, text: str, tags: TagWords, most: int) -> tuple[Numbers, bool]:
    """Return the assets that a search finds, the newest first, and whether there are more than these.

    The caller has texts found by their index.
    """
    search = prepared(scope, parse(text), tags)
    found = _all(search)[::-1] if search.texts else search.newest(most + 1)
    return found[:most], len(found) > most


def found_by(scope: Scope, text: str, most: int) -> list[int]:
    """Return the assets that a search finds, the newest first, at most so many.

    Raises
    ------
    BadInputError
        A filter makes no sense: without it, too many would be found.
    """
    with by_index():
        search = prepared(scope, parse(text), tag_words())
        if search.query.notes:
            raise BadInputError(search.query.notes[0].sentence)
        found = _all(search)[::-1][:most] if search.texts else search.newest(most)
    return list(map(int, found))


def _all(search: Search) -> Numbers:
    """Return all that a search for words finds, ascending."""
    if not search.found_tags:
        return np.sort(search.hits)
    tagged = assets(_TAGGED.format(ids(search.found_tags)))
    return together(search.hits, search.meeting(together(tagged)))
