"""Finding assets that look nearly the same, by their perceptual hash. Exact: every hash is compared."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, F, Func, IntegerField, Value

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import get_asset, live_assets

WITHIN = 6  # bits; recompressed and resized copies stay below, different images are far above


@dataclass(frozen=True)
class Near:
    """An asset, and in how many of 64 bits its hash differs."""

    asset: Asset
    distance: int


class _Distance(Func):
    template = "bit_count((%(expressions)s)::bit(64))"
    arg_joiner = " # "
    output_field = IntegerField()


def near_duplicates(scope: Scope, asset_id: int, *, within: int = WITHIN, size: int = 100) -> list[Near]:
    """Return the assets that look nearly like this one, the nearest first; none before it was prepared."""
    asset = get_asset(scope, asset_id)
    if asset.likeness is None:
        return []
    distance = _Distance(F("likeness"), Value(asset.likeness, output_field=BigIntegerField()))
    others = live_assets(scope).exclude(pk=asset.pk).filter(likeness__isnull=False).annotate(distance=distance)
    near = others.filter(distance__lte=within).select_related("folder").order_by("distance", "pk")[:size]
    return [Near(other, other.distance) for other in near]
