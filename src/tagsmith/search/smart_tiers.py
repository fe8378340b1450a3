"""The second and third tier of hits (S3): what smart tags find, and metadata alone does not."""

import numpy as np
from psycopg.sql import SQL

from tagsmith.search.places import NEAREST, Place, first
from tagsmith.search.prepared import Search, ids
from tagsmith.search.relevance import USUAL, points_of
from tagsmith.search.sets import Numbers, Which, among, columns, written
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
    is_found = SQL("tag_id = ANY({})").format(ids(search.found_tags))
    tagged, tags, confidences = columns(
        SQL("SELECT asset_id, tag_id, confidence FROM tagging_smarttag AS here WHERE {}").format(
            search.restricted(is_found)
        ),
        "asset_id",
        "tag_id",
        "confidence",
    )
    hits, at = np.unique(tagged, return_inverse=True)
    best = np.full((len(search.tags), len(hits)), -1)
    for row, wanted in zip(best, search.tags, strict=True):
        has = np.isin(tags, wanted)
        np.maximum.at(row, at[has], confidences[has])
    in_tags = best >= 0
    is_written, relevance = _in_texts(search, hits)
    is_hit = ~is_written.all(axis=0)
    numbers_of_places: tuple[Numbers | Which, ...] = (
        np.where(in_tags.all(axis=0), NEAREST - 1, NEAREST - 2),
        np.asarray((in_tags | is_written).all(axis=0)),
        in_tags.sum(axis=0),
        relevance,
        np.where(in_tags, best, 0).sum(axis=0),
    )
    places = first(after, size, hits[is_hit], *(one[is_hit] for one in numbers_of_places))
    return places, int(is_hit.sum())


def _in_texts(search: Search, hits: Numbers) -> tuple[Which, Numbers]:
    """Return which terms are in the metadata of assets, and how relevant that makes them."""
    found = written([search.lexemes.of(text) for text in search.texts])
    each = np.array([among(hits, one) for one in found])
    relevance = USUAL * each.sum(axis=0)
    asked = [one for text in search.texts for one in points_of(search, text)]
    for one, some in zip(asked, written([one.query for one in asked]), strict=True):
        relevance[among(hits, some)] += one.points
    return each[: len(search.tags)], relevance
