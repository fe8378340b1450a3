"""Whole numbers as the database takes many at once: of a list, Django and psycopg take their time for each."""

from collections.abc import Iterable

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


def array_of(numbers: Iterable[int]) -> str:
    """Return whole numbers as the text of an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def among(column: str, numbers: Iterable[int]) -> RawSQL:
    """Return the condition that a column, named with its table, is one of many whole numbers."""
    return RawSQL(f"{column} = ANY(%s::bigint[])", [array_of(numbers)], BooleanField())  # noqa: S611 - our column
