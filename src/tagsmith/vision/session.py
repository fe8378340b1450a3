"""An encoder loaded and ready: one image in, one embedding out; a text in, a vector out, if it reads.

One thread per network call and one image per call: on a CPU, convolutions over one image stay in the
cache, and so neither batches nor a second thread per call make it faster. Callers run several calls at once.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.facts import Encoder, View
from tagsmith.vision.networks import Vector, load, scaled
from tagsmith.vision.pooling import pooled
from tagsmith.vision.reading import Reader, Reading
from tagsmith.vision.sources import HubFile

__all__ = ["EncoderSession", "FeatureMap", "Reading", "Sight", "Vector", "input_size", "network_input"]

FeatureMap = NDArray[np.float32]


@dataclass(frozen=True)
class Sight:
    """What one run over an image gives.

    Attributes
    ----------
    vector
        (dimension,) the embedding.
    feature_map
        (channels, height, width): the last one of the first view that has one, or None where no view does.
    """

    vector: Vector
    feature_map: FeatureMap | None


@dataclass(frozen=True)
class _LoadedView:
    view: View
    network: Any  # onnxruntime.InferenceSession, which has no types
    file: Path


class EncoderSession:
    """A loaded encoder; safe to use from several threads at once.

    Parameters
    ----------
    encoder
        Which one.
    cache
        Folder for built graphs and downloads; made when missing.

    Raises
    ------
    EncoderError
        The weights cannot be had, or do not give what the encoder's description says.
    """

    def __init__(self, encoder: Encoder, cache: Path) -> None:
        obtained = [_obtained(view, cache) for view in encoder.views]
        self.encoder = replace(encoder, views=tuple(view for view, _ in obtained))
        networks = {file: load(file) for file in {file for _, file in obtained}}
        self._views = [_LoadedView(view, networks[file], file) for view, file in obtained]
        for loaded in self._views:
            _check(loaded)
        self._cache = cache
        self._reader: Reader | None = None  # loaded when the first text is read: it may be several times as large
        self._opening = Lock()

    @property
    def shortest_side(self) -> int:
        """How many pixels the shorter side of an image needs for `encode`; more are resized away."""
        return max(view.side for view in self.encoder.views)

    @property
    def size_on_disk(self) -> int:
        """How many bytes the networks' files have."""
        return sum(file.stat().st_size for file in {loaded.file for loaded in self._views})

    def encode(self, image: Image.Image) -> Vector:
        """Return the embedding of an upright RGB image.

        Returns
        -------
        Vector
            (dimension,) float32; each view's part has length one.

        Raises
        ------
        EncoderError
            The network fails on this image, or what it gives is not finite.
        """
        return self.look(image).vector

    def look(self, image: Image.Image) -> Sight:
        """Return the embedding of an upright RGB image, and a feature map of the same run; raises as `encode`."""
        sights = [_look(loaded, image) for loaded in self._views]
        maps = (sight.feature_map for sight in sights if sight.feature_map is not None)
        return Sight(np.concatenate([sight.vector for sight in sights]), next(maps, None))

    @property
    def must_download_to_read(self) -> bool:
        """Whether `read` would download something, which may be large and take minutes."""
        half = self.encoder.text
        return self._reader is None and half is not None and half.is_elsewhere(self._cache)

    def read(self, text: str) -> Reading:
        """Return the vector of a text, for which the text half is loaded when it is first needed, and kept.

        Raises
        ------
        EncoderError
            The encoder does not read text; or its text half cannot be had, is not as described, or fails on this text.
        """
        with self._opening:
            if self._reader is None:
                self._reader = Reader(self.encoder, self._cache)
        return self._reader.read(text)

    def feature_maps(self, image: Image.Image) -> tuple[FeatureMap, ...]:
        """Return the last feature map of each view, (channels, rows, columns), which pooled makes its embedding.

        Raises
        ------
        EncoderError
            A view has none, or its embedding is made from something else; or as by `encode`.
        """
        return tuple(_pooled_map(loaded, image) for loaded in self._views)


def _obtained(view: View, cache: Path) -> tuple[View, Path]:
    """Return the view with a source that is on this machine, and the ONNX file."""
    source = view.network.source
    if isinstance(source, HubFile):
        source = source.download(cache)
        view = replace(view, network=replace(view.network, source=source))
    return view, source.onnx_file(cache)


def _check(loaded: _LoadedView) -> None:
    """Hold the network against its description, at last by running it on an image that is not square."""
    network, described = loaded.network, loaded.view.network
    inputs = [node.name for node in network.get_inputs()]
    outputs = [node.name for node in network.get_outputs()]
    if inputs != [described.input]:
        raise EncoderError(f"{loaded.file}: its inputs are {inputs}, not {described.input!r}")
    for name in filter(None, (described.outputs.embedding, described.outputs.feature_map)):
        if name not in outputs:
            raise EncoderError(f"{loaded.file}: it has no output {name!r}; there are {outputs}")
    _look(loaded, Image.new("RGB", (2, 1)))


def _look(loaded: _LoadedView, image: Image.Image) -> Sight:
    view, outputs = loaded.view, loaded.view.network.outputs
    wanted = [name for name in (outputs.embedding, outputs.feature_map) if name]
    pixels = network_input(image, view)
    try:
        result, *maps = loaded.network.run(wanted, {view.network.input: pixels})
    except Exception as error:  # as above
        height, width = pixels.shape[2:]
        reason = " ".join(str(error).split())
        raise EncoderError(f"{loaded.file}: cannot run on {width} x {height} pixels ({reason})") from error
    return Sight(_embedding(loaded, result), maps[0][0].astype(np.float32) if maps else None)


def _pooled_map(loaded: _LoadedView, image: Image.Image) -> FeatureMap:
    sight = _look(loaded, image)
    if sight.feature_map is None:
        raise EncoderError(f"{loaded.view.network.name}: it has no feature map, and so cannot say where in an image")
    if not np.allclose(_embedding(loaded, sight.feature_map[None]), sight.vector, atol=_ROUNDING):
        raise EncoderError(f"{loaded.view.network.name}: its embedding is not the mean of its feature map")
    return sight.feature_map


_ROUNDING = 1e-3  # of sums in another order; an embedding has length one


def _embedding(loaded: _LoadedView, result: NDArray[np.floating]) -> Vector:
    """Return the embedding in what the network gave, scaled to length one."""
    view, outputs = loaded.view, loaded.view.network.outputs
    if result.ndim == 3:  # (1, tokens, dimension): the first token stands for the image
        result = result[:, 0]
    elif result.ndim == 4:  # (1, dimension, height, width): a map
        result = pooled(result[0], outputs.centre)[None]
    if result.shape != (1, view.dimension):
        raise EncoderError(f"{loaded.file}: {outputs.embedding!r} gave {result.shape}, not (1, {view.dimension})")
    vector = scaled(result[0], square_root=outputs.square_root)
    if vector is None:
        raise EncoderError(f"{loaded.file}: {outputs.embedding!r} gave numbers that are not finite")
    return vector


def network_input(image: Image.Image, view: View) -> NDArray[np.float32]:
    """Return the (1, 3, height, width) input that `view` makes of an RGB image."""
    shape = view.network.preprocessing
    resized = image.resize(input_size(image.width, image.height, view), Image.Resampling.BICUBIC, reducing_gap=3.0)
    pixels = np.array(resized, np.float32)
    pixels -= np.array(shape.mean, np.float32)
    pixels /= np.array(shape.std, np.float32)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))[None]


def input_size(width: int, height: int, view: View) -> tuple[int, int]:
    """Return (width, height) in pixels of the view's input for an image of this size.

    Very long images are squashed to an aspect ratio of 4 : 1: a side shorter than that would leave the
    network next to nothing to see.
    """
    shape = view.network.preprocessing
    if not shape.keep_aspect:
        return view.side, view.side
    stretch = math.sqrt(min(max(width / height, 1 / _LONGEST_ASPECT), _LONGEST_ASPECT))
    return _rounded(view.side * stretch, shape.multiple), _rounded(view.side / stretch, shape.multiple)


_LONGEST_ASPECT = 4.0


def _rounded(side: float, multiple: int) -> int:
    return max(1, round(side / multiple)) * multiple
