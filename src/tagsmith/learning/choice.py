"""The head that compares an exclusive model's tags: two closed-form heads stacked, and taught further by a library.

Teaching further means self-training: images of the library that by all evidence show a tag join its examples, by
their confidence, in a few rounds. Images that seem to show none of the tags weigh nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.calibration import stack
from tagsmith.learning.head import Fitted, Linear, fit_discriminant, fit_ridge

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

WEIGHT = 0.6  # of an image of the library that surely shows the tag, in examples
LEAST = 0.01  # images that weigh less are left out


@dataclass(frozen=True)
class Guessed:
    """Images of a library with the tag that each seems to show.

    Attributes
    ----------
    vectors
        (images, dimensions).
    labels
        (images,).
    weights
        (images,): in examples.
    """

    vectors: Floats
    labels: Ints
    weights: Floats


def fit_choice(
    X: Floats, labels: Ints, penalty: float, *, guessed: Guessed | None = None, ridge: Fitted | None = None
) -> Fitted:
    """Return the stacked head, with the leave-one-out scores of the (examples, dimensions) examples alone.

    A `ridge` that was fitted on just these need not be fitted again.
    """
    vectors, tags, weights = X, labels, np.ones(len(X))
    if guessed is not None:
        kept = guessed.weights >= LEAST
        vectors = np.vstack([X, guessed.vectors[kept]])
        tags = np.concatenate([labels, guessed.labels[kept]])
        weights = np.concatenate([weights, guessed.weights[kept]])
    targets = np.eye(labels.max() + 1)[tags]
    heads = [ridge or fit_ridge(vectors, targets, weights, penalty), fit_discriminant(vectors, tags, weights, penalty)]
    left_out = [head.leave_one_out[: len(X)] for head in heads]
    factors = stack(left_out, labels)
    total = Linear(
        np.sum([factor * fitted.head.weights for factor, fitted in zip(factors, heads, strict=True)], axis=0),
        np.sum([factor * fitted.head.bias for factor, fitted in zip(factors, heads, strict=True)], axis=0),
    )
    return Fitted(total, np.sum([factor * scores for factor, scores in zip(factors, left_out, strict=True)], axis=0))


def guess(library: Floats, labels: Ints, confidences: Floats, tags: int) -> Guessed:
    """Return the library's images as examples to learn from, given the best tag of each and its confidence.

    Doubt counts twice, and no tag weighs more than the middle one: a common tag must not swallow its neighbours.
    """
    weights = confidences**2
    mass = np.bincount(labels, weights, tags)
    weights = weights * np.minimum(1, np.median(mass) / np.maximum(mass[labels], 1e-9))
    return Guessed(library, labels, WEIGHT * weights)
