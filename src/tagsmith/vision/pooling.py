"""How the cells of a feature map become one vector: their mean, in which the middle of the image may count more.

Cells at the edge see the network's padding, and what an image is about seldom lies there.
"""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.floating]


def pooled(cells: Real, centre: float) -> Real:
    """Return the (channels,) mean of (channels, rows, columns), weighted by `cell_weights`."""
    _, rows, columns = cells.shape
    weights = cell_weights(rows, columns, centre).astype(cells.dtype)
    mean: Real = cells.reshape(len(cells), -1) @ weights.ravel()
    return mean


def cell_weights(rows: int, columns: int, centre: float) -> NDArray[np.float64]:
    """Return (rows, columns), with a sum of 1: a Gaussian around the middle.

    `centre` is its standard deviation in units of the map's sides; 0 gives all cells the same weight.
    """
    down, across = _along(rows, centre), _along(columns, centre)
    return np.outer(down / down.sum(), across / across.sum())


def _along(cells: int, centre: float) -> NDArray[np.float64]:
    if not centre:
        return np.ones(cells)
    places = (np.arange(cells) + 0.5) / cells - 0.5
    return np.exp(-0.5 * (places / centre) ** 2)
