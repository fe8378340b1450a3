"""How far an act is that is one transaction: written beside it, so that others see it before it ends."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from tagsmith.assets.services.writing import Advance
from tagsmith.bulk.models import Act

_BEGIN = "UPDATE bulk_act SET done = 0 WHERE id = %s AND ended IS NULL"
_ADVANCE = "UPDATE bulk_act SET done = least(done + %s, total) WHERE id = %s AND ended IS NULL"


@contextmanager
def noting(row: Act) -> Iterator[Advance]:
    """Give what is told how many more assets are over. The transaction itself must not have touched the row."""
    with closing(connections[DEFAULT_DB_ALIAS].copy()) as beside:
        with beside.cursor() as cursor:
            cursor.execute(_BEGIN, (row.pk,))

        def advance(count: int) -> None:
            with beside.cursor() as cursor:
                cursor.execute(_ADVANCE, (count, row.pk))

        yield advance
