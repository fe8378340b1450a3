"""Sets of assets as numbers: PostgreSQL finds them, numpy puts them together in a fraction of the time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg.sql import SQL, Composable, Literal

from tagsmith.search.statements import fetch

Numbers = NDArray[np.int64]
Which = NDArray[np.bool_]

# All numbers as one value: the driver takes its time for each.
_ASSETS = SQL("SELECT string_agg(int8send(asset_id), '') FROM ({}) AS found")
_BITS = 10  # of a confidence
_EACH = SQL(
    "SELECT (SELECT string_agg(int8send(asset_id), '') FROM search_document WHERE text @@ query)"
    " FROM unnest({}::text[]::tsquery[]) AS query"
)


def assets(statement: Composable) -> Numbers:
    """Return the assets of a statement's rows, `asset_id`."""
    ((packed,),) = fetch(_ASSETS.format(statement))
    return _unpacked(packed)


def confidences(statement: Composable) -> tuple[Numbers, Numbers]:
    """Return the assets of smart tags, ascending, and the greatest confidence of each, in thousandths."""
    both = SQL("SELECT (asset_id << {}) + confidence AS asset_id FROM ({}) AS found")
    found = np.sort(assets(both.format(_BITS, statement)))
    asset_ids = found >> _BITS
    is_greatest = np.append(asset_ids[1:] != asset_ids[:-1], np.ones(len(found[:1]), bool))
    return asset_ids[is_greatest], found[is_greatest] & (2**_BITS - 1)


def written(queries: Sequence[str]) -> list[Numbers]:
    """Return the assets whose text each tsquery finds, in the trash or not."""
    return [_unpacked(one) for (one,) in fetch(_EACH.format(Literal(list(queries))))] if queries else []


def together(*some: Numbers) -> Numbers:
    """Return all of these numbers, each once, ascending."""
    is_one = np.zeros(1 + max(int(one.max(initial=0)) for one in some), bool)
    for one in some:
        is_one[one] = True
    return np.flatnonzero(is_one)


def among(some: Numbers, others: Numbers) -> Which:
    """Return which of these numbers are others too; a table of all up to the greatest is quicker than sorting."""
    is_other = np.zeros(1 + max(some.max(initial=0), others.max(initial=0)), bool)
    is_other[others] = True
    return is_other[some]


def _unpacked(packed: bytes | None) -> Numbers:
    return np.frombuffer(packed or b"", ">i8").astype(np.int64)
