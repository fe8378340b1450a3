"""The metadata of assets as a CSV file."""

from collections.abc import Iterator, Sequence

from django.db import connection

from tagsmith.assets.arrays import array_of
from tagsmith.assets.metadata_csv.cells import COLUMNS, CUSTOM, ID, MODIFIED, PATH, moment_shown, present, shown
from tagsmith.assets.scope import Scope
from tagsmith.assets.services.writing import Row, read_rows
from tagsmith.sheets import written

_NAMES = """
SELECT DISTINCT jsonb_object_keys(custom) FROM assets_asset
 WHERE id = ANY(%s::bigint[]) AND jsonb_typeof(custom) = 'object'
"""


def export_metadata(scope: Scope, assets: Sequence[int]) -> Iterator[bytes]:
    """Yield the file's bytes in blocks: a row for each of the assets that the caller may see, in the given order.

    Beside the metadata there is when it was changed last, so that an import can tell what has been changed since.
    """
    columns = [*COLUMNS, *(CUSTOM + name for name in _custom_names(assets))]
    yield written([columns])
    for rows in read_rows(scope, assets):
        yield written(([_cell(row, name) for name in columns] for row in rows), mark=False)


def _custom_names(assets: Sequence[int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [array_of(assets)])
        return sorted(name for (name,) in cursor.fetchall())


def _cell(row: Row, name: str) -> str:
    known = {ID: str(row.asset), PATH: row.path, MODIFIED: moment_shown(row.modified)}
    return known[name] if name in known else shown(name, present(name, row.values))
