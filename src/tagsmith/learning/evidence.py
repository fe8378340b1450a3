"""Out-of-sample evidence: what a tag model says of images it has not learned from, and whether that is right.

Three kinds of rows, all exact and all without fitting anything again: an example seen by the model without it
(right or wrong); the same example seen by the model without its whole tag, which is how an image of something
never taught looks (always wrong); and for independent tags every other tag of the example.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.head import RidgeFit
from tagsmith.learning.scoring import combine_evidence, directions

TYPICAL_PRIOR = 5.0  # in examples

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """One row per claim that a tag belongs to an image.

    Attributes
    ----------
    features
        (rows, kinds), as `Scorer.evidence` gives them.
    tags
        (rows,): the tag claimed.
    right
        (rows,): whether it is so.
    weights
        (rows,): how many images of a library the row stands for, in examples.
    """

    features: Floats
    tags: Ints
    right: Bools
    weights: Floats


def exclusive_evidence(choice: Floats, ridge: RidgeFit, likeness: Floats, labels: Ints, prevalence: float) -> Evidence:
    """Return the evidence for the winner of each example, with its tag taught and with its tag never taught.

    Parameters
    ----------
    choice
        (examples, tags) leave-one-out scores that compare the tags.
    ridge
        The presence head; its first rows are the examples.
    likeness
        (examples, tags) out-of-sample likeness, above what is typical.
    labels
        (examples,).
    prevalence
        Share of a library's images that show one of the tags, above 0 and at most 1.
    """
    rows = np.arange(len(labels))
    taught = combine_evidence(choice, ridge.leave_one_out[rows], likeness)
    winner = choice.argmax(axis=1)

    others = choice.copy()
    others[rows, labels] = -np.inf
    stranger = combine_evidence(others, _presence_without_tag(ridge, labels), likeness)
    stranger_winner = others.argmax(axis=1)

    return Evidence(
        features=np.vstack([taught[rows, winner], stranger[rows, stranger_winner]]),
        tags=np.concatenate([winner, stranger_winner]),
        right=np.concatenate([winner == labels, np.zeros(len(rows), bool)]),
        weights=np.concatenate([np.ones(len(rows)), np.full(len(rows), (1 - prevalence) / prevalence)]),
    )


def independent_evidence(ridge: RidgeFit, likeness: Floats, Y: Bools, prevalence: float) -> Evidence:
    """Return the evidence for every tag of every example, as tags that do not exclude each other.

    Parameters
    ----------
    ridge
        The presence head; its first rows are the examples.
    likeness
        (examples, tags) out-of-sample likeness, above what is typical.
    Y
        (examples, tags): which tags each example shows.
    prevalence
        Share of a library's images that show one of the tags; each tag is taken to have its part of it.
    """
    features = combine_evidence(None, ridge.leave_one_out[: len(Y)], likeness)
    share = prevalence * Y.mean(axis=0) / Y.any(axis=1).mean()
    odds = (1 - share) / share * Y.sum(axis=0) / np.maximum((~Y).sum(axis=0), 1)
    tags = np.broadcast_to(np.arange(Y.shape[1]), Y.shape)
    return Evidence(
        features=features.reshape(-1, features.shape[-1]),
        tags=tags.ravel(),
        right=Y.ravel(),
        weights=np.where(Y, 1.0, odds).ravel(),
    )


def likeness_without_each(X: Floats, Y: Bools) -> Floats:
    """Return (examples, tags): the cosine to each tag's mean direction, the example left out of its own tags."""
    unit = directions(X)
    sums = Y.T.astype(float) @ unit
    own = Y * np.einsum("nd,nd->n", unit, unit)[:, None]  # what the example itself adds to its tags' sums
    dots = unit @ sums.T
    lengths = np.sqrt(np.maximum(np.einsum("kd,kd->k", sums, sums) - 2 * dots * Y + own, 0))
    cosines: Floats = (dots - own) / np.where(lengths > 0, lengths, 1)
    return cosines


def typical_likeness(likeness: Floats, Y: Bools) -> Floats:
    """Return (tags,) the mean out-of-sample likeness of each tag's own examples, shrunk towards that of all.

    Some tags look more alike than others; an image is judged by what is typical of the tag.
    """
    counts = Y.sum(axis=0)
    means = (likeness * Y).sum(axis=0) / counts
    shrunk: Floats = (counts * means + TYPICAL_PRIOR * means.mean()) / (counts + TYPICAL_PRIOR)
    return shrunk


def _presence_without_tag(ridge: RidgeFit, labels: Ints) -> Floats:
    targets = np.eye(labels.max() + 1)
    scores = np.empty((len(labels), len(targets)))
    for tag, target in enumerate(targets):
        group = np.flatnonzero(labels == tag)
        scores[group] = ridge.without(group, np.broadcast_to(target, (len(group), len(target))))
    return scores
