"""The one place where machines change smart tags: a change is applied and written to the change log in one statement.

What people do to them is in `moderation`, and in the audit log.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from tagsmith.assets.arrays import array_of
from tagsmith.tagging.difference import NONE, Difference


def apply_difference(query: str, arguments: Mapping[str, Any], unit: UUID) -> int:
    """Change smart tags as a query says, and log each change under `unit`; return how many there were.

    `query` gives rows of asset_id, tag_id, before, before_version, after, after_version, of pairs whose smart tag
    is as `before` says; a missing `after` takes it away. The caller has locked the assets.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"WITH difference AS ({query}) {_APPLY}", {**arguments, "unit": unit, "now": timezone.now()})
        return int(cursor.fetchone()[0])


def apply_columns(difference: Difference, unit: UUID) -> int:
    """Change smart tags as columns say, as `apply_difference` does; the database is not asked if none differs."""
    if not len(difference.assets):
        return 0
    columns = {name: array_of(column.tolist()) for name, column in vars(difference).items()}
    return apply_difference(_COLUMNS, columns, unit)


def removal(which: str) -> str:
    """Return the query that takes away the smart tags that `which` selects of `smart`, for `apply_difference`."""
    return _REMOVAL.format(which=which)


def reversal(which: str, unless: str = "") -> str:
    """Return the query that takes back the changes of the log that `which` selects, for `apply_difference`.

    Of each pair it restores the state before the first of them, if only machines have changed it: what is there now
    must be what the last of them left. Left alone is also what people have said something about, and a deleted tag;
    no smart tag of a blocked one comes back.
    `unless` adds a condition over `had` and `has`, the versions before and after.
    """
    return _REVERSAL.format(which=which, unless=unless)


# for `reversal`: what a tag model gave comes back only if that model has a live version
SERVES = """
    AND (net.before IS NULL OR EXISTS (
        SELECT FROM training_version AS live WHERE live.live AND live.model_id = had.model_id
    ))
"""

_REMOVAL = """
    SELECT asset_id, tag_id, smart.confidence AS before, smart.version_id AS before_version,
           NULL::smallint AS after, NULL::bigint AS after_version
    FROM tagging_smarttag AS smart WHERE {which}
"""

_COLUMNS = f"""
    SELECT asset_id, tag_id, NULLIF(before, {NONE}) AS before, NULLIF(before_version, {NONE}) AS before_version,
           NULLIF(after, {NONE}) AS after, NULLIF(after_version, {NONE}) AS after_version
    FROM unnest(
        %(assets)s::bigint[], %(tags)s::bigint[], %(before)s::smallint[], %(before_versions)s::bigint[],
        %(after)s::smallint[], %(after_versions)s::bigint[]
    ) AS differing (asset_id, tag_id, before, before_version, after, after_version)
"""  # noqa: S608 - no text of others goes in

_APPLY = """
, removed AS (
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

_REVERSAL = """
    SELECT asset_id, tag_id, after AS before, after_version AS before_version, before AS after,
           before_version AS after_version
    FROM (
        SELECT DISTINCT asset_id, tag_id,
               first_value(before) OVER first AS before, first_value(before_version_id) OVER first AS before_version,
               first_value(after) OVER last AS after, first_value(after_version_id) OVER last AS after_version
        FROM tagging_change WHERE {which}
        WINDOW first AS (PARTITION BY asset_id, tag_id ORDER BY id),
               last AS (PARTITION BY asset_id, tag_id ORDER BY id DESC)
    ) AS net
    LEFT JOIN tagging_smarttag AS smart USING (asset_id, tag_id)
    LEFT JOIN training_version AS had ON had.id = net.before_version
    LEFT JOIN training_version AS has ON has.id = net.after_version
    LEFT JOIN training_version AS now ON now.id = smart.version_id
    WHERE (smart.confidence, now.model_id) IS NOT DISTINCT FROM (net.after, has.model_id)
      AND (net.before, had.model_id) IS DISTINCT FROM (net.after, has.model_id)
      AND (net.before IS NULL OR had.id IS NOT NULL)
      {unless}
      AND EXISTS (
          SELECT FROM taxonomy_tag AS tag
          WHERE tag.id = net.tag_id AND tag.deleted IS NULL AND (net.before IS NULL OR NOT tag.blocked)
      )
      AND NOT EXISTS (SELECT FROM curation_rejection AS no WHERE (no.asset_id, no.tag_id) = (net.asset_id, net.tag_id))
      AND NOT EXISTS (
          SELECT FROM curation_humantag AS yes WHERE (yes.asset_id, yes.tag_id) = (net.asset_id, net.tag_id)
      )
"""
