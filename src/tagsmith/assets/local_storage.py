"""Originals and renditions in a folder of this machine. No settings and no database here."""

import hashlib
import io
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tagsmith.assets.storage import BLOCK, Stored
from tagsmith.atomic import make_folder, write_whole
from tagsmith.errors import WriteError

ABANDONED_AFTER = 24 * 3600  # seconds; an upload that has not grown for a day has no writer any more
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class LocalStorage:
    """Files in a folder of this machine: `originals/ab/cd/SHA`, `renditions/ab/cd/SHA-SIZE.webp`."""

    folder: Path

    def put(self, stream: BinaryIO) -> Stored:
        """Read the stream to its end and keep its bytes, in constant memory.

        Raises
        ------
        WriteError
            The disk is full, or the folder cannot be written; nothing is left behind.
        OSError
            The stream cannot be read.
        """
        make_folder(self._incoming)
        part = self._incoming / secrets.token_hex(16)
        try:
            stored = _copy(stream, part)
            is_new = not self.exists(stored.sha256)
            if is_new:
                _move(part, self.path(stored.sha256))
            return Stored(stored.sha256, stored.size, is_new)
        finally:
            part.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        """Open an original for reading; FileNotFoundError where there is none."""
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        """Whether the original is here."""
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Return where an original lies."""
        return _spread(self.folder / "originals", sha256) / sha256

    def delete(self, sha256: str) -> None:
        """Delete an original, if it is here."""
        path = self.path(sha256)
        with _naming(path):
            path.unlink(missing_ok=True)

    def put_rendition(self, sha256: str, size: int, content: bytes) -> None:
        """Write a rendition so that it is there whole or not at all; raises WriteError."""
        path = self.rendition(sha256, size)
        make_folder(path.parent)
        write_whole(path, content)

    def rendition(self, sha256: str, size: int) -> Path:
        """Return where a rendition lies, whether or not it is there."""
        return _spread(self.folder / "renditions", sha256) / f"{sha256}-{size}.webp"

    def delete_renditions(self, sha256: str) -> None:
        """Delete all renditions of an original."""
        folder = _spread(self.folder / "renditions", sha256)
        with _naming(folder):
            for path in folder.glob(f"{sha256}-*.webp"):
                path.unlink(missing_ok=True)

    def contents(self) -> Iterator[str]:
        """Yield the digest of everything that is here, once for an original and once per rendition."""
        for kind in ("originals", "renditions"):
            for path in (self.folder / kind).glob("??/??/*"):
                digest = path.name.partition("-")[0]
                if DIGEST.fullmatch(digest):
                    yield digest

    def sweep(self) -> int:
        """Delete what crashes left half-written; return how many."""
        abandoned = [path for path in self._incoming.glob("*") if time.time() - path.stat().st_mtime > ABANDONED_AFTER]
        for path in abandoned:
            path.unlink(missing_ok=True)
        return len(abandoned)

    @property
    def _incoming(self) -> Path:
        return self.folder / "originals" / "incoming"


def _copy(stream: BinaryIO, part: Path) -> Stored:
    digest = hashlib.sha256()
    size = 0
    with _naming(part):
        file = io.FileIO(part, "xb")
    with file:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            with _naming(part):
                _write(file, block)
        with _naming(part):
            os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def _write(file: io.FileIO, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[file.write(rest) :]


def _move(part: Path, target: Path) -> None:
    make_folder(target.parent)
    with _naming(target):
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # or a power cut could undo the rename after the row was committed
        finally:
            os.close(folder)


def _spread(folder: Path, sha256: str) -> Path:
    if not DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 digest: {sha256!r}")
    return folder / sha256[:2] / sha256[2:4]


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError("{path}: {reason}", path=path, reason=error.strerror) from error
