"""How a trained tag model becomes a document and arrays, and again a tag model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tagsmith.atomic import write_whole
from tagsmith.errors import ModelFileError
from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.examples import Examples
from tagsmith.learning.head import Linear
from tagsmith.learning.model_file import dump_model, load_model
from tagsmith.learning.quality import Calibration, Quality, Share, TagQuality
from tagsmith.learning.scoring import Scorer
from tagsmith.learning.thresholds import Support
from tagsmith.vision.files import shown

Document = Mapping[str, Any]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class SavedModel:
    """All of a trained tag model but the loaded encoder."""

    encoder_id: str
    encoder_name: str
    classifier: TagClassifier
    examples: Examples


def write_saved(path: Path, saved: SavedModel) -> None:
    """Write one file, whole or not at all; raises WriteError."""
    write_whole(path, dump_saved(saved))


def dump_saved(saved: SavedModel) -> bytes:
    """Return the bytes of the model's file."""
    classifier, scorer = saved.classifier, saved.classifier.scorer_
    counts = [len(rows) for rows in saved.examples.vectors.values()]
    document = {
        "encoder": saved.encoder_id,
        "encoder_name": saved.encoder_name,
        "tags": [str(tag) for tag in classifier.classes_],
        "settings": classifier.get_params(),
        "quality": _quality_document(classifier.quality_),
        "examples": [[shown(Path(name.name)) for name in names] for names in saved.examples.names.values()],
    }
    arrays = {
        "choice.weights": scorer.choice.weights,
        "choice.bias": scorer.choice.bias,
        "presence.weights": scorer.presence.weights,
        "presence.bias": scorer.presence.bias,
        "centres": scorer.centres,
        "typical": scorer.typical,
        "coefficients": scorer.coefficients,
        "intercepts": scorer.intercepts,
        "scalars": np.array([scorer.least_likeness, classifier.prevalence_]),
        "thresholds": classifier.thresholds_,
        "suggest_thresholds": classifier.suggest_thresholds_,
        "example_counts": np.array(counts, np.int64),
        "example_vectors": np.concatenate(list(saved.examples.vectors.values())).astype(np.float16),
    }
    return dump_model(document, arrays)


def read_saved(path: Path) -> SavedModel:
    """Return what the file holds; raises ModelFileError with the reason where it does not fit."""
    try:
        with path.open("rb") as file:
            return load_saved(file, str(path))
    except OSError as error:
        raise ModelFileError("{path}: {reason}", path=path, reason=error.strerror) from error


def load_saved(file: BinaryIO, name: str) -> SavedModel:
    """Return what a model file holds; `name` stands for it in messages. Raises ModelFileError."""
    document, arrays = load_model(file, name)
    try:
        classifier = _classifier(document, arrays)
        return SavedModel(
            str(document["encoder"]), str(document["encoder_name"]), classifier, _examples(document, arrays)
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise ModelFileError("{name}: its parts do not fit together ({reason})", name=name, reason=error) from error


def _classifier(document: Document, arrays: Arrays) -> TagClassifier:
    classifier = TagClassifier(**document["settings"])
    classifier.classes_ = np.array(document["tags"])
    _check_arrays(arrays, len(classifier.classes_), exclusive=classifier.exclusive)
    classifier.n_features_in_ = arrays["centres"].shape[1]
    classifier.thresholds_ = arrays["thresholds"]
    classifier.suggest_thresholds_ = arrays["suggest_thresholds"]
    classifier.prevalence_ = float(arrays["scalars"][1])
    classifier.quality_ = _quality(document["quality"])
    classifier.scorer_ = Scorer(
        exclusive=classifier.exclusive,
        choice=Linear(arrays["choice.weights"], arrays["choice.bias"]),
        presence=Linear(arrays["presence.weights"], arrays["presence.bias"]),
        centres=arrays["centres"],
        typical=arrays["typical"],
        least_likeness=float(arrays["scalars"][0]),
        coefficients=arrays["coefficients"],
        intercepts=arrays["intercepts"],
    )
    return classifier


def _check_arrays(arrays: Arrays, tags: int, *, exclusive: bool) -> None:
    dimensions = arrays["centres"].shape[1]
    factors, kinds = (2, 3) if exclusive else (1, 2)
    shapes = {
        "choice.weights": (tags, dimensions),
        "choice.bias": (tags,),
        "presence.weights": (tags, dimensions),
        "presence.bias": (tags,),
        "centres": (tags, dimensions),
        "typical": (tags,),
        "coefficients": (factors, kinds),
        "intercepts": (factors,),
        "scalars": (2,),
        "thresholds": (tags,),
        "suggest_thresholds": (tags,),
    }
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.float64:
            raise ValueError(f"{name}: {array.dtype} of shape {array.shape}, not float64 of shape {shape}")
        if "thresholds" not in name and not np.isfinite(array).all():
            raise ValueError(f"{name}: not finite")


def _examples(document: Document, arrays: Arrays) -> Examples:
    counts, vectors = arrays["example_counts"], arrays["example_vectors"]
    tags = document["tags"]
    names = [[Path(name) for name in names] for names in document["examples"]]
    if counts.tolist() != [len(of_tag) for of_tag in names]:
        raise ValueError("the examples' names and counts differ")
    if vectors.shape != (counts.sum(), arrays["centres"].shape[1]):
        raise ValueError(f"example_vectors of shape {vectors.shape} for {counts.sum()} examples")
    parts = np.split(vectors.astype(np.float32), np.cumsum(counts)[:-1])
    return Examples(dict(zip(tags, names, strict=True)), dict(zip(tags, parts, strict=True)))


def _quality_document(quality: Quality) -> dict[str, Any]:
    document = asdict(quality)
    document["confusion"] = quality.confusion.tolist()
    return document


def _quality(document: Document) -> Quality:
    fields = dict(document)
    fields["tags"] = tuple(
        TagQuality(
            **{
                **tag,
                "precision": Share(**tag["precision"]),
                "recall": Share(**tag["recall"]),
                "support": Support(tag["support"]),
            }
        )
        for tag in fields["tags"]
    )
    fields["choice"], fields["false_tags"] = Share(**fields["choice"]), Share(**fields["false_tags"])
    fields["confusion"] = np.array(fields["confusion"], np.intp)
    fields["calibration"] = Calibration(**fields["calibration"]) if fields["calibration"] else None
    return Quality(**fields)
