"""Several tag models that judge the same vectors: side by side, one matrix product serves them all."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.scoring import Scorer

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


class Panel:
    """The scorers of one encoder as one matrix, in single precision.

    Parameters
    ----------
    scorers
        One or more, all of the same dimension.
    """

    def __init__(self, scorers: Sequence[Scorer]) -> None:
        self.scorers = tuple(scorers)
        rows = [part for one in scorers for part in (one.choice.weights, one.presence.weights, one.centres)]
        self._weights = np.concatenate(rows).astype(np.float32).T.copy()

    def products(self, X: Singles) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Yield (rows, tags) choice scores, presence scores and cosines of each scorer, as its `judge` takes them.

        Parameters
        ----------
        X
            (rows, dimensions).
        """
        lengths = np.linalg.norm(X, axis=1)[:, None]
        lengths[lengths == 0] = 1
        products = X @ self._weights
        start = 0
        for scorer in self.scorers:
            width = len(scorer.typical)
            choice, presence, cosines = (
                products[:, start + part * width : start + (part + 1) * width].astype(np.float64) for part in range(3)
            )
            start += 3 * width
            yield choice + scorer.choice.bias, presence + scorer.presence.bias, cosines / lengths
