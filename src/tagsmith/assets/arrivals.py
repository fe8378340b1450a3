"""Reading what is to be imported: each file's content is stored, or measured where it lies. No rows here."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tagsmith.assets.naming import imported_name
from tagsmith.assets.origins import origin_of
from tagsmith.assets.storage import Storage, digest_of
from tagsmith.errors import LibraryError
from tagsmith.vision.files import Skipped


@dataclass(frozen=True)
class Found:
    """A file as the walk finds it: where it would go, and what tells without reading whether it was here before."""

    path: Path
    folder: tuple[str, ...]
    name: str
    origin: str
    size: int
    changed: int


@dataclass(frozen=True)
class Arrival:
    """A content that is to have a row: where it goes, what it is, where it came from.

    `folder` holds the names from the root. `origin` is empty for an upload.
    """

    folder: tuple[str, ...]
    name: str
    content: str
    size: int
    origin: str = ""
    changed: int | None = None
    in_place: bool = False


def find(path: Path, root: Path, into: tuple[str, ...]) -> Found | Skipped:
    """Look at one file below `root` without reading it."""
    try:
        *folder, name = (imported_name(step) for step in path.relative_to(root).parts)
        status = path.stat()
    except LibraryError as error:
        return Skipped(path, error.sentence)
    except OSError as error:
        return Skipped(path, _reason(error))
    if not stat.S_ISREG(status.st_mode):  # opening a pipe or a device may wait for ever
        return Skipped(path, "not a regular file")
    return Found(path, (*into, *folder), name, origin_of(path), status.st_size, status.st_mtime_ns)


def take(found: Found, storage: Storage | None) -> Arrival | Skipped:
    """Read a file to its end: into the storage, or without one only to know its content.

    Raises
    ------
    WriteError
        The storage cannot be written.
    """
    try:
        with found.path.open("rb") as file:
            before = os.fstat(file.fileno())
            stored = storage.put(file) if storage else digest_of(file)
        after = found.path.stat()
    except OSError as error:
        return Skipped(found.path, _reason(error))
    if _state(before) != _state(after) or stored.size != after.st_size:
        return Skipped(found.path, "it changed while it was read")
    return Arrival(
        found.folder, found.name, stored.sha256, stored.size, found.origin, before.st_mtime_ns, in_place=storage is None
    )


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return f"cannot be read: {error.strerror}"
