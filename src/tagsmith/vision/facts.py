"""What is known of an encoder: frozen facts, and the identifier that names all that changes a vector.

Which encoders there are is in `encoders`, where their files come from in `sources`; running them is in `session`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from tagsmith.errors import EncoderError
from tagsmith.vision.sources import HubFile, Source

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
        Name of the output: (1, dimension); (1, tokens, dimension) of which the first token counts; or a map
        (1, dimension, height, width), which is pooled.
    feature_map
        Name of the last feature map (1, channels, height, width), or empty where there is none.
    square_root
        Whether the signed square root is taken before the vector is scaled to length one.
    centre
        How far from its middle an image counts when a map is pooled: see `pooling.cell_weights`.
    """

    embedding: str
    feature_map: str = ""
    square_root: bool = False
    centre: float = 0.0


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
class TextHalf:
    """The half of an encoder that reads: the vector of a text is near those of images that show what it says.

    It changes no vector of an image, and so is not in the encoder's id.

    Attributes
    ----------
    network, tokenizer
        An ONNX network, and a `tokenizer.json` as the package `tokenizers` reads it.
    output
        Name of the network's output: (1, dimension), in the same space as the view's embedding.
    length
        Most tokens that are read, with those that mark a text's start and end; of a longer text the beginning counts.
    padding
        Token id that fills shorter texts up to `length`; None where they stay as short as they are.
    lower_case
        Whether the network was taught texts in small letters only.
    input, mask
        Names of the inputs: (1, tokens) ids; and 1 for the text's tokens, 0 for padding, empty where there is none.
    """

    network: HubFile | Path
    tokenizer: HubFile | Path
    output: str
    length: int
    padding: int | None = None
    lower_case: bool = False
    input: str = "input_ids"
    mask: str = ""
    licence: str = "Apache-2.0"

    def is_elsewhere(self, cache: Path) -> bool:
        """Whether something of it must be downloaded before texts can be read."""
        parts = (self.network, self.tokenizer)
        return any(isinstance(part, HubFile) and not part.is_here(cache) for part in parts)


@dataclass(frozen=True)
class Encoder:
    """One or more views of an image, each scaled to length one, side by side; of a single one, perhaps a text half."""

    name: str
    views: tuple[View, ...]
    note: str = ""
    text: TextHalf | None = None

    def __post_init__(self) -> None:
        if self.text and len(self.views) != 1:
            raise EncoderError(f"{self.name}: an encoder of {len(self.views)} views cannot read text")

    @property
    def dimension(self) -> int:
        """Length of the embedding."""
        return sum(view.dimension for view in self.views)

    @property
    def licence(self) -> str:
        """The licences of the weights."""
        halves = {view.network.licence for view in self.views} | ({self.text.licence} if self.text else set())
        return ", ".join(sorted(halves))

    def is_here(self, cache: Path) -> bool:
        """Whether images can be seen without a network."""
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
    if network.outputs.centre:
        parts.append(f"centre{network.outputs.centre}")
    if (shape.mean, shape.std) != (Preprocessing.mean, Preprocessing.std):
        parts.append("norm" + "_".join(str(value) for value in (*shape.mean, *shape.std)))
    return ":".join(parts)
