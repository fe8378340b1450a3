"""What to label next: images of which a tag model is least sure, each unlike those chosen before it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagsmith.learning.scoring import Scorer, directions

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def worth_labelling(scorer: Scorer, X: ArrayLike, count: int) -> Ints:
    """Return the rows of (images, dimensions) whose label would teach most, the first first.

    An image is worth the more the closer its two best tags are, and the less the more it looks like one that is
    chosen already: a batch of near-duplicates would teach one thing only. Source: Settles, "Active learning literature
    survey" (2009), margin sampling; measured in docs/quality.md.

    Parameters
    ----------
    scorer
        What the tag model has learned.
    X
        Images that nobody has labelled.
    count
        How many are wanted; all, if there are fewer.
    """
    vectors = np.asarray(X, np.float64)
    if not len(vectors):
        return np.empty(0, np.intp)
    return _spread(doubt(scorer, vectors), directions(vectors - vectors.mean(axis=0)), count)


def doubt(scorer: Scorer, X: Floats) -> Floats:
    """Return (rows,), 0 to 1: how close the two best tags are; of independent tags, how undecided one of them is."""
    probabilities = np.sort(scorer.probabilities(X), axis=1)
    if scorer.exclusive:
        return 1 - (probabilities[:, -1] - probabilities[:, -2])
    undecided: Floats = (1 - np.abs(2 * probabilities - 1)).max(axis=1)
    return undecided


def _spread(worth: Floats, unit: Floats, count: int) -> Ints:
    novelty = np.ones(len(unit))
    left = np.ones(len(unit), bool)
    chosen: list[int] = []
    while left.any() and len(chosen) < count:
        best = int(np.where(left, worth * novelty, -1).argmax())
        chosen.append(best)
        left[best] = False
        novelty = np.minimum(novelty, 1 - np.maximum(unit @ unit[best], 0) ** 2)
    return np.array(chosen, np.intp)
