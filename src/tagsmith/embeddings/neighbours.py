"""Finding the assets that look most like one, by the angle between their vectors. Exact: every vector is compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import CosineDistance

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import get_asset, live_assets
from tagsmith.assets.selectors.folders import live_folders
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.preparation import current

COUNT = 24


@dataclass(frozen=True)
class Similar:
    """An asset, and the cosine of the angle to what was asked for: 1 is the same direction."""

    asset: Asset
    cosine: float


def similar(scope: Scope, asset_id: int, *, count: int = COUNT) -> list[Similar]:
    """Return the assets that look most like this one to the serving encoder, the most similar first.

    There are none before the asset has its vector.

    Raises
    ------
    NotFoundError
        There is no such asset, or not for this caller.
    """
    asset, encoder = get_asset(scope, asset_id), current().encoder
    own = Embedding.objects.filter(asset=asset, encoder=encoder, content=asset.content).first()
    if own is None:
        return []
    return _nearest(scope, encoder, own.vector, without=asset.pk, count=count)


def similar_to_vector(
    scope: Scope, encoder: StoredEncoder, vector: NDArray[np.floating], *, count: int = COUNT
) -> list[Similar]:
    """Return the assets whose vectors are most like one of (dimension,), the most similar first."""
    return _nearest(scope, encoder, vector.tolist(), without=None, count=count)


def _nearest(
    scope: Scope, encoder: StoredEncoder, vector: list[float], *, without: int | None, count: int
) -> list[Similar]:
    """Compare first, and look afterwards whether what was found may be seen and is still of its asset's content.

    To look at all assets first would take longer than to compare all vectors. Of those found few are left out, so that
    more are seldom asked for.
    """
    rows = Embedding.objects.filter(encoder=encoder).exclude(asset=without)
    if scope.paths is not None:  # folders by number: the planner knows how many assets they hold, and begins with these
        folders = list(live_folders(scope).values_list("pk", flat=True))
        rows = rows.filter(asset__in=live_assets(EVERYTHING).filter(folder__in=folders))
    rows = rows.annotate(distance=CosineDistance("vector", HalfVector(vector))).order_by("distance", "asset")
    size, is_all, found = 0, False, list[Similar]()
    while len(found) < count and not is_all:
        size = 4 * max(size, count)
        with _page_after_page():
            nearest = list(rows.values_list("asset", "distance", "content")[:size])
        is_all = len(nearest) < size
        assets = live_assets(scope).select_related("folder").in_bulk([pk for pk, _, _ in nearest])
        seen = ((assets.get(pk), distance, content) for pk, distance, content in nearest)
        found = [Similar(one, 1 - distance) for one, distance, content in seen if one and one.content == content]
    return found[:count]


@contextmanager
def _page_after_page() -> Iterator[None]:
    """Have vectors read as they lie: by a bitmap of their rows, as the planner would, it takes twice as long.

    A caller's transaction goes on with what it had.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_bitmapscan'), set_config('enable_bitmapscan', 'off', TRUE)")
        before = cursor.fetchall()[0][0]
        yield
        cursor.execute("SELECT set_config('enable_bitmapscan', %s, TRUE)", [before])
