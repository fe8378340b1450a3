"""Forgetting the change log after its time. What is forgotten cannot be undone; whoever keeps units says so."""

from datetime import datetime

from django.db import connection

BATCH = 20_000  # rows; each batch is a transaction of its own, unless the caller has one


def forget_changes(before: datetime) -> int:
    """Delete the changes that were made before a time; return how many.

    The log is deleted from its beginning, in batches, up to the first one that holds little that is so old: rows are
    written nearly in order of time, and what is left over goes the next time.
    """
    total = 0
    while (deleted := _forget_batch(before)) > BATCH // 2:
        total += deleted
    return total + deleted


def _forget_batch(before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM tagging_change
            WHERE at < %s AND id IN (SELECT id FROM tagging_change ORDER BY id LIMIT %s)
            """,
            [before, BATCH],
        )
        return int(cursor.rowcount)
