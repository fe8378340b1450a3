"""What people said of a tag model's tags since: it teaches the next training.

A tag that a person set or promoted makes its asset one more example; a rejection makes its asset one that shows
"something else". Examples that people chose for the model come first.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from tagsmith.assets.models import Asset
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.training.models import Example, TagModel
from tagsmith.training.selectors import taught_tags


@dataclass(frozen=True)
class Waiting:
    """How much people said of a model's tags that no training has learned from yet."""

    promoted: int
    rejected: int

    def __str__(self) -> str:
        return f"{self.promoted} tags set or promoted, {self.rejected} rejected"


def waiting_corrections(model: TagModel) -> Waiting:
    """Return what the next training of the model would learn from people that the last one could not."""
    if not model.learn_from_people:
        return Waiting(0, 0)
    tags = taught_tags(model).values()
    promoted, rejected = promotions(model, tags), rejections(tags)
    last = model.versions.order_by("-number").values_list("created", flat=True).first()
    if last is not None:
        promoted, rejected = promoted.filter(at__gt=last), rejected.filter(at__gt=last)
    return Waiting(promoted.count(), rejected.count())


def promotions(model: TagModel, tags: Collection[int]) -> QuerySet[HumanTag]:
    """Return the tags that people set on assets that are no examples, the newest first.

    Of an exclusive model an asset on which people set several of its tags teaches none.
    """
    rows = HumanTag.objects.filter(tag__in=list(tags), asset__in=Asset.objects.filter(trashed__isnull=True))
    rows = rows.exclude(asset__in=Example.objects.filter(model=model).values("asset_id"))
    if model.exclusive:
        twice = HumanTag.objects.filter(tag__in=list(tags)).values("asset_id").annotate(tags=Count("tag_id"))
        rows = rows.exclude(asset__in=twice.filter(tags__gt=1).values("asset_id"))
    return rows.select_related("asset__folder").order_by("-at", "asset_id", "tag_id")


def rejections(tags: Collection[int]) -> QuerySet[Rejection]:
    """Return the rejections of these tags on assets that still show what they showed then."""
    rows = Rejection.objects.filter(tag__in=list(tags), content=F("asset__content"), asset__trashed__isnull=True)
    return rows.order_by("-at", "asset_id", "tag_id")
