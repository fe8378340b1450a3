"""Why a tag: the teaching examples that an image is most like, of the tag and of the one that comes next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagsmith.learning.scoring import Scorer, directions

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Near:
    """A teaching example: its row among its tag's, and the cosine of the angle to the image."""

    row: int
    cosine: float


def nearest_examples(vector: ArrayLike, examples: ArrayLike, count: int = 5) -> list[Near]:
    """Return the rows of (examples, dimensions) that are most like a (dimensions,) vector, the most alike first."""
    rows = directions(np.asarray(examples, np.float64))
    cosines = rows @ directions(np.asarray(vector, np.float64)[None])[0]
    return [Near(int(row), float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:count]]


def runner_up(scorer: Scorer, vector: ArrayLike, own: Ints) -> int:
    """Return the best column beside a tag's `own` for a (dimensions,) vector: by the choice, else by confidence."""
    X = np.asarray(vector, np.float64)[None]
    scores = scorer.choice.scores(X)[0] if scorer.exclusive else scorer.confidences(X)[0]
    scores[own] = -np.inf
    return int(scores.argmax())
