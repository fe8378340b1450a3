"""How the search puts its statements to PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Literal


@contextmanager
def by_index() -> Iterator[None]:
    """Have texts found by their index: reading every text takes far longer than the planner believes.

    A caller's transaction goes on with what it had.
    """
    with transaction.atomic():
        ((before, _),) = fetch(
            SQL("SELECT current_setting('enable_seqscan'), set_config('enable_seqscan', 'off', TRUE)")
        )
        yield
        fetch(SQL("SELECT set_config('enable_seqscan', {}, TRUE)").format(before))


def fetch(statement: Composable) -> list[Any]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall()
        return rows


def expected(statement: Composable) -> int:
    """Return how many rows PostgreSQL expects of a statement, which is not run."""
    (((plan,),),) = fetch(SQL("EXPLAIN (FORMAT JSON) {}").format(statement))
    return int(plan["Plan"]["Plan Rows"])


def numbers(values: Iterable[int]) -> Composable:
    """Return numbers as a list of values."""
    return SQL(", ").join(map(Literal, values))
