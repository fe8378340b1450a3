"""Tagging assets from their stored vectors, and undoing a unit of work. No image file is opened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from tagsmith.assets.models import Asset
from tagsmith.curation.selectors import rejected, set_by_people
from tagsmith.embeddings.selectors import read_vectors
from tagsmith.tagging.heads import Wanted, live_heads, wanted_tags
from tagsmith.tagging.models import Change


@dataclass(frozen=True)
class Outcome:
    """What tagging some assets did: how many were looked at, how many have a smart tag now, changes made."""

    looked: int
    tagged: int
    changes: int


@transaction.atomic
def tag_assets(ids: Sequence[int], unit: UUID) -> Outcome:
    """Give assets the smart tags that the live versions say they should have, and log what that changed.

    Doing it again changes nothing. The assets' rows are locked, so that what a person says meanwhile comes before
    or after, never in between. Assets without a vector, and those in the trash, keep what they have.
    """
    now = timezone.now()
    present = _locked(ids)
    said, refused = set_by_people(present), rejected(present)
    looked = set(present)
    wanted: list[Wanted] = []
    for encoder, heads in live_heads().items():
        seen: set[int] = set()
        for block, vectors in read_vectors(encoder, present):
            seen.update(block.tolist())
            for head in heads:
                wanted += wanted_tags(head, block, vectors, said, refused)
        looked &= seen  # an asset that one of the encoders has not seen yet is judged when all have
    kept = [tag for tag in wanted if tag.asset in looked]
    changes = _write(sorted(looked), kept, unit, now)
    return Outcome(len(looked), len({tag.asset for tag in kept}), changes)


@transaction.atomic
def undo(unit: UUID, undoing: UUID) -> int:
    """Take back what a unit of work changed, as a unit `undoing` of its own; return how many smart tags changed.

    Left alone is what changed again since, and what a person has set or rejected since.
    """
    touched = list(Change.objects.filter(unit=unit).values_list("asset_id", flat=True).distinct())
    _locked(touched)
    with connection.cursor() as cursor:
        cursor.execute(_UNDO, {"unit": unit, "undoing": undoing, "now": timezone.now()})
        return int(cursor.fetchone()[0])


def _locked(ids: Iterable[int]) -> list[int]:
    """Return those of the assets that are not in the trash, their rows locked in order until the end."""
    rows = Asset.objects.filter(pk__in=list(ids), trashed__isnull=True).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _write(looked: Sequence[int], wanted: Sequence[Wanted], unit: UUID, now: datetime) -> int:
    """Make the smart tags of the assets looked at what is wanted, touching only rows that differ; log each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE wanted (
                asset_id bigint, tag_id bigint, model_id bigint, version_id bigint, confidence smallint
            ) ON COMMIT DROP
            """
        )
        with cursor.copy("COPY wanted FROM STDIN") as copy:
            for tag in wanted:
                copy.write_row((tag.asset, tag.tag, tag.model, tag.version, tag.confidence))
        cursor.execute(_WRITE, {"looked": list(looked), "unit": unit, "now": now})
        changes = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE wanted")
        cursor.execute(
            """
            INSERT INTO tagging_look (asset_id, at) SELECT asset_id, %s FROM unnest(%s::bigint[]) AS asset_id
            ON CONFLICT (asset_id) DO UPDATE SET at = excluded.at
            """,
            [now, list(looked)],
        )
    return changes


# the difference between what is there and what is wanted, applied and logged in one statement; a version that says
# the same as the one of its model before changes nothing, so that publishing does not rewrite the table
_WRITE = """
WITH current AS (
    SELECT smart.asset_id, smart.tag_id, smart.version_id, smart.confidence, version.model_id
    FROM tagging_smarttag AS smart JOIN training_version AS version ON version.id = smart.version_id
    WHERE smart.asset_id = ANY(%(looked)s)
), difference AS (
    SELECT asset_id, tag_id, current.confidence AS before, current.version_id AS before_version,
           wanted.confidence AS after, wanted.version_id AS after_version
    FROM current FULL JOIN wanted USING (asset_id, tag_id)
    WHERE (current.confidence, current.model_id) IS DISTINCT FROM (wanted.confidence, wanted.model_id)
), removed AS (
    DELETE FROM tagging_smarttag AS smart USING difference
    WHERE smart.asset_id = difference.asset_id AND smart.tag_id = difference.tag_id AND difference.after IS NULL
), written AS (
    INSERT INTO tagging_smarttag (asset_id, tag_id, version_id, confidence, at)
    SELECT asset_id, tag_id, after_version, after, %(now)s FROM difference WHERE after IS NOT NULL
    ON CONFLICT (asset_id, tag_id) DO UPDATE
    SET version_id = excluded.version_id, confidence = excluded.confidence, at = excluded.at
), logged AS (
    INSERT INTO tagging_change (unit, asset_id, tag_id, before, before_version_id, after, after_version_id, at)
    SELECT %(unit)s, asset_id, tag_id, before, before_version, after, after_version, %(now)s FROM difference
    RETURNING 1
)
SELECT count(*) FROM logged
"""

_UNDO = """
WITH net AS (
    SELECT DISTINCT asset_id, tag_id,
           first_value(before) OVER first AS before, first_value(before_version_id) OVER first AS before_version,
           first_value(after) OVER last AS after, first_value(after_version_id) OVER last AS after_version
    FROM tagging_change WHERE unit = %(unit)s
    WINDOW first AS (PARTITION BY asset_id, tag_id ORDER BY id),
           last AS (PARTITION BY asset_id, tag_id ORDER BY id DESC)
), reverted AS (
    SELECT net.* FROM net LEFT JOIN tagging_smarttag AS smart USING (asset_id, tag_id)
    WHERE smart.confidence IS NOT DISTINCT FROM net.after
      AND net.before IS DISTINCT FROM net.after
      AND (net.before IS NULL OR net.before_version IS NOT NULL)
      AND NOT EXISTS (SELECT FROM curation_rejection AS no WHERE (no.asset_id, no.tag_id) = (net.asset_id, net.tag_id))
      AND NOT EXISTS (
          SELECT FROM curation_humantag AS yes WHERE (yes.asset_id, yes.tag_id) = (net.asset_id, net.tag_id)
      )
), removed AS (
    DELETE FROM tagging_smarttag AS smart USING reverted
    WHERE (smart.asset_id, smart.tag_id) = (reverted.asset_id, reverted.tag_id) AND reverted.before IS NULL
), written AS (
    INSERT INTO tagging_smarttag (asset_id, tag_id, version_id, confidence, at)
    SELECT asset_id, tag_id, before_version, before, %(now)s FROM reverted WHERE before IS NOT NULL
    ON CONFLICT (asset_id, tag_id) DO UPDATE
    SET version_id = excluded.version_id, confidence = excluded.confidence, at = excluded.at
), logged AS (
    INSERT INTO tagging_change (unit, asset_id, tag_id, before, before_version_id, after, after_version_id, at)
    SELECT %(undoing)s, asset_id, tag_id, after, after_version, before, before_version, %(now)s FROM reverted
    RETURNING 1
)
SELECT count(*) FROM logged
"""
