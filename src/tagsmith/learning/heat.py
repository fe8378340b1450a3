"""Where in an image a tag's score comes from: class activation on the last feature map.

An embedding is made from a mean over a map's cells, so that a cell's part in a score can be told exactly to first
order. Source: Selvaraju et al., "Grad-CAM" (arXiv:1610.02391), with the gradient in closed form and channel by channel.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tagsmith.vision.encoders import Encoder, Outputs
from tagsmith.vision.pooling import pooled

Floats = NDArray[np.float64]


def heat_map(maps: Sequence[NDArray[np.floating]], encoder: Encoder, weights: Floats) -> Floats:
    """Return how much each cell of an image speaks for a tag.

    Parameters
    ----------
    maps
        The image's feature maps by view, (channels, rows, columns) each, as `EncoderSession.feature_maps` gives them.
    encoder
        Whose views they are.
    weights
        (dimension,) of the tag's linear score on the embedding.

    Returns
    -------
    Floats
        (rows, columns) of the finest of the grids; not negative, the sum is 1. Cells that speak against the tag have
        0. Where none speaks for it more than another, all are alike.
    """
    ends = np.cumsum([len(cells) for cells in maps])[:-1]
    parts = [
        _contributions(np.asarray(cells, np.float64), view.network.outputs, own)
        for cells, view, own in zip(maps, encoder.views, np.split(weights, ends), strict=True)
    ]
    rows, columns = max(part.shape for part in parts)
    return _shares(sum((stretched(part, columns, rows) for part in parts), np.zeros((rows, columns))))


def stretched(grid: Floats, width: int, height: int) -> Floats:
    """Return a grid interpolated to another size; its values keep their scale."""
    if grid.shape == (height, width):
        return grid
    resized = Image.fromarray(grid.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(resized, np.float64)


def _contributions(cells: Floats, outputs: Outputs, weights: Floats) -> Floats:
    """Return (rows, columns): by how much the score would grow with each cell, per part by which the cell grew.

    As if all counted the same, in the middle or not: an object at the edge is to be found as well. Weighted as they
    were pooled they sum to zero, as an embedding has no length: a cell speaks for the tag if it turns the embedding
    towards it.
    """
    mean = pooled(cells, outputs.centre)
    vector = np.copysign(np.sqrt(np.abs(mean)), mean) if outputs.square_root else mean
    length = float(np.linalg.norm(vector))
    if not length:
        return np.zeros(cells.shape[1:])
    unit = vector / length
    gradient = (weights - (weights @ unit) * unit) / length
    if outputs.square_root:
        gradient = gradient / np.where(vector == 0, np.inf, 2 * np.abs(vector))  # a channel of zeros adds nothing
    contributions: Floats = np.tensordot(gradient, cells, axes=1)
    return contributions


def _shares(heat: Floats) -> Floats:
    positive = np.maximum(heat, 0)
    total = positive.sum()
    shares: Floats = positive / total if total else np.full(heat.shape, 1 / heat.size)
    return shares
