"""How much of a file may be read: limits on bytes and pixels, and reads that cannot allocate more than is there."""

from dataclasses import dataclass
from typing import BinaryIO

from tagsmith.errors import ImageError


@dataclass(frozen=True)
class DecodeLimits:
    """What one image file may cost.

    Parameters
    ----------
    max_pixels
        Most pixels (width times height) that a header may announce.
    max_bytes
        Largest file.
    """

    max_pixels: int = 200_000_000
    max_bytes: int = 1_000_000_000


def check_pixels(size: tuple[int, int], limit: int) -> None:
    """Refuse a width and height that together hold no pixel, or more pixels than `limit`."""
    width, height = size
    if width < 1 or height < 1:
        raise ImageError("no pixels: {width} wide, {height} high", width=width, height=height)
    if width * height > limit:
        raise ImageError("{count:,} pixels; the limit is {limit:,}", count=width * height, limit=limit)


def check_bytes(count: int, limit: int) -> None:
    """Refuse an empty file, and one that is larger than `limit` bytes."""
    if count == 0:
        raise ImageError("empty file")
    if count > limit:
        raise ImageError("{count:,} bytes; the limit is {limit:,}", count=count, limit=limit)


def length_of(file: BinaryIO) -> int:
    """Return the length in bytes; the position stays where it was."""
    here = file.tell()
    end = file.seek(0, 2)
    file.seek(here)
    return end


def take(file: BinaryIO, count: int) -> bytes:
    """Read exactly `count` bytes, or raise EOFError before anything is allocated for them."""
    if count > length_of(file) - file.tell():
        raise EOFError("truncated")
    return file.read(count)
