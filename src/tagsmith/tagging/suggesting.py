"""Suggestions as runs leave them, beside the smart tags. Which of them stand, and what people say, is in `review`."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from django.db import connection

from tagsmith.assets.arrays import array_of
from tagsmith.tagging.difference import NONE, Difference, Given, difference, joined, of_assets
from tagsmith.tagging.models import Suggestion


def suggest(assets: Sequence[int], suggested: Sequence[Given]) -> None:
    """Make the suggestions of assets, in order, what versions suggest, touching only rows that differ.

    The caller has locked the assets. There is no log of it: a suggestion is nothing that an asset has.
    """
    if not assets:
        return
    differs = difference(_suggested(assets), _by_version(of_assets(joined(suggested), assets)))
    if len(differs.assets):
        _apply(differs)


def forget_suggestions(assets: Sequence[int]) -> None:
    """Drop what was suggested for assets that show something else now; the next look suggests anew."""
    Suggestion.objects.filter(asset__in=assets).delete()


def _by_version(given: Given) -> Given:
    """Let each version stand for its model: unlike a smart tag, a suggestion goes with the version that made it."""
    return replace(given, models=given.versions)


def _suggested(assets: Sequence[int]) -> Given:
    with connection.cursor() as cursor:
        cursor.execute(_SUGGESTED, [assets[0], assets[-1], array_of(assets)])
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 5)
    return Given(*rows.T)


def _apply(differs: Difference) -> None:
    goes = differs.after == NONE
    with connection.cursor() as cursor:
        if goes.any():
            cursor.execute(_REMOVE, [array_of(differs.assets[goes].tolist()), array_of(differs.tags[goes].tolist())])
        if not goes.all():
            columns = (differs.assets, differs.tags, differs.after, differs.after_versions)
            cursor.execute(_WRITE, [array_of(column[~goes].tolist()) for column in columns])


_SUGGESTED = """
    SELECT asset_id, tag_id, version_id, version_id, confidence FROM tagging_suggestion
    WHERE asset_id BETWEEN %s AND %s AND asset_id = ANY(%s::bigint[])
"""

_REMOVE = """
    DELETE FROM tagging_suggestion AS gone USING unnest(%s::bigint[], %s::bigint[]) AS those (asset_id, tag_id)
    WHERE (gone.asset_id, gone.tag_id) = (those.asset_id, those.tag_id)
"""

_WRITE = """
    INSERT INTO tagging_suggestion (asset_id, tag_id, confidence, version_id)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::bigint[])
    ON CONFLICT (asset_id, tag_id) DO UPDATE
    SET confidence = excluded.confidence, version_id = excluded.version_id
"""
