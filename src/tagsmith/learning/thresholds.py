"""From confidences and a wanted precision to one threshold per tag, with what the evidence is worth."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.evidence import Evidence

Floats = NDArray[np.float64]

PRIOR = 200.0  # how many images the precision of all tags together counts for when a single tag is judged
LOWEST = 0.5  # a claim that by its own confidence is more likely wrong is not made, however easy the examples were
EVIDENCE_MARGIN = 0.1  # how far below the target the interval may reach before the evidence counts as thin


class Support(StrEnum):
    """What the examples say about a tag's precision at its threshold."""

    ENOUGH = "enough"
    THIN = "not enough evidence"
    NONE = "target precision not reached"


def wilson(successes: float, trials: float, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share, 95 % by default; (0, 1) without trials.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
    """
    if trials <= 0:
        return 0.0, 1.0
    share, square = successes / trials, z * z
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = z / (1 + square / trials) * np.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def choose_thresholds(confidences: Floats, evidence: Evidence, *, target: float, count: int) -> Floats:
    """Return the lowest threshold of each tag at which its precision is expected to reach `target`.

    A tag's own claims are few, so its precision is shrunk towards that of all tags at the same threshold
    (by `PRIOR` pseudo-claims): a single tag moves away from the rest only as far as its examples prove.
    A threshold is above 0: no confidence at all is never enough.

    Parameters
    ----------
    confidences
        (claims,): what the model makes of each row of `evidence`.
    evidence
        Out-of-sample claims that a tag belongs to an image; where nobody knows, the confidence says how likely.
    target
        Wanted precision, 0 to 1.
    count
        Number of tags.

    Returns
    -------
    Floats
        (count,); NaN where no threshold reaches the target.
    """
    grid = np.unique(confidences[confidences > 0])[::-1]
    right = np.where(np.isnan(evidence.right), confidences, evidence.right)
    pooled_hits, pooled_claims = _right_above(grid, confidences, right, evidence.weights)
    pooled = pooled_hits / np.maximum(pooled_claims, 1e-12)
    thresholds = np.full(count, np.nan)
    for tag in range(count):
        own = evidence.tags == tag
        hits, claims = _right_above(grid, confidences[own], right[own], evidence.weights[own])
        precision = (hits + PRIOR * pooled) / (claims + PRIOR)
        reached = np.flatnonzero((precision >= target) & (hits > 0) & (grid >= min(LOWEST, target)))
        if len(reached):
            thresholds[tag] = grid[reached[-1]]
    return thresholds


def _right_above(grid: Floats, confidences: Floats, right: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weight of the right claims and of all claims at or above each value of the descending grid."""
    order = np.argsort(-confidences, kind="stable")
    ends = np.searchsorted(-confidences[order], -grid, side="right")
    hits = np.concatenate([[0.0], np.cumsum((weights * right)[order])])
    claims = np.concatenate([[0.0], np.cumsum(weights[order])])
    return hits[ends], claims[ends]
