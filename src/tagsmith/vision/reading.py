"""The text half of an encoder, loaded and ready: a phrase in, a vector in the space of the images' out.

How a text becomes tokens is in the encoder's `tokenizer.json`; how many are read and what fills the rest, in `facts`.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagsmith.errors import EncoderError
from tagsmith.vision.facts import Encoder, TextHalf
from tagsmith.vision.networks import Vector, load_large, scaled
from tagsmith.vision.sources import HubFile

Kind = type[np.int64] | type[np.int32]
KINDS: dict[str, Kind] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}  # that ids may have


@dataclass(frozen=True)
class Reading:
    """(dimension,) what was made of a text, scaled as the image's vector is; whether only its beginning was read."""

    vector: Vector
    is_cut: bool = False


class Reader:
    """A loaded text half; safe to use from several threads at once.

    Parameters
    ----------
    encoder
        Which one. Its text half must give vectors of the dimension that its view has.
    cache
        Folder for downloads; made when missing.

    Raises
    ------
    EncoderError
        The encoder has no text half, its files cannot be had, or they are not as described.
    """

    def __init__(self, encoder: Encoder, cache: Path) -> None:
        library = _library()  # before anything large is downloaded in vain
        half, self._file, tokens = fetched(encoder, cache)
        (view,) = encoder.views
        self._half, self._dimension = half, view.dimension
        self._square_root = view.network.outputs.square_root
        self._tokenizer = _tokenizer(library, tokens, half.length)
        self._network = load_large(self._file)
        self._kind = self._checked()
        self.read(encoder.name)

    def read(self, text: str) -> Reading:
        """Return the vector of a text, however short; of a long one, that of its beginning.

        Raises
        ------
        EncoderError
            The network fails on this text, or what it gives is not finite.
        """
        half = self._half
        tokens = self._tokenizer.encode(text.lower() if half.lower_case else text)
        try:
            (result,) = self._network.run([half.output], self._fed(tokens.ids))
        except Exception as error:  # onnxruntime's errors share no base class with anything
            reason = " ".join(str(error).split())
            raise EncoderError(f"{self._file}: cannot run on {len(tokens.ids)} tokens ({reason})") from error
        return Reading(self._scaled(result), bool(tokens.overflowing))

    def _fed(self, ids: list[int]) -> dict[str, NDArray[Any]]:
        half = self._half
        filled = [] if half.padding is None else [half.padding] * (half.length - len(ids))
        fed = {half.input: np.array([[*ids, *filled]], self._kind)}
        if half.mask:
            fed[half.mask] = np.array([[1] * len(ids) + [0] * len(filled)], self._kind)
        return fed

    def _scaled(self, result: NDArray[np.floating]) -> Vector:
        if result.shape != (1, self._dimension):
            expected = f"(1, {self._dimension}), as images have"
            raise EncoderError(f"{self._file}: {self._half.output!r} gave {result.shape}, not {expected}")
        vector = scaled(result[0], square_root=self._square_root)
        if vector is None:
            raise EncoderError(f"{self._file}: {self._half.output!r} gave numbers that are not finite")
        return vector

    def _checked(self) -> Kind:
        """Hold the network against its description; return what kind of number it takes."""
        inputs = {node.name: node.type for node in self._network.get_inputs()}
        described = [name for name in (self._half.input, self._half.mask) if name]
        if sorted(inputs) != sorted(described):
            raise EncoderError(f"{self._file}: its inputs are {list(inputs)}, not {described}")
        outputs = [node.name for node in self._network.get_outputs()]
        if self._half.output not in outputs:
            raise EncoderError(f"{self._file}: it has no output {self._half.output!r}; there are {outputs}")
        kind = inputs[self._half.input]
        if kind not in KINDS:
            raise EncoderError(f"{self._file}: {self._half.input!r} is a {kind}, which no ids fit")
        return KINDS[kind]


def fetched(encoder: Encoder, cache: Path) -> tuple[TextHalf, Path, Path]:
    """Return an encoder's text half, its network and its tokenizer on this machine, downloaded first where missing.

    Raises
    ------
    EncoderError
        There is no text half, or a file cannot be had.
    """
    half = encoder.text
    if half is None:
        raise EncoderError("{encoder} does not read text", encoder=encoder.name)
    network, tokenizer = (
        part.fetched(cache) if isinstance(part, HubFile) else part for part in (half.network, half.tokenizer)
    )
    return half, network, tokenizer


def _library() -> Any:
    try:
        return importlib.import_module("tokenizers")
    except ImportError as error:
        raise EncoderError("texts are read by tokenizers: pip install 'tagsmith[hub]'") from error


def _tokenizer(library: Any, file: Path, length: int) -> Any:
    """Return a tokenizer that cuts but does not fill, whatever its file says of that."""
    try:
        tokenizer = library.Tokenizer.from_str(file.read_text(encoding="utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(length)
    except OSError as error:
        raise EncoderError(f"{file}: {error.strerror}") from error
    except Exception as error:  # its errors have no class of their own
        raise EncoderError(f"{file}: not a tokenizer that can be read ({error})") from error
    return tokenizer
