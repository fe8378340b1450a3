"""Reading vectors as blocks for scoring."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from django.db import connection
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.embeddings.wire import array_of, unpack
from tagsmith.learning.classifier import spread_evenly

BLOCK = 400  # vectors: enough for a matrix product, and few enough for the processor's cache
Block = tuple[NDArray[np.int64], NDArray[np.float32]]


def read_vectors(encoder: StoredEncoder, ids: Collection[int]) -> Iterator[Block]:
    """Yield (assets,) ids and (assets, dimension) vectors of the assets named, in order of the ids, in blocks.

    Assets without a vector of this encoder are left out.
    """
    ordered = sorted(set(ids))
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), BLOCK):
            with cursor.copy(_READ, [encoder.pk, array_of(ordered[start : start + BLOCK])]) as copy:
                [(assets, vectors)] = copy.rows()
            if assets is not None:
                yield unpack(assets, vectors, encoder.dimension)


def read_all(encoder: StoredEncoder, ids: Collection[int]) -> Block:
    """Return what `read_vectors` yields as one, also where there is none."""
    blocks = [(np.empty(0, np.int64), np.empty((0, encoder.dimension), np.float32)), *read_vectors(encoder, ids)]
    return np.concatenate([assets for assets, _ in blocks]), np.concatenate([vectors for _, vectors in blocks])


# one value for a block: a row for each vector would cost the server and us more than the vector
_READ = """
    COPY (
        SELECT string_agg(int8send(asset_id), ''), string_agg(halfvec_send(vector), '')
        FROM (
            SELECT asset_id, vector FROM embeddings_embedding
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
