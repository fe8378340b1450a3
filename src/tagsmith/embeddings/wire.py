"""Rows of vectors in PostgreSQL's binary COPY format, to and from numpy without a loop over rows.

Source: PostgreSQL's documentation of COPY ("Binary Format"), and pgvector's `halfvec_send`: a dimension and an unused
number of two bytes each, then the halves, all big-endian.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEADER = SIGNATURE + bytes(8)  # no flags, no extension
TRAILER = b"\xff\xff"
STRETCH = 8 * 2**20  # bytes

Ids = NDArray[np.int64]
Halves = NDArray[np.float16]
Singles = NDArray[np.float32]


def row_type(dimension: int) -> np.dtype[Any]:
    """Return the layout of a row (id, vector)."""
    return np.dtype(
        [
            ("fields", ">i2"),
            ("id_length", ">i4"),
            ("id", ">i8"),
            ("vector_length", ">i4"),
            ("dimension", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f2", (dimension,)),
        ]
    )


def pack(ids: Ids, vectors: Halves) -> bytes:
    """Return rows of (id, vector) as COPY … FROM STDIN (FORMAT BINARY) takes them."""
    count, dimension = vectors.shape
    rows = np.zeros(count, row_type(dimension))
    rows["fields"], rows["id_length"], rows["id"] = 2, 8, ids
    rows["vector_length"], rows["dimension"], rows["vector"] = 4 + 2 * dimension, dimension, vectors
    return HEADER + rows.tobytes() + TRAILER


def unpack(chunks: Iterable[bytes], dimension: int) -> Iterator[tuple[Ids, Singles]]:
    """Yield the ids and the vectors of the rows that COPY … TO STDOUT (FORMAT BINARY) gives, some megabytes at a time.

    Raises
    ------
    ValueError
        The stream is not one of such rows.
    """
    layout = row_type(dimension)
    pending = b""
    started = False
    for stretch in _joined(chunks):
        pending += stretch
        if not started and len(pending) >= len(HEADER):
            if not pending.startswith(SIGNATURE):
                raise ValueError("not a binary COPY")
            pending, started = pending[len(HEADER) :], True
        count = len(pending) // layout.itemsize if started else 0
        if count:
            rows = np.frombuffer(pending, layout, count)
            if (rows["dimension"] != dimension).any():
                raise ValueError(f"a vector has not {dimension} numbers")
            yield rows["id"].astype(np.int64), rows["vector"].astype(np.float32)
            pending = pending[count * layout.itemsize :]
    if not started or pending != TRAILER:
        raise ValueError("the stream of vectors ended early")


def pack_numbers(*columns: NDArray[np.integer]) -> bytes:
    """Return rows of whole numbers as COPY … FROM STDIN (FORMAT BINARY) takes them, each of its array's own size."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for place, column in enumerate(columns):
        fields += [(f"length{place}", ">i4"), (f"value{place}", column.dtype.newbyteorder(">").str)]
    rows = np.zeros(len(columns[0]), np.dtype(fields))
    rows["fields"] = len(columns)
    for place, column in enumerate(columns):
        rows[f"length{place}"], rows[f"value{place}"] = column.itemsize, column
    return HEADER + rows.tobytes() + TRAILER


def _joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join the stream's chunks, of which the server sends one per row, to stretches that are worth a step."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= STRETCH:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
