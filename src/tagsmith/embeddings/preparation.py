"""Making assets ready: each image is decoded once, on all cores. What it needs of the settings is given once."""

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from django.db import transaction

from tagsmith.assets.content import original_of
from tagsmith.assets.models import Asset, State
from tagsmith.assets.prepare import RENDITION, Prepared, has_rendition, prepare, store_prepared
from tagsmith.assets.storage import Storage
from tagsmith.embeddings.following import PREPARED
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.selectors import with_vector
from tagsmith.embeddings.services import store_vectors
from tagsmith.embeddings.serving import Encoders, Loaded
from tagsmith.errors import EncoderError, ImageError
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.cores import available_cores
from tagsmith.vision.looks import Looks, decode_both
from tagsmith.vision.measures import Measures, measure
from tagsmith.vision.session import EncoderSession, Vector

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What was made of an asset: None for what it had already, or could not be had, for which there is a reason."""

    asset: Asset
    prepared: Prepared | None = None
    vector: Vector | None = None
    measures: Measures | None = None
    failure: str = ""


@dataclass(frozen=True)
class Preparation:
    """Where originals lie, which encoders there are, and what is refused.

    `threads` is how many images are under way at once; by default one per core.
    """

    storage: Storage
    encoders: Encoders
    limits: DecodeLimits
    threads: int | None = None

    @property
    def session(self) -> EncoderSession:
        """The serving encoder, loaded."""
        return self.encoders.serving().session

    @property
    def encoder(self) -> StoredEncoder:
        """The serving encoder's row."""
        return self.encoders.encoder()

    def make_ready(self, ids: Sequence[int]) -> None:
        """Give assets a rendition, a fingerprint and a vector; what is there already is not made again.

        A file that cannot be read leaves its asset failed, with the reason, and nothing else affected. What is stored
        of the assets is stored at once, so that one that is ready has its vector. While the encoder is being changed,
        they get a vector of the coming one too.
        """
        served = None
        while (serving := self.encoders.serving()).encoder != served:  # else another serves meanwhile
            served = serving.encoder
            self._make_ready(ids, serving)
            if coming := self.encoders.coming():
                ready = list(Asset.objects.filter(pk__in=ids, state=State.READY).order_by("pk"))
                store_made(coming.encoder, self.encode(without_one(coming.encoder, ready), coming.session))

    def encode(self, assets: Sequence[Asset], session: EncoderSession) -> list[Made]:
        """Return the vectors of assets that are ready, or why they have none. Nothing is stored."""
        return self._map(partial(self._encode, session=session), assets)

    def _make_ready(self, ids: Sequence[int], serving: Loaded) -> None:
        encoded = set(with_vector(serving.encoder, ids))
        assets = Asset.objects.filter(pk__in=ids).order_by("pk")
        lacking = [asset for asset in assets if asset.pk not in encoded or not self._is_prepared(asset)]
        made = self._map(partial(self._make, session=serving.session, encoded=encoded), lacking)
        with transaction.atomic():
            store_prepared([one.prepared for one in made if one.prepared])
            PREPARED.changed(store_made(serving.encoder, made))

    def _map(self, work: Callable[[Asset], Made], assets: Sequence[Asset]) -> list[Made]:
        """Work on several assets at once, none of which is worked on any more when this ends."""
        under_way = [self._pool.submit(work, asset) for asset in assets]
        try:
            return [future.result() for future in under_way]
        finally:
            for future in under_way:
                future.cancel()

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads or available_cores(), thread_name_prefix="prepare")

    def _make(self, asset: Asset, session: EncoderSession, encoded: Collection[int]) -> Made:
        """Work on one asset, without the database."""
        is_prepared = self._is_prepared(asset)
        try:
            looks = self._looks(asset, session)
        except ImageError as error:
            if is_prepared:  # it can still be looked at, and keeps its tags
                log.warning("%s: its original cannot be encoded again: %s", asset.name, error)
                return Made(asset, failure=error.sentence)
            return Made(asset, Prepared(asset.pk, asset.content, error.sentence), failure=error.sentence)
        sight = None if asset.pk in encoded else session.look(looks.encoded)
        prepared = None if is_prepared else prepare(asset, looks, self.storage)
        if sight is None:
            return Made(asset, prepared)
        return Made(asset, prepared, sight.vector, measure(looks.encoded, sight.feature_map))

    def _encode(self, asset: Asset, session: EncoderSession) -> Made:
        """See one asset that is ready, without the database."""
        try:
            looks = self._looks(asset, session)
            sight = session.look(looks.encoded)
        except (ImageError, EncoderError) as error:
            return Made(asset, failure=error.sentence)
        return Made(asset, None, sight.vector, measure(looks.encoded, sight.feature_map))

    def _looks(self, asset: Asset, session: EncoderSession) -> Looks:
        path = original_of(asset, self.storage)
        return decode_both(path, shown=RENDITION, encoded=session.shortest_side, limits=self.limits)

    def _is_prepared(self, asset: Asset) -> bool:
        return asset.state == State.READY and has_rendition(asset, self.storage)


def without_one(encoder: StoredEncoder, assets: Sequence[Asset]) -> list[Asset]:
    """Return those of the assets that have no vector of this encoder and of their present content."""
    encoded = set(with_vector(encoder, [asset.pk for asset in assets]))
    return [asset for asset in assets if asset.pk not in encoded]


def store_made(encoder: StoredEncoder, made: Sequence[Made]) -> list[int]:
    """Store the vectors that were made, and return the ids of their assets."""
    vectors = {one.asset: one.vector for one in made if one.vector is not None}
    if vectors:
        contents = {asset.pk: asset.content for asset in vectors}
        measures = {one.asset.pk: one.measures for one in made if one.measures is not None}
        store_vectors(encoder, np.array(list(contents)), np.stack(list(vectors.values())), contents, measures)
    return [asset.pk for asset in vectors]


_current: list[Preparation] = []


def configure(preparation: Preparation) -> None:
    """Say once, where the program is put together, how assets are made ready."""
    _current[:] = [preparation]


def current() -> Preparation:
    """Return how assets are made ready in this process."""
    return _current[0]
