"""Sets of assets as numbers: PostgreSQL finds them, numpy puts them together in a fraction of the time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg.sql import SQL, Composable, Identifier, Literal

from tagsmith.search.statements import fetch

Numbers = NDArray[np.int64]
Which = NDArray[np.bool_]

# All numbers as one value: the driver takes its time for each.
_PACKED = SQL("string_agg(int8send({}), '')")
_EACH = SQL(
    "SELECT (SELECT string_agg(int8send(asset_id), '') FROM search_document WHERE text @@ query)"
    " FROM unnest({}::text[]::tsquery[]) AS query"
)


def columns(statement: Composable, *names: str) -> list[Numbers]:
    """Return these columns of a statement's rows, which hold whole numbers."""
    packed = SQL(", ").join(_PACKED.format(Identifier(name)) for name in names)
    (row,) = fetch(SQL("SELECT {} FROM ({}) AS found").format(packed, statement))
    return [_unpacked(one) for one in row]


def assets(statement: Composable) -> Numbers:
    """Return the assets of a statement's rows."""
    (found,) = columns(statement, "asset_id")
    return found


def written(queries: Sequence[str]) -> list[Numbers]:
    """Return the assets whose text each tsquery finds, in the trash or not."""
    return [_unpacked(one) for (one,) in fetch(_EACH.format(Literal(list(queries))))]


def among(some: Numbers, others: Numbers) -> Which:
    """Return which of these numbers, which ascend, are others too."""
    which = np.zeros(len(some), bool)
    if len(some):
        at = np.minimum(np.searchsorted(some, others), len(some) - 1)
        which[at[some[at] == others]] = True
    return which


def _unpacked(packed: bytes | None) -> Numbers:
    return np.frombuffer(packed or b"", ">i8").astype(np.int64)
