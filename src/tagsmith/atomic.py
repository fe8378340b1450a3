"""Files that are there whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagsmith.errors import WriteError


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that readers, and a crash in the middle, find the old file or the new one.

    An existing file keeps its permissions. Two writers at once leave the content of one of them.

    Raises
    ------
    WriteError
        The folder is missing or read-only, or the disk is full; nothing is left behind.
    """
    with _part_of(path) as part:
        part.write_bytes(content)
        if path.exists():
            _keep_mode(path, part)
        part.replace(path)


def write_private(path: Path, text: str) -> None:
    """Write a new file that nobody but its owner could ever read; raises FileExistsError if it is there already."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - with a mode
        file.write(text)


def make_folder(path: Path) -> None:
    """Make a folder with all above it, if it is not there; raises WriteError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError("{path}: {reason}", path=path, reason=error.strerror) from error


def check_writable(path: Path) -> None:
    """Raise WriteError if `write_whole` could not write there now."""
    with _part_of(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """Make a new file beside `path`, and take it away again unless it was renamed."""
    part = path.parent / f".tagsmith-{secrets.token_hex(8)}.part"
    try:
        try:
            part.touch(exist_ok=False)
            yield part
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError("{path}: {reason}", path=path, reason=error.strerror) from error


def _keep_mode(old: Path, new: Path) -> None:
    mode = stat.S_IMODE(old.stat().st_mode)
    if stat.S_IMODE(new.stat().st_mode) != mode:  # some file systems refuse any chmod
        new.chmod(mode)
