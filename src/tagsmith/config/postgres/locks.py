"""Locks on files. The kernel frees them when their owner ends in whatever way, so none of them is ever stale."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagsmith.errors import DatabaseError


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[int]:
    """Wait for the lock, and hold it; gives its descriptor."""
    with _opened(path) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        except OSError as error:
            raise DatabaseError(f"{path} cannot be locked on this file system: {error.strerror}") from error
        yield descriptor


@contextmanager
def claimed(path: Path) -> Iterator[int | None]:
    """Hold the lock if nobody else does; gives its descriptor, or none.

    A process that inherits the descriptor keeps the lock until it ends too.
    """
    with _opened(path) as descriptor:
        yield descriptor if becomes_sole(descriptor) else None


def becomes_sole(descriptor: int) -> bool:
    """Turn a held lock into an exclusive one; if others hold it too, it is given up instead."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Tell whether any process holds the lock now."""
    with claimed(path) as descriptor:
        return descriptor is None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise DatabaseError(f"{path}: {error.strerror}") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)
