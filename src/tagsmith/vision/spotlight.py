"""An image with a heat map over it: what counts in its own colours, the rest grey and dark."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

DARKNESS = 0.35  # of the brightness is left where nothing counts


def spotlight(image: Image.Image, heat: NDArray[np.floating]) -> Image.Image:
    """Return the RGB image as lit by a heat map: it needs no colours to be read.

    Parameters
    ----------
    image
        Upright, RGB.
    heat
        (rows, columns), not negative, of any size; the largest value is lit fully.
    """
    mask = Image.fromarray(as_grey(heat)).resize(image.size, Image.Resampling.BICUBIC)
    dark = ImageEnhance.Brightness(image.convert("L").convert("RGB")).enhance(DARKNESS)
    return Image.composite(image, dark, mask)


def as_grey(heat: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return a heat map as grey values, 255 where it is largest."""
    largest = heat.max()
    return np.round(255 * heat / largest if largest else np.zeros(heat.shape)).astype(np.uint8)
