"""The port to where originals and renditions lie: by the SHA-256 of the original's bytes, equal ones once.

The implementation on this machine is in `local_storage`; what no row needs any more is decided in `content`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

BLOCK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """What was read: its digest in hexadecimal, its length in bytes, and whether the storage did not have it yet."""

    sha256: str
    size: int
    is_new: bool = False


class Storage(Protocol):
    """What the library asks of a place for files."""

    def put(self, stream: BinaryIO) -> Stored:
        """Read the stream to its end and keep its bytes; errors of reading pass, others are WriteError."""

    def open(self, sha256: str) -> BinaryIO:
        """Open an original for reading; FileNotFoundError where there is none."""

    def exists(self, sha256: str) -> bool:
        """Whether the original is here."""

    def path(self, sha256: str) -> Path:
        """Return a file that holds the original."""

    def delete(self, sha256: str) -> None:
        """Delete an original, if it is here."""

    def put_rendition(self, sha256: str, size: int, content: bytes) -> None:
        """Keep the WebP rendition whose longer side has `size` pixels."""

    def rendition(self, sha256: str, size: int) -> Path:
        """Return the file that holds a rendition, whether or not it is there."""

    def delete_renditions(self, sha256: str) -> None:
        """Delete all renditions of an original."""

    def contents(self) -> Iterator[str]:
        """Yield the digest of everything that is here, once for an original and once per rendition."""

    def sweep(self) -> int:
        """Delete what crashes left half-written; return how many."""


def digest_of(stream: BinaryIO) -> Stored:
    """Return the digest and length of what the stream holds, keeping nothing."""
    digest = hashlib.sha256()
    size = 0
    while block := stream.read(BLOCK):
        digest.update(block)
        size += len(block)
    return Stored(digest.hexdigest(), size)
