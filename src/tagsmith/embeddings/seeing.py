"""The vector of an image that is no asset: what is searched for by image. Nothing of the image is kept."""

import ctypes
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.preparation import Preparation, current
from tagsmith.vision.decode import decode

MOST_BYTES = 100_000_000
MOST_PIXELS = 50_000_000  # of a picture to ask with; all of them may have to be in memory at once, beside the pages

_alone = Lock()  # several at once would take that memory several times, and be no sooner done


@dataclass(frozen=True)
class Seen:
    """What an encoder made of an image: (dimension,) in half precision, as vectors are stored."""

    encoder: StoredEncoder
    vector: NDArray[np.float16]


def see(source: Path | bytes) -> Seen:
    """Return what the serving encoder, loaded when first needed, makes of an image file or its bytes.

    Raises
    ------
    ImageError
        The file is no image, damaged or too large; `str(error)` is the reason.
    EncoderError
        The encoder cannot be had here.
    """
    with _alone:
        try:
            return _seen(source, current())
        finally:
            _give_back()


def _seen(source: Path | bytes, preparation: Preparation) -> Seen:
    limits = replace(
        preparation.limits,
        max_bytes=min(preparation.limits.max_bytes, MOST_BYTES),
        max_pixels=min(preparation.limits.max_pixels, MOST_PIXELS),
    )
    serving = preparation.encoders.serving()
    image = decode(source, at_least=serving.session.shortest_side, limits=limits)
    return Seen(serving.encoder, serving.session.encode(image).astype(np.float16))


def _give_back() -> None:
    """Give freed memory back to the system: glibc else keeps a large image's for the thread that had it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
    if trim is not None:
        trim(0)
