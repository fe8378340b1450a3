"""What can be measured of an image without knowing what it shows: how sharp, how bright, and how it fills its frame.

What these numbers mean for teaching is judged elsewhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]

SIDE = 256  # pixels: detail finer than this an encoder hardly sees
CELLS = 16  # a side
STEEPEST = 99.7  # percentile of the slopes that stands for the sharpest edge there is


class Measures(NamedTuple):
    """Measures of one image.

    Attributes
    ----------
    sharpness
        The steepest edge's slope in grey levels a pixel, of the range of grey levels; the image at 256 x 256 pixels.
    brightness
        Grey level, 0 to 1, below which nine tenths of the image lie.
    detail
        Share of the frame, 0 to 1, over which its edges are spread.
    attended
        Share of the frame, 0 to 1, that the encoder responds to as to the whole; NaN without a feature map.
    extent
        Root mean square distance of the strong edges from their centre, in sides of the frame; 0.41 if they fill it.
    off_centre
        Distance of that centre from the frame's, in sides of the frame.
    """

    sharpness: float
    brightness: float
    detail: float
    attended: float
    extent: float
    off_centre: float


def measure(image: Image.Image, feature_map: Floats | None = None) -> Measures:
    """Measure an upright RGB image.

    Parameters
    ----------
    image
        As it was encoded.
    feature_map
        (channels, height, width) of the encoder's last feature map, if it has one.
    """
    levels = np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX))
    grey = levels.astype(np.float32)
    slopes = np.sqrt(np.diff(grey, axis=1)[:-1] ** 2 + np.diff(grey, axis=0)[:, :-1] ** 2)
    edges = np.pad(slopes, ((0, 1), (0, 1))).reshape(CELLS, SIDE // CELLS, CELLS, -1).mean(axis=(1, 3))
    darkest, bright, brightest = _percentiles(levels, 100 - STEEPEST, 90, STEEPEST)
    extent, off_centre = _place(np.maximum(edges - np.median(edges), 0) ** 2)  # strong edges above a rough ground
    return Measures(
        sharpness=float(np.percentile(slopes, STEEPEST) / max(brightest - darkest, 1)),
        brightness=float(bright / 255),
        detail=_share(edges),
        attended=np.nan if feature_map is None else _share(_response(feature_map)),
        extent=extent,
        off_centre=off_centre,
    )


def _percentiles(levels: NDArray[np.uint8], *shares: float) -> Floats:
    """Return what `np.percentile` does, in a tenth of the time: levels are few, so that counting them is enough."""
    below = np.cumsum(np.bincount(levels.ravel()))
    at = np.array(shares) / 100 * (levels.size - 1)
    low, high = (np.searchsorted(below, index, "right") for index in (np.floor(at), np.ceil(at)))
    return (low + (at - np.floor(at)) * (high - low)).astype(np.float32)


def _response(feature_map: Floats) -> Floats:
    """Return (height, width): how strongly each place answers in the direction of the whole image's features."""
    whole = feature_map.sum(axis=(1, 2))
    response: Floats = np.maximum(np.tensordot(whole, feature_map, 1), 0)
    return response


def _share(amounts: Floats) -> float:
    """Return over which share of the cells amounts are spread: the exponential of their entropy; 0 of nothing."""
    total = amounts.sum()
    if not total > 0:
        return 0.0
    shares = amounts[amounts > 0] / total
    return float(np.exp(-(shares * np.log(shares)).sum()) / amounts.size)


def _place(amounts: Floats) -> tuple[float, float]:
    """Return how far amounts are spread about their centre, and how far that lies from the frame's."""
    total = amounts.sum()
    if not total > 0:
        return 0.0, 0.0
    at = (np.arange(CELLS) + 0.5) / CELLS - 0.5
    rows, columns = amounts.sum(axis=1) / total, amounts.sum(axis=0) / total
    y, x = rows @ at, columns @ at
    return float(np.sqrt(rows @ (at - y) ** 2 + columns @ (at - x) ** 2)), float(np.hypot(x, y))
