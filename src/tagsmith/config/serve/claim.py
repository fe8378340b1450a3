"""One `serve` per data folder: a lock, and beside it who holds it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tagsmith.atomic import write_whole
from tagsmith.config.postgres.locks import claimed
from tagsmith.errors import ConflictError

LOCK = "serve.lock"
NOTE = "serve.txt"
Announce = Callable[[str], None]


@contextmanager
def sole_server(data: Path) -> Iterator[Announce]:
    """Be the only one that serves a data folder; gives the function that writes down under which address.

    Raises
    ------
    ConflictError
        Somebody serves it already; the message names the process and its address.
    DatabaseError
        The folder cannot be written.
    """
    note = data / NOTE
    with claimed(data / LOCK) as lock:
        if lock is None:
            raise ConflictError(f"{data} is served already: {_read(note)}")
        try:
            yield lambda address: write_whole(note, f"process {os.getpid()}, {address}\n".encode())
        finally:
            note.unlink(missing_ok=True)


def _read(note: Path) -> str:
    try:
        return note.read_text().strip()
    except OSError:
        return "it is starting"
