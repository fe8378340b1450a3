"""The second and third tier of hits (S3): what smart tags find, and metadata alone does not."""

from collections.abc import Iterable

import numpy as np
from psycopg.sql import SQL

from tagsmith.search.places import NEAREST, Place, first
from tagsmith.search.prepared import Search, ids
from tagsmith.search.relevance import USUAL, unusual
from tagsmith.search.sets import Numbers, Which, among, confidences, together, written
from tagsmith.search.statements import fetch, numbers


def in_smart_tag(search: Search, after: Place, size: int) -> list[Place]:
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
    best = SQL(
        """
        SELECT DISTINCT best.confidence, best.asset_id
          FROM unnest({tags}) AS tag (id) CROSS JOIN LATERAL (
               SELECT confidence, asset_id FROM tagging_smarttag AS here WHERE {conditions}
                ORDER BY confidence DESC, asset_id DESC LIMIT {size}) AS best
         ORDER BY best.confidence DESC, best.asset_id DESC LIMIT {size}
        """
    ).format(tags=ids(tags), conditions=search.restricted(*conditions), size=size)
    return [Place(NEAREST - 1, 1, 1, 0, confidence, asset) for confidence, asset in fetch(best)]


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
