"""Groups of images that look alike, among images that fit no tag: each might become one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagsmith.learning.scoring import directions

Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

LEAST = 10  # images: as many as a tag needs to be taught
AXES = 64  # of the largest spread; the others hold what no two images share
SAMPLE = 1000  # images that say which axes these are; more say the same
CLOSE = 0.65  # cosine along these axes, of images that look alike; see docs/quality.md
BLOCK = 2000  # rows of the product of all pairs at a time


@dataclass(frozen=True)
class Cluster:
    """Images that look alike.

    Attributes
    ----------
    members
        (size,) rows, those nearest the middle first.
    cohesion
        Mean cosine of the members' embeddings to their mean direction.
    """

    members: Ints
    cohesion: float


def find_clusters(X: ArrayLike, library: ArrayLike, *, least: int = LEAST, most: int = 20) -> list[Cluster]:
    """Return groups of images that lie close together, the largest first; no image is in two, and many in none.

    The image with the most images close to it takes these for its group, with what is close to their middle; then the
    next of what is left. Always the same for the same images. Takes memory for a bit per pair.

    Parameters
    ----------
    X
        (images, dimensions) of up to some 20,000 images.
    library
        (images, dimensions) of images as the library has them, also of those that have tags: images look alike if they
        are closer than these are. The first `SAMPLE` of them count.
    least
        Images that a group has at least.
    most
        Groups that are wanted at most.
    """
    vectors = np.asarray(X, np.float32)
    if len(vectors) < least:
        return []
    groups = _densest(_along_widest(vectors, np.asarray(library, np.float32)[:SAMPLE]), least)[:most]
    return [_cluster(vectors[members], members) for members in groups]


def _along_widest(vectors: Singles, library: Singles) -> Singles:
    """Return (rows, axes) directions from the library's middle, along the axes in which its images differ most."""
    unit = directions(library)
    middle = unit.mean(axis=0)
    centred = (unit - middle).astype(np.float64)
    spreads, weights = np.linalg.eigh(centred @ centred.T)  # by the images' products: fewer rows than columns
    widest = weights[:, spreads > _ROUNDING * spreads[-1]][:, -AXES:]
    return directions((directions(vectors) - middle) @ directions((centred.T @ widest).T.astype(np.float32)).T)


_ROUNDING = 1e-9  # of the largest spread; what is below is none


def _densest(unit: Singles, least: int) -> list[Ints]:
    close = np.vstack(
        [np.packbits(_close(unit, unit[row : row + BLOCK]), axis=1) for row in range(0, len(unit), BLOCK)]
    )
    counts = np.bitwise_count(close).sum(axis=1, dtype=np.int64)
    free = np.ones(len(unit), bool)
    groups: list[Ints] = []
    while True:
        middle = int(np.where(free, counts, -1).argmax())
        members = free & _unpacked(close[middle], len(unit))
        if members.sum() < least:
            return sorted(groups, key=len, reverse=True)
        members |= free & _close(unit, directions(unit[members].mean(axis=0, keepdims=True)))[0]
        groups.append(np.flatnonzero(members))
        free &= ~members
        for row in close[members]:
            counts -= _unpacked(row, len(unit))


def _close(unit: Singles, to: Singles) -> Bools:
    """Return (to, rows): which images look like which."""
    close: Bools = to @ unit.T >= CLOSE
    return close


def _unpacked(row: NDArray[np.uint8], size: int) -> Bools:
    return np.unpackbits(row, count=size).astype(bool)


def _cluster(vectors: Singles, members: Ints) -> Cluster:
    unit = directions(vectors)
    cosines = unit @ directions(unit.mean(axis=0, keepdims=True))[0]
    return Cluster(members[np.argsort(-cosines, kind="stable")], float(cosines.mean()))
