"""What the guideline check reads from embeddings: what the ridge head says of its own examples, and what looks alike.

In single precision, as the embeddings are stored: the check has to be quick, and no finding hangs on a last digit.
"""

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.scoring import directions

Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

PENALTY = 1.0  # as tag models are taught with
LEADING = 384  # directions: more change no finding, but take the time of a training


def leading(X: Singles) -> Singles:
    """Return (images, at most LEADING) coordinates of (images, dimensions) in the space that holds most of them.

    Exact where there are no more images than LEADING. Source: Halko, Martinsson and Tropp, "Finding structure with
    randomness" (2011), algorithm 4.1.
    """
    if min(X.shape) <= LEADING:
        return X
    mixing = np.random.default_rng(0).standard_normal((LEADING, len(X)), np.float32)
    basis, _ = np.linalg.qr((mixing @ X).T)
    coordinates: Singles = X @ basis
    return coordinates


def leave_one_out(Z: Singles, Y: Bools) -> Singles:
    """Return (images, tags): what `head.fit_ridge` without each image says of it.

    The same scores, by way of the dimensions instead of the images: for 2,500 of these it is many times as fast.
    """
    targets = Y.astype(np.float32)
    centred, mean = Z - Z.mean(axis=0), targets.mean(axis=0)
    scatter = centred.T @ centred
    scatter[np.diag_indices_from(scatter)] += max(PENALTY * np.trace(scatter) / len(Z), _TINY)
    through = centred @ np.linalg.inv(scatter)
    own = np.einsum("nd,nd->n", through, centred) + 1 / len(Z)
    fitted = mean + through @ (centred.T @ (targets - mean))
    scores: Singles = targets - (targets - fitted) / np.maximum(1 - own, _TINY)[:, None]
    return scores


_TINY = 1e-6


def told_apart(scores: Singles, labels: Ints) -> Singles:
    """Return (tags, tags): the share of two tags' examples that, left out, score higher for their own of the two."""
    counts = np.bincount(labels)
    right = np.stack(
        [(scores[labels == tag, tag, None] > scores[labels == tag]).sum(axis=0) for tag in range(len(counts))]
    )
    shares: Singles = (right + right.T) / (counts[:, None] + counts)
    return shares


def small_look(Z: Singles, largest: int) -> tuple[Ints, float]:
    """Return the rows of the few images that look most like each other and unlike the rest, and by how much.

    Parameters
    ----------
    Z
        (images, dimensions) of one tag, at least `largest` + 2 of them.
    largest
        How many images such a group has at most; it has at least three, as any image has one that is much like it.

    Returns
    -------
    rows, distance
        The distance is the mean cosine within the group, less the mean to the others, of what sets images apart from
        the tag's mean.
    """
    apart = directions(Z - Z.mean(axis=0))
    cosines, rows = apart @ apart.T, np.arange(len(Z))
    groups, nearness = rows[:, None], cosines.copy()  # one group begins with each image
    nearness[rows, rows] = -np.inf
    best, distance = groups[0], -np.inf
    for size in range(2, largest + 1):
        nearest = nearness.argmax(axis=1)
        groups = np.column_stack([groups, nearest])
        np.minimum(nearness, cosines[nearest], out=nearness)
        nearness[rows, nearest] = -np.inf
        distances = _distances(cosines, groups)
        if size > 2 and distances.max() > distance:
            best, distance = np.sort(groups[distances.argmax()]), float(distances.max())
    return best, distance


def _distances(cosines: Singles, groups: Ints) -> Singles:
    """Return for each of (groups, images) the mean cosine within it, less that to the others."""
    size, others = groups.shape[1], len(cosines) - groups.shape[1]
    within = cosines[groups[:, :, None], groups[:, None, :]].sum(axis=(1, 2))
    outward = cosines.sum(axis=1)[groups].sum(axis=1) - within
    distances: Singles = (within - size) / (size * (size - 1)) - outward / (size * others)
    return distances
