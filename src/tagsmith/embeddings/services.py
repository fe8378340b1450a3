"""Storing vectors."""

from collections.abc import Mapping

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.wire import pack
from tagsmith.vision.measures import Measures


def stored_encoder(identifier: str, dimension: int, *, name: str = "", source: str = "") -> StoredEncoder:
    """Return the row of an encoder, made when it is first used; where it was found last is where it is looked for."""
    known = {"dimension": dimension, "name": name, "source": source}
    row, is_new = StoredEncoder.objects.get_or_create(identifier=identifier, defaults=known)
    if source and not is_new and (row.name, row.source) != (name, source):
        row.name, row.source = name, source
        row.save(update_fields=("name", "source"))
    return row


@transaction.atomic
def store_vectors(
    encoder: StoredEncoder,
    ids: NDArray[np.int64],
    vectors: NDArray[np.floating],
    contents: Mapping[int, str],
    measures: Mapping[int, Measures] | None = None,
) -> int:
    """Store vectors of assets, in place of those there were; return how many changed.

    Parameters
    ----------
    encoder
        What made them.
    ids, vectors
        (assets,) and (assets, dimension).
    contents
        Digest of the bytes that were encoded, by asset. An asset whose content has been replaced since, or that is
        gone, gets no vector.
    measures
        What was measured of the assets, where that was done.
    """
    known = measures or {}
    measured = [_literal(known[asset]) if asset in known else None for asset in contents]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged (asset_id bigint, vector halfvec) ON COMMIT DROP")
        with cursor.copy("COPY staged FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(pack(ids, vectors.astype(np.float16)))
        cursor.execute(
            """
            INSERT INTO embeddings_embedding (asset_id, encoder_id, vector, content, measures)
            SELECT staged.asset_id, %s, staged.vector, asset.content, encoded.measures::float8[]
            FROM staged
            JOIN assets_asset AS asset ON asset.id = staged.asset_id
            JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS encoded (id, content, measures)
              ON encoded.id = asset.id AND encoded.content = asset.content
            ON CONFLICT (asset_id, encoder_id) DO UPDATE
            SET vector = excluded.vector, content = excluded.content, measures = excluded.measures
            WHERE embeddings_embedding.content <> excluded.content
            """,
            [encoder.pk, list(contents), list(contents.values()), measured],
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE staged")
    return changed


def _literal(measures: Measures) -> str:
    """Return an array as PostgreSQL reads it: `unnest` would take arrays in an array apart."""
    return f"{{{','.join(map(str, measures))}}}"
