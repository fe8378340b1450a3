"""What becomes of what people said when tags are merged or deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Model, OuterRef

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.sentences import say
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.references import Bystander


class OfAssets(Bystander):
    """What is said of a tag row by row, each of an asset."""

    kind: str
    model: type[Model]

    def count(self, tag_ids: Sequence[int]) -> int:
        """Return how many refer to any of the tags."""
        return self.model._default_manager.filter(tag__in=tag_ids).count()  # noqa: SLF001 - Django's documented name

    def examples(self, tag_ids: Sequence[int], limit: int) -> list[str]:
        """Return the paths of a few of the assets."""
        rows = self.model._default_manager.filter(tag__in=tag_ids).order_by("asset_id")[:limit]  # noqa: SLF001
        found = Asset.objects.select_related("folder").in_bulk(rows.values_list("asset_id", flat=True))
        return [found[pk].path for pk in sorted(found)]

    def in_use(self) -> set[int]:
        """Return the tags of which something is said."""
        said = self.model._default_manager.filter(tag=OuterRef("pk"))  # noqa: SLF001
        return set(Tag.objects.filter(Exists(said)).values_list("pk", flat=True))


class _Said(OfAssets):
    """What people said; it follows a merge, and stays when the tag is deleted."""

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:  # noqa: ARG002 - the protocol's
        """Let what was said of the source be said of the target; a tag that a person set wins over a rejection."""
        tables = {"said": self.model._meta.db_table, "source": source_id, "target": target_id}  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute(_MOVE.format(**tables))


class HumanTags(_Said):
    """Tags that people set or promoted."""

    kind = say("tags that people set (they stay on the assets)")
    model = HumanTag


class Rejections(_Said):
    """Tags that people took away; registered after `HumanTags`, which win."""

    kind = say("rejections (they stay)")
    model = Rejection

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:
        """Let rejections follow, but for those of a tag that a person has set."""
        super().merged(source_id, target_id, unit)
        own = HumanTag.objects.filter(tag=target_id).values("asset_id")
        Rejection.objects.filter(tag=target_id, asset__in=own).delete()


_MOVE = """
UPDATE {said} AS moved SET tag_id = {target} WHERE tag_id = {source}
AND NOT EXISTS (SELECT FROM {said} AS there WHERE there.asset_id = moved.asset_id AND there.tag_id = {target});
DELETE FROM {said} WHERE tag_id = {source}
"""
