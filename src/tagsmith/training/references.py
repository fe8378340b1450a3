"""What becomes of tag models and their examples when tags are merged or deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from tagsmith.curation.references import OfAssets
from tagsmith.sentences import say
from tagsmith.taxonomy.references import Bystander
from tagsmith.training.models import Example, TagModel, TaughtTag


class TagModels(Bystander):
    """Tag models. Versions are never changed: who reads one asks what its tags have become.

    A deleted tag stays taught; the next training leaves it out, and takes it in again when it is restored.
    """

    kind = say("tag models")

    def count(self, tag_ids: Sequence[int]) -> int:
        """Return how many tag models teach any of the tags."""
        return TagModel.objects.filter(tags__in=tag_ids).distinct().count()

    def examples(self, tag_ids: Sequence[int], limit: int) -> list[str]:
        """Return the titles of a few of them."""
        return list(TagModel.objects.filter(tags__in=tag_ids).distinct().values_list("title", flat=True)[:limit])

    def in_use(self) -> set[int]:
        """Return the tags that tag models teach."""
        return set(TaughtTag.objects.values_list("tag_id", flat=True))

    def merged(self, source_id: int, target_id: int, unit: UUID) -> None:  # noqa: ARG002 - the protocol's
        """Let models teach the target with the examples of both."""
        with connection.cursor() as cursor:
            for table, same in (("taughttag", "model_id"), ("example", "model_id, asset_id")):
                cursor.execute(_MOVE.format(table=f"training_{table}", same=same, source=source_id, target=target_id))


class Examples(OfAssets):
    """Examples; `TagModels` moves them."""

    kind = say("examples")
    model = Example


_MOVE = """
UPDATE {table} AS moved SET tag_id = {target} WHERE tag_id = {source} AND ({same}) NOT IN (
    SELECT {same} FROM {table} WHERE tag_id = {target}
);
DELETE FROM {table} WHERE tag_id = {source}
"""
