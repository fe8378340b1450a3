"""Reading vectors as blocks for scoring."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from django.db import connection
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from tagsmith.assets.arrays import array_of
from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.cache import VectorCache, cache_of
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.wire import Contents, Halves, Ids, unpack, unpack_contents, widened
from tagsmith.learning.classifier import spread_evenly

MANY = 13 * 400  # assets whose contents are asked for at once
BLOCK = 400  # vectors: enough for a matrix product, and few enough for the processor's cache
Block = tuple[NDArray[np.int64], NDArray[np.float32]]


def read_vectors(encoder: StoredEncoder, ids: Collection[int]) -> Iterator[Block]:
    """Yield (assets,) ids and (assets, dimension) vectors of the assets named, in order of the ids, in blocks.

    Assets without a vector of this encoder are left out.
    """
    ordered = sorted(set(ids))
    cache = cache_of(encoder.identifier, encoder.dimension)
    for start in range(0, len(ordered), MANY):
        many = ordered[start : start + MANY]
        contents = _contents(encoder, many) if cache else None
        if cache and contents:
            yield from _read_cached(cache, encoder, *contents)
        else:
            yield from _read_stored(encoder, many)


def read_all(encoder: StoredEncoder, ids: Collection[int]) -> Block:
    """Return what `read_vectors` yields as one, also where there is none."""
    blocks = [(np.empty(0, np.int64), np.empty((0, encoder.dimension), np.float32)), *read_vectors(encoder, ids)]
    return np.concatenate([assets for assets, _ in blocks]), np.concatenate([vectors for _, vectors in blocks])


def _read_stored(encoder: StoredEncoder, ids: Sequence[int]) -> Iterator[Block]:
    for start in range(0, len(ids), BLOCK):
        present, vectors, _ = _stored(encoder, ids[start : start + BLOCK])
        if len(present):
            yield present, widened(vectors)


def _read_cached(cache: VectorCache, encoder: StoredEncoder, ids: Ids, contents: Contents) -> Iterator[Block]:
    """Read what the cache lacks from the database, and cache it."""
    places = cache.places(ids)
    for start in range(0, len(ids), BLOCK):
        some = slice(start, start + BLOCK)
        has, vectors = cache.read(places[some], contents[some])
        if has.all():
            yield ids[some], widened(vectors)
            continue
        present, read, digests = _stored(encoder, ids[some][~has].tolist())
        if digests is not None:
            cache.add(present, digests, read, Embedding.objects.filter(encoder=encoder).count)
        at = np.searchsorted(ids[some], present)
        has[at], vectors[at] = True, read
        if has.any():  # one may be gone since it was asked what there is
            yield ids[some][has], widened(vectors[has])


def _stored(encoder: StoredEncoder, ids: Sequence[int]) -> tuple[Ids, Halves, Contents | None]:
    with connection.cursor() as cursor, cursor.copy(_READ, [encoder.pk, array_of(ids)]) as copy:
        [(assets, vectors, contents)] = copy.rows()
    if assets is None:
        return np.empty(0, np.int64), np.empty((0, encoder.dimension), np.float16), None
    present, halves = unpack(assets, vectors, encoder.dimension)
    return present, halves, unpack_contents(contents, len(present))


def _contents(encoder: StoredEncoder, ids: Sequence[int]) -> tuple[Ids, Contents] | None:
    """Return of which assets there are vectors, and what they were made of; None if that cannot be told."""
    with connection.cursor() as cursor, cursor.copy(_CONTENTS, [encoder.pk, array_of(ids)]) as copy:
        [(assets, contents)] = copy.rows()
    present = np.frombuffer(assets or b"", ">i8").astype(np.int64)
    digests = unpack_contents(contents or b"", len(present))
    return None if digests is None else (present, digests)


# one value for a block: a row for each vector would cost the server and us more than the vector
_READ = """
    COPY (
        SELECT string_agg(int8send(asset_id), ''), string_agg(halfvec_send(vector), ''), string_agg(content, '')
        FROM (
            SELECT asset_id, vector, content FROM embeddings_embedding
            WHERE encoder_id = %s AND asset_id = ANY(%s::bigint[]) ORDER BY asset_id
        ) AS named
    ) TO STDOUT (FORMAT BINARY)
"""

_CONTENTS = """
    COPY (
        SELECT string_agg(int8send(asset_id), ''), string_agg(content, '')
        FROM (
            SELECT asset_id, content FROM embeddings_embedding
            WHERE encoder_id = %s AND asset_id = ANY(%s::bigint[]) ORDER BY asset_id
        ) AS named
    ) TO STDOUT (FORMAT BINARY)
"""


def with_vector(encoder: StoredEncoder, ids: Sequence[int]) -> QuerySet[Embedding, int]:
    """Return the ids of those of the assets that have a vector of this encoder and of their present content."""
    rows = Embedding.objects.filter(encoder=encoder, asset__in=ids, content=F("asset__content"))
    return rows.values_list("asset_id", flat=True)


def without_vector(encoder: StoredEncoder) -> QuerySet[Asset]:
    """Return the prepared assets that have no vector of this encoder, or one of an earlier content."""
    current = Embedding.objects.filter(encoder=encoder, content=F("asset__content")).values("asset_id")
    return Asset.objects.filter(state=State.READY).exclude(pk__in=current)


def read_sample(encoder: StoredEncoder, count: int, *, without: Collection[int] = ()) -> NDArray[np.float32]:
    """Return the vectors of up to `count` assets, spread evenly over the library, of none that is left out."""
    ids = Embedding.objects.filter(encoder=encoder, asset__trashed__isnull=True).exclude(asset_id__in=list(without))
    chosen = spread_evenly(list(ids.order_by("asset_id").values_list("asset_id", flat=True)), count)
    return read_all(encoder, chosen)[1]
