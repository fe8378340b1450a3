"""Making assets ready: each image is decoded once, on all cores. What it needs of the settings is given once."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import transaction

from tagsmith.assets.content import original_of
from tagsmith.assets.models import Asset, State
from tagsmith.assets.prepare import RENDITION, Prepared, has_rendition, prepare, store_prepared
from tagsmith.assets.storage import Storage
from tagsmith.embeddings.following import PREPARED
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.selectors import with_vector
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.errors import ImageError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.cores import available_cores
from tagsmith.vision.looks import decode_both
from tagsmith.vision.measures import Measures, measure
from tagsmith.vision.session import EncoderSession, Vector

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Made:
    """What was made of an asset: None for what it had already, or could not be had."""

    asset: Asset
    prepared: Prepared | None = None
    vector: Vector | None = None
    measures: Measures | None = None


@dataclass(frozen=True)
class Preparation:
    """Where originals lie, which encoder serves (loaded when first needed), and what is refused.

    `threads` is how many images are under way at once; by default one per core.
    """

    storage: Storage
    open_session: Callable[[], EncoderSession]
    limits: DecodeLimits
    threads: int | None = None

    @cached_property
    def session(self) -> EncoderSession:
        """The loaded encoder."""
        return self.open_session()

    @cached_property
    def encoder(self) -> StoredEncoder:
        """The serving encoder's row."""
        return stored_encoder(self.session.encoder.id, self.session.encoder.dimension)

    def make_ready(self, ids: Sequence[int]) -> None:
        """Give assets a rendition, a fingerprint and a vector; what is there already is not made again.

        A file that cannot be read leaves its asset failed, with the reason, and nothing else affected. What is stored
        of the assets is stored at once, so that one that is ready has its vector.
        """
        encoded = set(with_vector(self.encoder, ids))
        assets = Asset.objects.filter(pk__in=ids).order_by("pk")
        made = self._map(
            [asset for asset in assets if asset.pk not in encoded or not self._is_prepared(asset)], encoded
        )
        with transaction.atomic():
            store_prepared([one.prepared for one in made if one.prepared])
            if vectors := {one.asset: one.vector for one in made if one.vector is not None}:
                contents = {asset.pk: asset.content for asset in vectors}
                measures = {one.asset.pk: one.measures for one in made if one.measures is not None}
                stacked = np.stack(list(vectors.values()))
                store_vectors(self.encoder, np.array(list(contents)), stacked, contents, measures)
                PREPARED.changed(list(contents))

    def _map(self, assets: Sequence[Asset], encoded: set[int]) -> list[_Made]:
        """Work on several assets at once, none of which is worked on any more when this ends."""
        under_way = [self._pool.submit(self._make, asset, asset.pk not in encoded) for asset in assets]
        try:
            return [future.result() for future in under_way]
        finally:
            for future in under_way:
                future.cancel()

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads or available_cores(), thread_name_prefix="prepare")

    def _make(self, asset: Asset, wants_vector: bool) -> _Made:  # noqa: FBT001 - a task of the pool
        """Work on one asset, without the database."""
        is_prepared = self._is_prepared(asset)
        try:
            path = original_of(asset, self.storage)
            looks = decode_both(path, shown=RENDITION, encoded=self.session.shortest_side, limits=self.limits)
        except ImageError as error:
            if is_prepared:  # it can still be looked at, and keeps its tags
                log.warning("%s: its original cannot be encoded again: %s", asset.name, error)
                return _Made(asset)
            return _Made(asset, Prepared(asset.pk, asset.content, str(error)))
        sight = self.session.look(looks.encoded) if wants_vector else None
        prepared = None if is_prepared else prepare(asset, looks, self.storage)
        if sight is None:
            return _Made(asset, prepared)
        return _Made(asset, prepared, sight.vector, measure(looks.encoded, sight.feature_map))

    def _is_prepared(self, asset: Asset) -> bool:
        return asset.state == State.READY and has_rendition(asset, self.storage)


_current: list[Preparation] = []


def configure(preparation: Preparation) -> None:
    """Say once, where the program is put together, how assets are made ready."""
    _current[:] = [preparation]


def current() -> Preparation:
    """Return how assets are made ready in this process."""
    return _current[0]
