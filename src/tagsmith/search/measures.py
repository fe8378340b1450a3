"""How many of some assets are of a folder, a type, a width and so on, and their tags; each in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg.sql import SQL, Composable, Identifier, Literal

from tagsmith.search.sets import Numbers, Which
from tagsmith.search.statements import fetch

WIDTHS = (1000, 2000, 4000)  # pixels, where one range ends and the next begins
_MEASURES = {
    "folder": SQL("asset.folder_id"),
    "format": SQL("asset.format"),
    "state": SQL("asset.state"),
    "width": SQL("width_bucket(asset.width, {}::int[])").format(Literal(list(WIDTHS))),
    "orientation": SQL("sign(asset.width - asset.height)::int"),
    "month": SQL("date_trunc('month', coalesce(asset.captured, asset.imported) AT TIME ZONE 'UTC')"),
}
_COUNT = SQL(
    """
    SELECT {names}, count(*)
      FROM (SELECT {measures} FROM assets_asset AS asset WHERE asset.id = ANY({assets}::bigint[])) AS measured
     GROUP BY GROUPING SETS ({sets})
    """
)
_OWN = SQL("SELECT asset_id, tag_id FROM curation_humantag WHERE asset_id = ANY({}::bigint[])")
_SMART = SQL(
    "SELECT asset_id, tag_id, (version_id << 10) + confidence AS version_id FROM tagging_smarttag"
    " WHERE asset_id = ANY({}::bigint[])"
)


@dataclass(frozen=True)
class Tagged:
    """Tags of assets, a row for each tag of an asset; of smart tags also by which version and how sure."""

    assets: Numbers
    tags: Numbers
    versions: Numbers
    confidences: Numbers

    def count(self, rows: Which) -> int:
        """Return how many assets some of the rows are of."""
        some = np.sort(self.assets[rows])
        return int(np.count_nonzero(np.diff(some))) + bool(len(some))

    def without(self, tags: list[int]) -> "Tagged":
        """Return the rows of other tags than these."""
        kept = ~np.isin(self.tags, tags)
        return Tagged(*(one[kept] for one in (self.assets, self.tags, self.versions, self.confidences)))


def array(assets: Numbers) -> Composable:
    """Return assets as PostgreSQL writes an array: of a list, the driver takes its time for each."""
    return Literal("{" + ",".join(map(str, assets.tolist())) + "}")


def measured(assets: Composable, names: Sequence[str] = tuple(_MEASURES)) -> dict[str, dict[Any, int]]:
    """Return for each measure, or some, how many assets have which value; those without one are left out."""
    statement = _COUNT.format(
        names=SQL(", ").join(map(Identifier, names)),
        measures=SQL(", ").join(SQL("{} AS {}").format(_MEASURES[name], Identifier(name)) for name in names),
        assets=assets,
        sets=SQL(", ").join(SQL("({})").format(Identifier(name)) for name in names),
    )
    found: defaultdict[str, dict[Any, int]] = defaultdict(dict)
    for *values, count in fetch(statement):
        for name, value in zip(names, values, strict=True):
            if value is not None:  # in each row at most one measure has a value
                found[name][value] = count
    return found


def own_tags(assets: Composable) -> Tagged:
    """Return the tags that people set on assets."""
    rows, tags = _columns(_OWN.format(assets), "asset_id", "tag_id")
    nothing = np.zeros(len(rows), np.int64)
    return Tagged(rows, tags, nothing, nothing)


def smart_tags(assets: Composable) -> Tagged:
    """Return the smart tags of assets."""
    rows, tags, versions = _columns(_SMART.format(assets), "asset_id", "tag_id", "version_id")
    return Tagged(rows, tags, versions >> 10, versions & 1023)


def _columns(statement: Composable, *names: str) -> list[Numbers]:
    """Return columns of whole numbers, each as one value, for the same reason."""
    packed = SQL(", ").join(SQL("string_agg(int8send({}), '')").format(Identifier(name)) for name in names)
    (row,) = fetch(SQL("SELECT {} FROM ({}) AS found").format(packed, statement))
    return [np.frombuffer(one or b"", ">i8").astype(np.int64) for one in row]
