"""Encoders that people bring along: an ONNX file, described by the JSON beside it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Self

from tagsmith.errors import EncoderError
from tagsmith.vision.facts import RGB, Encoder, Network, Outputs, Preprocessing, TextHalf, View
from tagsmith.vision.sources import LocalFile

_LARGEST = 1e9  # beyond any number that preprocessing can mean


@dataclass(frozen=True)
class _Facts:
    """What a JSON object says, field by field; a subclass says which fields there are, and what they may hold."""

    @classmethod
    def of(cls, described: Any, place: str = "") -> Self:
        """Return the facts; `place` names where the object stands in the file."""
        if not isinstance(described, dict):
            raise TypeError(f"the field {place!r} must be one JSON object" if place else "it must hold one JSON object")
        prefix = f"{place}." if place else ""
        known = {fact.name: fact.default is MISSING for fact in fields(cls)}
        for name in described:
            if name not in known:
                raise ValueError(f"the field {prefix + name!r} is unknown; there are {', '.join(known)}")
        for name, needed in known.items():
            if needed and name not in described:
                raise ValueError(f"the field {prefix + name!r} is missing")
        try:
            return cls(**described)
        except _WrongFieldError as error:
            raise ValueError(f"the field {prefix + error.name!r} must be {error.wanted}") from error

    def _check_kind(self, kind: type, wanted: str, *names: str) -> None:
        for name in names:
            self._check(name, type(getattr(self, name)) is kind, wanted)

    def _check_counts(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            self._check(name, type(value) is int and value > 0, "a whole number above 0")

    @staticmethod
    def _check(name: str, good: bool, wanted: str) -> None:  # noqa: FBT001 - a check of one condition
        if not good:
            raise _WrongFieldError(name, wanted)


class _WrongFieldError(ValueError):
    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(name)
        self.name, self.wanted = name, wanted


@dataclass(frozen=True)
class _LocalFacts(_Facts):
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
    text: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self._check_kind(str, "a text", "name", "output", "input", "feature_map", "licence")
        # It is a part of the encoder's id, whose other marks it must not hold.
        self._check("name", re.fullmatch(r"[\w.-]+", self.name) is not None, "letters, digits, dots and hyphens")
        self._check_counts("side", "dimension", "multiple")
        self._check_kind(bool, "true or false", "square_root", "keep_aspect")
        for name in ("mean", "std"):
            value = getattr(self, name)
            numbers = isinstance(value, Sequence) and all(map(self._is_number, value))
            self._check(name, numbers and len(value) == len(Preprocessing.mean), "three numbers")
        self._check("std", min(self.std) > 1 / _LARGEST, "above 0")

    @staticmethod
    def _is_number(value: Any) -> bool:
        return type(value) in (int, float) and abs(value) < _LARGEST  # neither infinite nor "not a number"


@dataclass(frozen=True)
class _TextFacts(_Facts):
    """What `text` in that JSON holds: files beside it, and how the network is asked."""

    network: str
    tokenizer: str
    output: str
    length: int
    padding: int | None = TextHalf.padding
    lower_case: bool = TextHalf.lower_case
    input: str = TextHalf.input
    mask: str = TextHalf.mask
    licence: str = "unknown"

    def __post_init__(self) -> None:
        self._check_kind(str, "a text", "network", "tokenizer", "output", "input", "mask", "licence")
        self._check_counts("length")
        self._check_kind(bool, "true or false", "lower_case")
        fits = self.padding is None or (type(self.padding) is int and self.padding >= 0)
        self._check("padding", fits, "the id of a token, or null")

    def half(self, folder: Path) -> TextHalf:
        """Return what they say, of files in this folder."""
        rest = {
            fact.name: getattr(self, fact.name) for fact in fields(self) if fact.name not in ("network", "tokenizer")
        }
        return TextHalf(folder / self.network, folder / self.tokenizer, **rest)


def read_local_encoder(file: Path) -> Encoder:
    """Return the encoder in an ONNX file, as the JSON of the same name beside it describes it.

    The JSON holds `name`, `side`, `dimension`, `output` and, where they differ from the defaults,
    `input`, `feature_map`, `square_root`, `keep_aspect`, `multiple`, `mean`, `std` (0 to 255), `licence`. If it reads
    text, `text` holds `network` and `tokenizer` (files beside it), `output`, `length` and, where they differ from the
    defaults, `padding`, `lower_case`, `input`, `mask`, `licence`.

    Raises
    ------
    EncoderError
        A file is missing, or a field is unknown, missing or of the wrong kind; the message names it.
    """
    facts, text = _described(file)
    network = Network(
        name=facts.name,
        source=LocalFile.of(file),
        outputs=Outputs(facts.output, facts.feature_map, facts.square_root),
        preprocessing=Preprocessing(facts.keep_aspect, facts.multiple, _rgb(facts.mean), _rgb(facts.std)),
        input=facts.input,
        licence=facts.licence,
    )
    return Encoder(facts.name, (View(network, facts.side, facts.dimension),), str(file), text)


def local_text_half(file: Path) -> TextHalf | None:
    """Return the text half that the JSON beside an ONNX file describes; None without one, or without such a file."""
    try:
        return _described(file)[1]
    except EncoderError:
        return None


def _described(file: Path) -> tuple[_LocalFacts, TextHalf | None]:
    facts_file = file.with_suffix(".json")
    try:
        facts = _LocalFacts.of(json.loads(facts_file.read_text(encoding="utf-8")))
        text = None if facts.text is None else _TextFacts.of(facts.text, "text").half(file.parent)
    except OSError as error:
        raise EncoderError(f"{facts_file}: {error.strerror}; it must describe {file.name}") from error
    except (TypeError, ValueError) as error:
        raise EncoderError(f"{facts_file}: {error}") from error
    return facts, text


def _rgb(values: Sequence[float]) -> RGB:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
