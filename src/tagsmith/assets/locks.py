"""Locks that last until the transaction ends. Where both are taken, the tree's comes first."""

from collections.abc import Iterable

from django.db import connection

from tagsmith.assets.arrays import array_of

TREE = 7_265_001
CONTENT = 7_265_002


def lock_tree() -> None:
    """Be alone in changing names and places, so that a path is never computed from one that is about to change."""
    _call("pg_advisory_xact_lock", TREE)


def lock_content() -> None:
    """Be alone with the stored originals: no row can come to need one while it is being deleted."""
    _call("pg_advisory_xact_lock", CONTENT)


def share_content() -> None:
    """Keep the stored originals from being deleted; many may at once."""
    _call("pg_advisory_xact_lock_shared", CONTENT)


def lock_assets(ids: Iterable[int]) -> list[int]:
    """Lock the assets' rows, in order, so that two never wait for each other; return those that are not in the trash.

    Whoever changes what is on an asset does so first: what people say while a machine works comes before or after
    its change, never in between.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ASSETS, [array_of(ids)])
        return [pk for pk, trashed in cursor.fetchall() if not trashed]


_LOCK_ASSETS = """
SELECT id, trashed IS NOT NULL FROM assets_asset WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""


def _call(function: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", (key,))
