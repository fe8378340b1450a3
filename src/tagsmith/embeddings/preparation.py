"""Making assets ready: rendition and fingerprint, then the vector. What it needs of the settings is given once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tagsmith.assets.content import original_of
from tagsmith.assets.prepare import prepare
from tagsmith.assets.storage import Storage
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.selectors import without_vector
from tagsmith.embeddings.services import store_vectors, stored_encoder
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import encode_files


@dataclass(frozen=True)
class Preparation:
    """Where originals lie, which encoder serves (loaded when first needed), and what is refused."""

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

        A file that cannot be read leaves its asset failed, with the reason, and nothing else affected.
        """
        for asset in ids:
            prepare(asset, self.storage, limits=self.limits)
        self._embed(ids)

    def _embed(self, ids: Sequence[int]) -> None:
        rows = list(without_vector(self.encoder).filter(pk__in=ids).order_by("pk"))
        paths = [original_of(asset, self.storage) for asset in rows]
        vectors, done = [], []
        for asset, item in zip(
            rows, encode_files(self.session, paths, workers=self.threads, limits=self.limits), strict=True
        ):
            if item.vector is not None:  # else it has changed since it was prepared, and is prepared again
                vectors.append(item.vector)
                done.append(asset)
        if done:
            contents = {asset.pk: asset.content for asset in done}
            store_vectors(self.encoder, np.array([asset.pk for asset in done]), np.stack(vectors), contents)


_current: list[Preparation] = []


def configure(preparation: Preparation) -> None:
    """Say once, where the program is put together, how assets are made ready."""
    _current[:] = [preparation]


def current() -> Preparation:
    """Return how assets are made ready in this process."""
    return _current[0]
