"""A perceptual hash: images that look the same have hashes that differ in few of their 64 bits."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 32
KEPT = 8
FLAT = 8.0  # a coefficient below it is noise; an edge of one grey level across the image makes up to 20
FEWEST = 8  # coefficients above it; with fewer there is nothing to tell images apart by


def likeness(image: Image.Image) -> int | None:
    """Return the hash of an upright image as a signed 64-bit number; None if it is plain, or has fine texture alone.

    Such images would be taken for copies of each other.

    The signs of the low frequencies of a cosine transform against their median ("pHash",
    https://www.phash.org/docs/pubs/thesis_zauner.pdf, section 3.2.1).

    Parameters
    ----------
    image
        Of any size and mode that converts to grey levels.
    """
    grey = image.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    levels = np.asarray(grey, dtype=np.float64)
    basis = _cosines()
    low = (basis @ levels @ basis.T).ravel()
    low[0] = 0.0  # the mean brightness says nothing about what is seen
    low[np.abs(low) < FLAT] = 0.0
    if np.count_nonzero(low) < FEWEST:
        return None
    bits = low > np.median(low)
    return int(np.packbits(bits).view(">i8")[0])


def distance(one: int, other: int) -> int:
    """Return in how many bits two hashes differ, 0 to 64."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


@cache
def _cosines() -> NDArray[np.float64]:
    """Return the first rows of the orthonormal cosine transform (DCT-II), of shape (KEPT, SIDE)."""
    frequency = np.arange(KEPT)[:, None]
    basis: NDArray[np.float64] = np.cos(np.pi * frequency * (2 * np.arange(SIDE) + 1) / (2 * SIDE)) * np.sqrt(2 / SIDE)
    basis[0] /= np.sqrt(2)
    return basis
