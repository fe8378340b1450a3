"""What a trained tag model computes on vectors: scores, confidences, and which tags apply.

Three linear products per image, so that a whole library is scored by matrix multiplication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.calibration import log_softmax, log_sum, sigmoid, softmax
from tagsmith.learning.head import Linear

Floats = NDArray[np.float64]
Real = TypeVar("Real", np.float32, np.float64)

LIKENESS = 1  # which kind of evidence is the likeness
LEAST_LOG = float(np.log(1e-12))
STEPS = 1000  # confidences are multiples of 1/1000, so that kernels which round differently agree at a threshold


@dataclass(frozen=True)
class Scorer:
    """The learned numbers of a tag model.

    Attributes
    ----------
    exclusive
        Whether an image gets at most one of the tags.
    choice
        Scores that compare the tags with each other; softmax of them is the forced choice's probability.
        The same as `presence` where tags are independent.
    presence
        Ridge scores: is the tag there, or something else?
    centres
        (tags, dimensions) mean direction of each tag's examples, length one.
    typical
        (tags,) cosine to its tag's centre of a typical example that was left out of it.
    least_likeness
        How far below typical an image may be before it is unlike anything that the tag was taught with.
    coefficients, intercepts
        (factors, kinds) and (factors,): logistic regressions on the evidence, whose product is the confidence. An
        exclusive model asks whether the image shows any of the tags, and whether then the choice is right.
    """

    exclusive: bool
    choice: Linear
    presence: Linear
    centres: Floats
    typical: Floats
    least_likeness: float
    coefficients: Floats
    intercepts: Floats

    def confidences(self, X: Floats) -> Floats:
        """Return (rows, tags) confidences, 0 to 1 in thousandths: how likely it is right to apply the tag."""
        return self.judge(self.choice.scores(X), self.presence.scores(X), directions(X) @ self.centres.T)

    def judge(self, choice: Floats, presence: Floats, cosines: Floats) -> Floats:
        """Return (rows, tags) confidences from what the three products gave, each (rows, tags)."""
        kinds = _kinds(choice if self.exclusive else None, presence, cosines - self.typical)
        return self._confident(kinds)

    def judge_one(self, choice: Floats, presence: Floats, cosines: Floats, columns: NDArray[np.intp]) -> Floats:
        """Return (rows,) confidences of one tag each, that of `columns`: what `judge` says there, for less."""
        at = np.arange(len(columns)), columns
        kinds = [presence[at], cosines[at] - self.typical[columns]]
        if self.exclusive:
            kinds.append(np.maximum(choice[at] - log_sum(choice), LEAST_LOG))
        return self._confident(kinds)

    def weigh(self, evidence: Floats) -> Floats:
        """Return the confidence that (…, kinds) evidence amounts to; none where the image is unlike the tag's."""
        return self._confident(list(np.moveaxis(evidence, -1, 0)))

    def _confident(self, kinds: Sequence[Floats]) -> Floats:
        confidences = np.ones_like(kinds[LIKENESS])
        for coefficients, intercept in zip(self.coefficients, self.intercepts, strict=True):
            logits = np.full_like(confidences, intercept)
            for coefficient, kind in zip(coefficients, kinds, strict=True):
                logits += coefficient * kind
            confidences *= sigmoid(logits)
        confidences = quantised(confidences)
        confidences[kinds[LIKENESS] < self.least_likeness] = 0
        return confidences

    def probabilities(self, X: Floats) -> Floats:
        """Return (rows, tags): the forced choice's probabilities, or the confidences of independent tags."""
        return softmax(self.choice.scores(X)) if self.exclusive else self.confidences(X)


def combine_evidence(choice: Floats | None, presence: Floats, likeness: Floats) -> Floats:
    """Return (rows, tags, kinds) from (rows, tags) scores; `choice` is None where tags are independent."""
    return np.stack(_kinds(choice, presence, likeness), axis=-1)


def _kinds(choice: Floats | None, presence: Floats, likeness: Floats) -> list[Floats]:
    kinds = [presence, likeness]  # LIKENESS says where
    if choice is not None:
        kinds.append(np.maximum(log_softmax(choice), LEAST_LOG))
    return kinds


def directions(X: NDArray[Real]) -> NDArray[Real]:
    """Return the rows of X scaled to length one, in its precision; a row of zeros stays."""
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return (X / np.where(lengths > 0, lengths, 1)).astype(X.dtype, copy=False)


def quantised(confidences: Floats) -> Floats:
    """Return confidences rounded to thousandths."""
    return np.round(confidences * STEPS) / STEPS


def applied(confidences: Floats, choice: Floats, thresholds: Floats, *, exclusive: bool) -> NDArray[np.bool_]:
    """Return (rows, tags): which tags an image gets, possibly none.

    An exclusive model gives an image its best tag or none; a tag whose threshold is not a number is never given.
    """
    passed = confidences >= thresholds  # a comparison with NaN is false
    if exclusive:
        best = np.zeros_like(passed)
        best[np.arange(len(choice)), choice.argmax(axis=1)] = True
        passed &= best
    return passed
