"""Hits as callers get them: assets with their folders, and why they were found, in one small answer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from psycopg.sql import SQL, Composable, Identifier, Literal

from tagsmith.assets.models import Asset, Folder
from tagsmith.search.places import Place, Tier
from tagsmith.search.prepared import Search
from tagsmith.search.reasons import Explaining, Reason
from tagsmith.search.statements import fetch
from tagsmith.search.tag_words import TagWords

# What a page shows of an asset, in the order of the model; anything else is read when it is asked for.
_ASSET = ("id", "folder_id", "name", "content", "size", "format", "width", "height", "state", "title", "trashed")
_FOLDER = ("id", "name", "path")
# JSON is one value for the driver, which takes its time for each. A text that is joined to nothing is read once, not
# anew for each tsquery.
_READ = SQL(
    """
    SELECT coalesce(json_agg(json_build_array({asset}, {folder}, {why})), '[]')::text
      FROM assets_asset AS asset JOIN assets_folder AS folder ON folder.id = asset.folder_id
      LEFT JOIN (
           SELECT asset_id, text || '' AS text FROM search_document WHERE asset_id = ANY({ids}::bigint[]) OFFSET 0
           ) AS document ON document.asset_id = asset.id
     WHERE asset.id = ANY({ids}::bigint[]) AND asset.trashed IS NULL
    """
)


@dataclass(frozen=True)
class Hit:
    """An asset, with its folder, that a search found: in which tier, and why."""

    asset: Asset
    tier: Tier
    why: tuple[Reason, ...]


def hits(found: Sequence[Place], search: Search, tags: TagWords) -> list[Hit]:
    """Return the hits at these places, without those that are gone meanwhile."""
    explaining = Explaining(search, tags)
    statement = _READ.format(
        asset=_row("asset", _ASSET),
        folder=_row("folder", _FOLDER),
        why=explaining.column(),
        ids=Literal([place.asset for place in found]),
    )
    ((rows,),) = fetch(statement)
    folders: dict[int, Folder] = {}
    known = {}
    for asset_row, folder_row, fact in json.loads(rows):
        asset = Asset.from_db(DEFAULT_DB_ALIAS, _ASSET, asset_row)
        if asset.folder_id not in folders:
            folders[asset.folder_id] = Folder.from_db(DEFAULT_DB_ALIAS, _FOLDER, folder_row)
        asset.folder = folders[asset.folder_id]
        known[asset.pk] = asset, explaining.reasons(fact)
    return [Hit(known[one.asset][0], one.tier, known[one.asset][1]) for one in found if one.asset in known]


def _row(table: str, columns: Iterable[str]) -> Composable:
    return SQL("json_build_array({})").format(SQL(", ").join(Identifier(table, column) for column in columns))
