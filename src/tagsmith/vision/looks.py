"""One decoding of a file for two needs: an image to be looked at, and one for an encoder."""

import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, JpegImagePlugin

from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.colour import to_srgb, upright
from tagsmith.vision.decode import DEFAULT_LIMITS, bare, opened, orientation_of

JPEG_SCALES = (8, 4, 2, 1)


@dataclass(frozen=True)
class Looks:
    """What one decoding gives; width and height are those of the file's image when it is upright.

    Both images are as `decode` returns them. They may be the same one: change neither.
    """

    format: str
    width: int
    height: int
    shown: Image.Image
    encoded: Image.Image


def decode_both(path: Path, *, shown: int, encoded: int, limits: DecodeLimits = DEFAULT_LIMITS) -> Looks:
    """Decode one image file once.

    The image for the encoder has the very pixels of `decode(path, at_least=encoded)`, so that a vector is the same
    wherever it is made; but not that of a large JPEG whose image to be looked at must be decoded at a larger scale.
    It is reduced to the same size then, and each pixel is the mean of those it stands for, as at the smaller scale:
    what is left are differences of rounding.

    Parameters
    ----------
    path
        The file.
    shown
        Pixels that the longer side of the image to be looked at has at least, if the file has them.
    encoded
        Pixels that the shorter side of the encoder's image has at least, if the file has them.
    limits
        Checked before anything is allocated for pixels.

    Raises
    ------
    ImageError
        As by `decode`.
    """

    def use(image: Image.Image, name: str) -> Looks:
        size = image.size
        larger = max(encoded, math.ceil(shown * min(size) / max(size)))  # of the shorter side, for both needs
        ratio = _draft(image, larger, encoded)
        image.load()
        turn = orientation_of(image)
        if ratio == 1 and min(image.size) // larger == min(image.size) // encoded:
            one = both = upright(to_srgb(image, encoded), turn)
        else:
            both = upright(to_srgb(image, larger), turn)
            one = upright(to_srgb(image.reduce(ratio) if ratio > 1 else image, encoded), turn)
        width, height = _upright(size if name == "JPEG" else image.size, both.size)
        return Looks(name, width, height, bare(both), bare(one))

    return opened(path, limits, use)


def _draft(image: Image.Image, larger: int, encoded: int) -> int:
    """Let a JPEG be decoded at the scale of the larger need; return how much smaller the encoder's would be."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return 1
    smallest = _scale(image.size, encoded)
    scale = _scale(image.size, larger)
    return smallest // scale if image.draft(None, (larger, larger)) else 1


def _scale(size: tuple[int, int], at_least: int) -> int:
    """Return by how much Pillow lets a JPEG of this size be decoded smaller."""
    most = min(size) // at_least
    return next((scale for scale in JPEG_SCALES if scale <= most), 1)


def _upright(size: tuple[int, int], seen: tuple[int, int]) -> tuple[int, int]:
    """Turn the size in a file's header as the decoded, perhaps smaller, image is turned."""
    width, height = size
    lies = abs(seen[0] * height - seen[1] * width) <= abs(seen[0] * width - seen[1] * height)
    return (width, height) if lies else (height, width)
