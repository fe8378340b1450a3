"""How much more examples would help, judged by how much those at hand have helped."""

from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.classifier import TagClassifier

Bools = NDArray[np.bool_]
Singles = NDArray[np.float32]
Ints = NDArray[np.intp]

LEAST = 20  # examples a tag; a curve over fewer is too steep, see docs/quality.md
SHARES = (0.5, 0.7)  # of the examples, on which smaller models are fitted
DRAWS = 3
CAUTION = 0.5  # of the curve's slope: it flattens
NO_ERROR = 1e-3
TYPICAL_ERROR = 0.02  # of what is said, see docs/quality.md; a smaller gain is not worth saying


@dataclass(frozen=True)
class Outlook:
    """The share of each tag's images whose best tag is right, mean over the tags: now, and with `more` examples."""

    now: float
    then: float
    more: int
    give_or_take: float = TYPICAL_ERROR


def look_ahead(classifier: TagClassifier, X: Singles, Y: Bools, more: int) -> Outlook | None:
    """Return what `more` examples would do if they were spread over the tags like those at hand.

    Errors on left-out examples of smaller fits are taken for a power of the number of examples, and its exponent is
    halved. Source: Cortes et al., "Learning curves: asymptotic values and rate of convergence" (1994).

    Parameters
    ----------
    classifier
        What was fitted on all examples; its settings serve again.
    X, Y
        (examples, dimensions), and (examples, tags) of which example teaches which tag.
    more
        Examples to come, of all tags together.

    Returns
    -------
    Outlook or None
        None where it cannot be said honestly: tags are independent, one has fewer than `LEAST` examples, or the gain
        is smaller than what such an outlook is usually wrong by.
    """
    if not classifier.exclusive or Y.sum(axis=0).min() < LEAST:
        return None
    y = Y.argmax(axis=1)
    rng = np.random.default_rng(0)
    errors = [fmean(_error(classifier, X, y, _part(y, share, rng)) for _ in range(DRAWS)) for share in SHARES]
    now = 1 - _recall(classifier)
    steps = np.log(np.maximum([*errors, now], NO_ERROR))
    slope = min(0.0, float(np.polyfit(np.log([*SHARES, 1]), steps, 1)[0]))
    then = now * (1 + more / len(y)) ** (CAUTION * slope)
    return Outlook(1 - now, 1 - then, more) if now - then >= TYPICAL_ERROR else None


def _part(y: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Draw a share of each tag's rows."""
    groups = [np.flatnonzero(y == tag) for tag in range(y.max() + 1)]
    return np.concatenate([rng.choice(group, round(share * len(group)), replace=False) for group in groups])


def _error(classifier: TagClassifier, X: Singles, y: Ints, rows: Ints) -> float:
    return 1 - _recall(TagClassifier(**classifier.get_params()).fit(X[rows], y[rows]))


def _recall(classifier: TagClassifier) -> float:
    return classifier.quality_.macro_accuracy or 0.0
