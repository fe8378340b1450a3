"""Out-of-sample evidence: what a tag model says of images it has not learned from, and whether that is right.

All exact and all without fitting anything again: an example seen by the model without it (right or wrong); the same
example seen by the model without its whole tag, which is how an image of something never taught looks (always wrong);
for independent tags every other tag of the example; and images of the library, of which nobody knows what they show.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.calibration import fit_logistic, smoothed
from tagsmith.learning.head import RidgeFit
from tagsmith.learning.scoring import combine_evidence, directions

TYPICAL_PRIOR = 5.0  # in examples
REHEARSED = 250  # how many images of a library the examples seen as strangers count for

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """One row per claim that a tag belongs to an image.

    Attributes
    ----------
    features
        (rows, kinds), as `Scorer.weigh` takes them.
    tags
        (rows,): the tag claimed.
    right
        (rows,): 1 if it is so, 0 if not, NaN where nobody knows.
    weights
        (rows,): how many images of a library the row stands for, in examples.
    """

    features: Floats
    tags: Ints
    right: Floats
    weights: Floats


@dataclass(frozen=True)
class Claims:
    """The winning tag of each of some images, and what speaks for it: (rows,) and (rows, kinds)."""

    tags: Ints
    features: Floats


@dataclass(frozen=True)
class Rehearsal:
    """An exclusive model's claims on images that it has not learned from.

    Attributes
    ----------
    taught
        Of the examples, each left out.
    right
        (examples,): whether that is so.
    strangers
        Of the examples, each with its whole tag left out.
    library
        Of the library's images; of none, where there is no library.
    """

    taught: Claims
    right: Bools
    strangers: Claims
    library: Claims

    @property
    def rehearsed_share(self) -> float:
        """How much of the evidence about strangers comes from the examples, the rest being the library's."""
        return REHEARSED / (REHEARSED + len(self.library.tags))


def winners(choice: Floats, presence: Floats, likeness: Floats) -> Claims:
    """Return the best tag of each row, of (rows, tags) scores."""
    best = choice.argmax(axis=1)
    return Claims(best, combine_evidence(choice, presence, likeness)[np.arange(len(best)), best])


def rehearse(choice: Floats, ridge: RidgeFit, likeness: Floats, labels: Ints, library: Claims) -> Rehearsal:
    """Return the claims on each example, with its tag taught and with its tag never taught.

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
    library
        The claims on the library's images.
    """
    taught = winners(choice, ridge.leave_one_out[: len(labels)], likeness)
    others = choice.copy()
    others[np.arange(len(labels)), labels] = -np.inf
    strangers = winners(others, _presence_without_tag(ridge, labels), likeness)
    return Rehearsal(taught, taught.tags == labels, strangers, library)


def exclusive_evidence(rehearsal: Rehearsal, prevalence: float) -> Evidence:
    """Return a rehearsal's claims, weighted as a library has them that shows a tag on `prevalence` of its images."""
    parts = (rehearsal.taught, rehearsal.strangers, rehearsal.library)
    examples, images = len(rehearsal.taught.tags), len(rehearsal.library.tags)
    share = rehearsal.rehearsed_share
    shares = (share * prevalence, share * (1 - prevalence), 1 - share)
    weights = [
        np.full(len(part.tags), part_share * (examples + images) / (prevalence * max(len(part.tags), 1)))
        for part, part_share in zip(parts, shares, strict=True)
    ]
    return Evidence(
        features=np.vstack([part.features for part in parts]),
        tags=np.concatenate([part.tags for part in parts]),
        right=np.concatenate([rehearsal.right.astype(float), np.zeros(examples), np.full(images, np.nan)]),
        weights=np.concatenate(weights),
    )


def exclusive_factors(rehearsal: Rehearsal, prevalence: float) -> tuple[Floats, Floats]:
    """Return the coefficients and intercepts of the two questions that an exclusive model's `Scorer` asks.

    Whether an image shows any of the tags is learned from examples and the unlabelled library together. Of the
    library's images it is known only how many show a tag, and that these score as the examples do; the logistic loss
    needs no more. Source: du Plessis, Niu and Sugiyama, "Convex formulation for learning from positive and unlabeled
    data" (2015).
    """
    evidence = exclusive_evidence(rehearsal, prevalence)
    taught = len(rehearsal.right)
    targets = np.zeros(len(evidence.tags))
    targets[: 2 * taught] = smoothed(np.arange(2 * taught) < taught)
    targets[:taught] /= rehearsal.rehearsed_share
    shown = fit_logistic(evidence.features, targets, evidence.weights)
    right = fit_logistic(rehearsal.taught.features, smoothed(rehearsal.right), np.ones(taught))
    return np.stack([shown[0], right[0]]), np.array([shown[1], right[1]])


def independent_evidence(presence: Floats, likeness: Floats, Y: Bools, prevalence: float) -> Evidence:
    """Return the evidence for every tag of every example, as tags that do not exclude each other.

    Parameters
    ----------
    presence
        (examples, tags) leave-one-out presence scores.
    likeness
        (examples, tags) out-of-sample likeness, above what is typical.
    Y
        (examples, tags): which tags each example shows.
    prevalence
        Share of a library's images that show one of the tags; each tag is taken to have its part of it.
    """
    features = combine_evidence(None, presence, likeness)
    share = prevalence * Y.mean(axis=0) / Y.any(axis=1).mean()
    odds = (1 - share) / share * Y.sum(axis=0) / np.maximum((~Y).sum(axis=0), 1)
    tags = np.broadcast_to(np.arange(Y.shape[1]), Y.shape)
    return Evidence(
        features=features.reshape(-1, features.shape[-1]),
        tags=tags.ravel(),
        right=Y.ravel().astype(float),
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
