"""Tagging assets from their stored vectors, and undoing a unit of work. No image file is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from tagsmith.assets.locks import lock_assets
from tagsmith.curation.selectors import rejected, set_by_people
from tagsmith.embeddings.selectors import read_vectors
from tagsmith.embeddings.wire import pack_numbers
from tagsmith.tagging.changes import apply_difference, reversal
from tagsmith.tagging.heads import Wanted, live_boards
from tagsmith.tagging.models import Change
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
    wanted: list[Wanted] = []
    for board in live_boards():
        seen: set[int] = set()
        for block, vectors in read_vectors(board.encoder, present):
            seen.update(block.tolist())
            wanted += board.wanted(block, vectors, said, refused)
        looked &= seen  # an asset that one of the encoders has not seen yet is judged when all have
    return _write(sorted(looked), wanted, unit, now)


@transaction.atomic
def undo(unit: UUID, undoing: UUID) -> int:
    """Take back what a unit of work changed, as a unit `undoing` of its own; return how many smart tags changed.

    Left alone is what changed again since, and what a person has set or rejected since.
    """
    holding()
    lock_assets(Change.objects.filter(unit=unit).values_list("asset_id", flat=True).distinct())
    return apply_difference(reversal("unit = %(undone)s"), {"undone": unit}, undoing)


def _write(looked: Sequence[int], wanted: Sequence[Wanted], unit: UUID, now: datetime) -> Outcome:
    """Make the smart tags of the assets looked at what is wanted, touching only rows that differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE looked (asset_id bigint) ON COMMIT DROP;
            CREATE TEMP TABLE wanted (
                asset_id bigint, tag_id bigint, model_id bigint, version_id bigint, confidence smallint
            ) ON COMMIT DROP
            """
        )
        with cursor.copy("COPY looked FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(pack_numbers(np.array(looked, np.int64)))
        columns = [(part.assets, part.tags, part.models, part.versions, part.confidences) for part in wanted]
        if columns:
            with cursor.copy("COPY wanted FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(pack_numbers(*(np.concatenate(column) for column in zip(*columns, strict=True))))
        cursor.execute("ANALYZE looked; ANALYZE wanted")
        changes = apply_difference(_DIFFERENCE, {}, unit)
        cursor.execute(_LOOKED, [now])
        cursor.execute("SELECT count(DISTINCT asset_id) FROM wanted JOIN looked USING (asset_id)")
        tagged = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE looked, wanted")
    return Outcome(len(looked), tagged, changes)


# a version that says the same as the one of its model before changes nothing, so that publishing does not rewrite
# the table
_DIFFERENCE = """
    SELECT asset_id, tag_id, current.confidence AS before, current.version_id AS before_version,
           wanted.confidence AS after, wanted.version_id AS after_version
    FROM (
        SELECT smart.asset_id, smart.tag_id, smart.version_id, smart.confidence, version.model_id
        FROM looked JOIN tagging_smarttag AS smart USING (asset_id)
        JOIN training_version AS version ON version.id = smart.version_id
    ) AS current
    FULL JOIN (SELECT wanted.* FROM wanted JOIN looked USING (asset_id)) AS wanted USING (asset_id, tag_id)
    WHERE (current.confidence, current.model_id) IS DISTINCT FROM (wanted.confidence, wanted.model_id)
"""

_LOOKED = """
    INSERT INTO tagging_look (asset_id, first, at) SELECT asset_id, now, now FROM looked, (SELECT %s AS now) AS time
    ON CONFLICT (asset_id) DO UPDATE SET at = excluded.at
"""
