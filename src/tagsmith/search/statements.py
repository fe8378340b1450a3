"""How the search puts its statements to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL, Composable

_SET = SQL("SELECT set_config('enable_seqscan', {}, TRUE)")


@contextmanager
def by_index() -> Iterator[None]:
    """Have texts found by their index: reading every text takes far longer than the planner believes.

    A caller's transaction goes on with what it had.
    """
    is_callers = connection.in_atomic_block
    with transaction.atomic():
        before = "on"
        if is_callers:
            ((before,),) = fetch(SQL("SELECT current_setting('enable_seqscan')"))
        fetch(_SET.format("off"))
        yield
        if is_callers:
            fetch(_SET.format(before))


def fetch(statement: Composable) -> list[Any]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall()
        return rows
