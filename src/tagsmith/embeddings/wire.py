"""Vectors as PostgreSQL sends and takes them in binary, to and from numpy without a loop over rows.

Source: PostgreSQL's documentation of COPY ("Binary Format"), and pgvector's `halfvec_send`: a dimension and an unused
number of two bytes each, then the halves, all big-endian.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no extension
TRAILER = b"\xff\xff"

Ids = NDArray[np.int64]
Contents = NDArray[np.bytes_]
Halves = NDArray[np.float16]
Singles = NDArray[np.float32]


def vector_type(dimension: int) -> np.dtype[Any]:
    """Return the layout of a vector."""
    return np.dtype([("dimension", ">i2"), ("unused", ">i2"), ("vector", ">f2", (dimension,))])


def pack(ids: Ids, vectors: Halves) -> bytes:
    """Return rows of (id, vector) as COPY … FROM STDIN (FORMAT BINARY) takes them."""
    count, dimension = vectors.shape
    layout = vector_type(dimension)
    fields = [("fields", ">i2"), ("id_length", ">i4"), ("id", ">i8"), ("length", ">i4"), ("value", layout)]
    rows = np.zeros(count, np.dtype(fields))
    rows["fields"], rows["id_length"], rows["id"], rows["length"] = 2, 8, ids, layout.itemsize
    rows["value"]["dimension"], rows["value"]["vector"] = dimension, vectors
    return HEADER + rows.tobytes() + TRAILER


def unpack(ids: bytes, vectors: bytes, dimension: int) -> tuple[Ids, Halves]:
    """Return (assets,) ids and (assets, dimension) vectors from what the server sends of each, one after the other.

    Raises
    ------
    ValueError
        The vectors are not of this dimension.
    """
    rows = np.frombuffer(vectors, vector_type(dimension))
    if (rows["dimension"] != dimension).any():
        raise ValueError(f"a vector has not {dimension} numbers")
    return np.frombuffer(ids, ">i8").astype(np.int64), rows["vector"]


def unpack_contents(contents: bytes, count: int) -> Contents | None:
    """Return (count,) digests that the server sends one after the other; None if they are not of the usual length."""
    return np.frombuffer(contents, "S64") if len(contents) == 64 * count else None


def widened(halves: NDArray[np.floating]) -> Singles:
    """Return halves of either byte order, all finite, in single precision, several times faster than numpy by itself.

    Sign, exponent and fraction are moved to where a single has them; the power of two makes up for the exponent, which
    counts from elsewhere.
    """
    bits = halves.view(halves.dtype.str.replace("f", "i")).astype(np.int32)  # the sign is in all upper bits now
    bits <<= 13
    bits &= np.int32(-0x7000_2000)
    singles = bits.view(np.float32)
    singles *= np.float32(2**112)
    return singles
