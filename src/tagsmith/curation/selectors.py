"""Reading what people said."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from tagsmith.assets.arrays import array_of
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.curation.models import HumanTag, Rejection

Pairs = set[tuple[int, int]]


def set_by_people(assets: Collection[int]) -> Pairs:
    """Return the (asset, tag) pairs that people set among these assets."""
    return _pairs(HumanTag, assets)


def rejected(assets: Collection[int]) -> Pairs:
    """Return the (asset, tag) pairs that people rejected among these assets."""
    return _pairs(Rejection, assets)


def rejections_to_review(scope: Scope) -> QuerySet[Rejection]:
    """Return what was rejected of a content that has been replaced since, the oldest first."""
    seen = live_assets(scope).filter(pk=OuterRef("asset_id")).exclude(content=OuterRef("content"))
    rows = Rejection.objects.filter(Exists(seen)).select_related("asset__folder", "tag", "person")
    return rows.order_by("at", "asset_id", "tag_id")


def _pairs(kind: type[HumanTag | Rejection], assets: Collection[int]) -> Pairs:
    """Ask with one array: thousands of assets as parameters of their own would take longer than the answer."""
    with connection.cursor() as cursor:
        table = kind._meta.db_table  # noqa: SLF001 - Django's documented name
        cursor.execute(f"SELECT asset_id, tag_id FROM {table} WHERE asset_id = ANY(%s::bigint[])", [array_of(assets)])  # noqa: S608
        return set(cursor.fetchall())
