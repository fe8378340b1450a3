"""The order of hits (S3): the next places of one tier or two, in order. Those of the first tier are here.

They are asked for apart so that most pages need the first only.
"""

from collections.abc import Iterator

import numpy as np
from psycopg.sql import SQL

from tagsmith.search.lexemes import all_of
from tagsmith.search.places import NEAREST, START, Place, first
from tagsmith.search.prepared import COUNTED, Search
from tagsmith.search.relevance import MOST_RELEVANT, TITLE, USUAL, points_of
from tagsmith.search.sets import Numbers, among, assets, written
from tagsmith.search.smart_tiers import in_smart_tag, in_smart_tags


def places(search: Search, after: Place, size: int) -> tuple[list[Place], int | None]:
    """Return the places of the hits that come after one, in order; how many smart tags make, if that is known."""
    found: list[Place] = []
    if after.nearness >= NEAREST:
        for some in _in_metadata(search, after, size):
            found += some
            if len(found) >= size:
                return found[:size], None
    if not search.found_tags:
        return found, 0
    if len(search.texts) == 1:
        return [*found, *in_smart_tag(search, after, size)][:size], None
    others, number = in_smart_tags(search, after, size)
    return [*found, *others][:size], number


def _in_metadata(search: Search, after: Place, size: int) -> Iterator[list[Place]]:
    """Yield the hits of the first tier: as relevant as can be, then the others; a page of the first may be enough."""
    number = len(search.texts)
    if not number:
        yield _newest(search, after, size)
        return
    most = MOST_RELEVANT * number
    if after.relevance in (0, most):
        yield first(after, size, _in_titles(search), NEAREST, 1, 0, most)
    hits = search.hits
    if len(hits) > COUNTED:
        hits = np.sort(assets(SQL("SELECT asset_id FROM {}").format(search.in_metadata())))
    relevance = _relevance(search, hits)
    others = relevance < most
    yield first(after, size, hits[others], NEAREST, 1, 0, relevance[others])


def _newest(search: Search, after: Place, size: int) -> list[Place]:
    hits = search.hits
    if after != START:
        newest = SQL("SELECT asset_id FROM {} AND here.asset_id < {} ORDER BY asset_id DESC LIMIT {}")
        hits = assets(newest.format(search.in_metadata(), after.asset, size))
    return first(after, size, hits, NEAREST, 1, 0, 0)


def _in_titles(search: Search) -> Numbers:
    """Return the hits that have all texts in their titles."""
    queries = {text: search.lexemes.of(text, TITLE) for text in search.texts}
    if len(search.hits) > COUNTED:
        return assets(SQL("SELECT asset_id FROM {}").format(search.in_metadata(queries)))
    (found,) = written([all_of(search.written(queries))])
    return search.hits[among(search.hits, found)]


def _relevance(search: Search, hits: Numbers) -> Numbers:
    """Return how relevant hits are: usually so much, and more or less where the index says so."""
    relevance = np.full(len(hits), USUAL * len(search.texts))
    asked = [
        (all_of(search.written({text: one.query})), one.points)
        for text in search.texts
        for one in points_of(search, text)
    ]
    for found, (_, points) in zip(written([query for query, _ in asked]), asked, strict=True):
        relevance[among(hits, found)] += points
    return relevance
