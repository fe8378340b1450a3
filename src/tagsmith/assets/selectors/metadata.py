"""What is written about many assets taken together: where they agree, which keywords and custom fields they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tagsmith.assets.arrays import array_of
from tagsmith.assets.fields import TEXTS
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets

SHOWN = 12
SINGLE = (*TEXTS, "captured")
_SAME = f"""
SELECT {", ".join(f"min({name}), max({name}), count({name})" for name in SINGLE)}, count(*)
  FROM assets_asset WHERE id = ANY(%s::bigint[])
"""  # noqa: S608 - the names are ours
_COUNTED = """
SELECT word, count(*) FROM assets_asset, {values} AS word WHERE id = ANY(%s::bigint[])
 GROUP BY word ORDER BY count(*) DESC, word LIMIT %s
"""
_KEYWORDS = _COUNTED.format(values="unnest(keywords)")
_CUSTOM = _COUNTED.format(values="jsonb_object_keys(custom)")


@dataclass(frozen=True)
class Together:
    """What assets have in common: of each field the one value of all, if they agree; the most frequent of several."""

    assets: int
    same: dict[str, Any]
    keywords: list[tuple[str, int]]
    custom: list[tuple[str, int]]


def together(scope: Scope, assets: Sequence[int]) -> Together:
    """Return what is written about those of the assets that the caller may see; four statements, however many."""
    there = array_of(live_assets(scope).filter(pk__in=assets).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SAME, [there])
        *found, count = cursor.fetchone()
        cursor.execute(_KEYWORDS, [there, SHOWN])
        keywords = cursor.fetchall()
        cursor.execute(_CUSTOM, [there, SHOWN])
        custom = cursor.fetchall()
    triples = zip(SINGLE, found[::3], found[1::3], found[2::3], strict=True)
    same = {name: low for name, low, high, filled in triples if low == high and filled in (0, count)}
    return Together(count, same, keywords, custom)
