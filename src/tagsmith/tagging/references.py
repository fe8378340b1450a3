"""What becomes of smart tags and suggestions when tags are merged or deleted.

Each change of a smart tag is in the change log. Suggestions of a deleted tag stay, unseen, and come back with it.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import connection

from tagsmith.assets.locks import lock_assets
from tagsmith.curation.references import OfAssets
from tagsmith.sentences import say
from tagsmith.tagging.changes import SERVES, apply_difference, removal, reversal
from tagsmith.tagging.models import Change, SmartTag, Suggestion
from tagsmith.tagging.services import undo


class SmartTags(OfAssets):
    """Smart tags; registered after what people said, which a merge brings over first."""

    kind = say("smart tags")
    model = SmartTag

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        """Let smart tags follow, the more confident of two, but not to where people have said something."""
        lock_assets(SmartTag.objects.filter(tag__in=(source_id, target_id)).values_list("asset_id", flat=True))
        apply_difference(_MERGED, {"source": source_id, "target": target_id}, unit)

    def deleted(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Take the smart tags away."""
        lock_assets(SmartTag.objects.filter(tag__in=tag_ids).values_list("asset_id", flat=True))
        apply_difference(removal("tag_id = ANY(%(tags)s)"), {"tags": list(tag_ids)}, unit)

    def restored(self, tag_ids: Sequence[int], unit: UUID) -> None:  # noqa: ARG002 - the protocol's
        """Bring them back where nobody has said otherwise."""
        if Change.objects.filter(unit=unit).exists():
            undo(unit, uuid4())

    def blocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Take the smart tags away."""
        self.deleted(tag_ids, unit)

    def unblocked(self, tag_ids: Sequence[int], unit: UUID) -> None:
        """Bring them back where nobody has said otherwise and their tag model still serves."""
        gone = Change.objects.filter(unit=unit, tag__in=tag_ids)
        lock_assets(gone.values_list("asset_id", flat=True).distinct())
        query = reversal("unit = %(undone)s AND tag_id = ANY(%(tags)s)", SERVES)
        apply_difference(query, {"undone": unit, "tags": list(tag_ids)}, uuid4())


class Suggestions(OfAssets):
    """Suggestions; registered after smart tags and what people said, which a merge brings over first."""

    kind = say("suggestions")
    model = Suggestion

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:  # noqa: ARG002 - the protocol's
        """Let suggestions follow, the more confident of two, but not to where the tag is or people have said no."""
        tags = {"source": source_id, "target": target_id}
        lock_assets(Suggestion.objects.filter(tag__in=tags.values()).values_list("asset_id", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOW, tags)
            cursor.execute(_SETTLED, tags)


_FOLLOW = """
    WITH moved AS (DELETE FROM tagging_suggestion WHERE tag_id = %(source)s RETURNING *)
    INSERT INTO tagging_suggestion AS kept (asset_id, tag_id, version_id, confidence)
    SELECT asset_id, %(target)s, version_id, confidence FROM moved
    ON CONFLICT (asset_id, tag_id) DO UPDATE
    SET version_id = excluded.version_id, confidence = excluded.confidence
    WHERE kept.confidence < excluded.confidence
"""

_SETTLED = """
    DELETE FROM tagging_suggestion AS gone WHERE tag_id = %(target)s AND asset_id IN (
        SELECT asset_id FROM tagging_smarttag WHERE tag_id = %(target)s
        UNION ALL SELECT asset_id FROM curation_humantag WHERE tag_id = %(target)s
        UNION ALL SELECT asset_id FROM curation_rejection WHERE tag_id = %(target)s
    )
"""

_MERGED = f"""
    {removal("tag_id = %(source)s")}
    UNION ALL
    SELECT source.asset_id, %(target)s, target.confidence, target.version_id, source.confidence, source.version_id
    FROM tagging_smarttag AS source
    LEFT JOIN tagging_smarttag AS target ON target.asset_id = source.asset_id AND target.tag_id = %(target)s
    WHERE source.tag_id = %(source)s AND source.confidence > coalesce(target.confidence, -1)
      AND NOT EXISTS (SELECT FROM taxonomy_tag AS tag WHERE tag.id = %(target)s AND tag.blocked)
      AND NOT EXISTS (
          SELECT FROM curation_humantag AS yes WHERE yes.asset_id = source.asset_id AND yes.tag_id = %(target)s
      )
      AND NOT EXISTS (
          SELECT FROM curation_rejection AS no WHERE no.asset_id = source.asset_id AND no.tag_id = %(target)s
      )
"""  # noqa: S608 - no text of others goes in
