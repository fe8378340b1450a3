"""The second and third tier of hits (S3): what smart tags find, and metadata alone does not."""

from collections.abc import Iterable

import numpy as np
from psycopg.sql import SQL

from tagsmith.search.places import NEAREST, Place, first
from tagsmith.search.prepared import Search, ids
from tagsmith.search.relevance import USUAL, unusual
from tagsmith.search.sets import Numbers, Which, among, confidences, together, written


def in_smart_tags(search: Search, after: Place, size: int) -> tuple[list[Place], int]:
    """Return the hits of the second and third tier for any number of terms, and how many there are."""
    each = {tags: _tagged(tags) for tags in set(map(tuple, search.tags))}  # words of a title find the same tag
    tagged = [each[tuple(tags)] for tags in search.tags]
    hits = search.meeting(together(*(asset_ids for asset_ids, _ in tagged)))
    best = np.full((len(tagged), len(hits)), -1)
    for row, (asset_ids, greatest) in zip(best, tagged, strict=True):
        row[among(hits, asset_ids)] = greatest[among(asset_ids, hits)]
    in_tags = best >= 0
    in_texts = np.array([among(hits, one) for one in written([*map(search.lexemes.of, search.texts)])])
    is_written = in_texts[: len(tagged)]
    is_hit = ~is_written.all(axis=0)
    numbers_of_places: tuple[Numbers | Which, ...] = (
        np.where(in_tags.all(axis=0), NEAREST - 1, NEAREST - 2),
        np.asarray((in_tags | is_written).all(axis=0)),
        in_tags.sum(axis=0),
        USUAL * in_texts.sum(axis=0) + unusual(search, hits),
        np.where(in_tags, best, 0).sum(axis=0),
    )
    places = first(after, size, hits[is_hit], *(one[is_hit] for one in numbers_of_places))
    return places, int(is_hit.sum())


def _tagged(tags: Iterable[int]) -> tuple[Numbers, Numbers]:
    """Return the assets with any of these smart tags, ascending, and the greatest confidence of each."""
    return confidences(
        SQL("SELECT asset_id, confidence FROM tagging_smarttag WHERE tag_id = ANY({})").format(ids(tags))
    )
