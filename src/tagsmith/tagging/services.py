"""Tagging assets from their stored vectors, and undoing a unit of work. No image file is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from tagsmith.assets.arrays import array_of
from tagsmith.assets.locks import lock_assets
from tagsmith.curation.selectors import rejected, set_by_people
from tagsmith.embeddings.selectors import read_vectors
from tagsmith.tagging.changes import apply_columns, apply_difference, reversal
from tagsmith.tagging.difference import Given, difference, joined, of_assets
from tagsmith.tagging.heads import live_boards
from tagsmith.tagging.models import Change
from tagsmith.tagging.suggesting import suggest
from tagsmith.taxonomy.services.changing import holding


@dataclass(frozen=True)
class Outcome:
    """What tagging some assets did: how many were looked at, how many have a smart tag now, changes made."""

    looked: int
    tagged: int
    changes: int


@transaction.atomic
def tag_assets(ids: Sequence[int], unit: UUID) -> Outcome:
    """Give assets the smart tags that the live versions say they should have, and log what that changed.

    Doing it again changes nothing. Assets without a vector, and those in the trash, keep what they have.
    """
    holding()
    now = timezone.now()  # before the versions are read: one that goes live meanwhile is newer than this look
    present = lock_assets(ids)
    said, refused = set_by_people(present), rejected(present)
    looked = set(present)
    wanted: list[Given] = []
    suggested: list[Given] = []
    for board in live_boards():
        seen: set[int] = set()
        for block, vectors in read_vectors(board.encoder, present):
            seen.update(block.tolist())
            for given, maybe in board.judged(block, vectors, said, refused):
                wanted.append(given)
                suggested.append(maybe)
        looked &= seen  # an asset that one of the encoders has not seen yet is judged when all have
    suggest(sorted(looked), suggested)
    return _write(sorted(looked), wanted, unit, now)


@transaction.atomic
def undo(unit: UUID, undoing: UUID) -> int:
    """Take back what a unit of work changed, as a unit `undoing` of its own; return how many smart tags changed.

    Left alone is what changed again since, and what a person has set or rejected since.
    """
    holding()
    lock_assets(Change.objects.filter(unit=unit).values_list("asset_id", flat=True).distinct())
    return apply_difference(reversal("unit = %(undone)s"), {"undone": unit}, undoing)


def _write(looked: Sequence[int], wanted: Sequence[Given], unit: UUID, now: datetime) -> Outcome:
    """Make the smart tags of the assets looked at what is wanted, touching only rows that differ."""
    if not looked:
        return Outcome(0, 0, 0)
    given = of_assets(joined(wanted), looked)
    changes = apply_columns(difference(stored_smart_tags(looked), given), unit)
    _note_looks(looked, now)
    return Outcome(len(looked), len(set(given.assets.tolist())), changes)


def stored_smart_tags(assets: Sequence[int]) -> Given:
    """Return the smart tags that assets, in order and at least one, have."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, [assets[0], assets[-1], array_of(assets)])
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 5)
    return Given(*rows.T)


# the range lets it be found out that these are few of all rows, also before there are statistics of a new table
_GIVEN = """
    SELECT smart.asset_id, smart.tag_id, version.model_id, smart.version_id, smart.confidence
    FROM tagging_smarttag AS smart JOIN training_version AS version ON version.id = smart.version_id
    WHERE smart.asset_id BETWEEN %s AND %s AND smart.asset_id = ANY(%s::bigint[])
"""


def _note_looks(assets: Sequence[int], now: datetime) -> None:
    """Note that assets were looked at. Most were before, and an update is cheaper than an insertion that fails."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED_AGAIN, [now, array_of(assets)])
        if cursor.rowcount < len(assets):
            cursor.execute(_LOOKED_FIRST, [array_of(assets), now])


_LOOKED_AGAIN = "UPDATE tagging_look SET at = %s WHERE asset_id = ANY(%s::bigint[])"

_LOOKED_FIRST = """
    INSERT INTO tagging_look (asset_id, first, at)
    SELECT asset_id, now, now FROM unnest(%s::bigint[]) AS asset_id, (SELECT %s::timestamptz AS now) AS time
    ON CONFLICT DO NOTHING
"""
