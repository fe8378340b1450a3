"""Whole numbers as the database takes many at once."""

from collections.abc import Iterable


def array_of(numbers: Iterable[int]) -> str:
    """Return whole numbers as the text of an array, many times faster than psycopg, which looks at each by itself."""
    return "{" + ",".join(map(str, numbers)) + "}"
