"""The order of hits (S3): the next places of one tier or two, in order. Those of the first tier are here.

They are asked for apart so that most pages need the first only.
"""

from collections.abc import Iterator

from tagsmith.search.places import NEAREST, START, Place, first
from tagsmith.search.prepared import FEW, Search
from tagsmith.search.relevance import MOST_RELEVANT, USUAL, unusual
from tagsmith.search.smart_tiers import in_smart_tags


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
    others, number = in_smart_tags(search, after, size)
    return [*found, *others][:size], number


def _in_metadata(search: Search, after: Place, size: int) -> Iterator[list[Place]]:
    """Yield the hits of the first tier: as relevant as can be, then the others; a page of the first may be enough."""
    number = len(search.texts)
    if not number:
        hits = search.hits if after == START else search.newest(size, before=after.asset)
        yield first(after, size, hits, NEAREST, 1, 0, 0)
        return
    most = MOST_RELEVANT * number
    if after.relevance in (0, most):
        yield first(after, size, search.in_titles, NEAREST, 1, 0, most)
    narrower = search.written() if len(search.hits) <= FEW else []
    relevance = USUAL * number + unusual(search, search.hits, narrower)
    others = relevance < most
    yield first(after, size, search.hits[others], NEAREST, 1, 0, relevance[others])
