"""Reading what people said."""

from collections.abc import Collection

from tagsmith.curation.models import HumanTag, Rejection

Pairs = set[tuple[int, int]]


def set_by_people(assets: Collection[int]) -> Pairs:
    """Return the (asset, tag) pairs that people set among these assets."""
    return set(HumanTag.objects.filter(asset_id__in=assets).values_list("asset_id", "tag_id"))


def rejected(assets: Collection[int]) -> Pairs:
    """Return the (asset, tag) pairs that people rejected among these assets."""
    return set(Rejection.objects.filter(asset_id__in=assets).values_list("asset_id", "tag_id"))
