"""Finding the assets that look most like one, by the angle between their vectors. Exact: every vector is compared."""

from dataclasses import dataclass

import numpy as np
from django.db.models import F
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
    allowed = live_assets(scope)
    if scope.paths is not None:  # folders by number: the planner knows how many assets they hold, and begins with these
        allowed = live_assets(EVERYTHING).filter(folder__in=list(live_folders(scope).values_list("pk", flat=True)))
    rows = Embedding.objects.filter(encoder=encoder, asset__in=allowed, content=F("asset__content"))
    rows = rows.exclude(asset=without).annotate(distance=CosineDistance("vector", HalfVector(vector)))
    found = list(rows.order_by("distance", "asset").values_list("asset", "distance")[:count])
    assets = Asset.objects.select_related("folder").in_bulk([pk for pk, _ in found])
    return [Similar(assets[pk], 1 - distance) for pk, distance in found if pk in assets]
