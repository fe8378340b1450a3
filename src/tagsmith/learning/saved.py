"""How a trained tag model becomes a document and arrays, and again a tag model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagsmith.errors import ModelFileError
from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.examples import Examples
from tagsmith.learning.head import Linear
from tagsmith.learning.model_file import read_model_file, write_model_file
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
    classifier, scorer = saved.classifier, saved.classifier.scorer_
    counts = [len(rows) for rows in saved.examples.vectors.values()]
    document = {
        "encoder": saved.encoder_id,
        "encoder_name": saved.encoder_name,
        "tags": [str(tag) for tag in classifier.classes_],
        "settings": classifier.get_params(),
        "quality": _quality_document(classifier.quality_),
        "examples": [[shown(name) for name in names] for names in saved.examples.names.values()],
    }
    arrays = {
        "choice.weights": scorer.choice.weights,
        "choice.bias": scorer.choice.bias,
        "presence.weights": scorer.presence.weights,
        "presence.bias": scorer.presence.bias,
        "centres": scorer.centres,
        "typical": scorer.typical,
        "coefficients": scorer.coefficients,
        "scalars": np.array([scorer.least_likeness, scorer.intercept]),
        "thresholds": classifier.thresholds_,
        "example_counts": np.array(counts, np.int64),
        "example_vectors": np.concatenate(list(saved.examples.vectors.values())).astype(np.float16),
    }
    write_model_file(path, document, arrays)


def read_saved(path: Path) -> SavedModel:
    """Return what the file holds; raises ModelFileError with the reason where it does not fit."""
    document, arrays = read_model_file(path)
    try:
        classifier = _classifier(document, arrays)
        return SavedModel(
            str(document["encoder"]), str(document["encoder_name"]), classifier, _examples(document, arrays)
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelFileError(f"{path}: its parts do not fit together ({error})") from error


def _classifier(document: Document, arrays: Arrays) -> TagClassifier:
    classifier = TagClassifier(**document["settings"])
    classifier.classes_ = np.array(document["tags"])
    classifier.n_features_in_ = arrays["centres"].shape[1]
    classifier.thresholds_ = arrays["thresholds"]
    classifier.quality_ = _quality(document["quality"])
    classifier.scorer_ = Scorer(
        exclusive=classifier.exclusive,
        choice=Linear(arrays["choice.weights"], arrays["choice.bias"]),
        presence=Linear(arrays["presence.weights"], arrays["presence.bias"]),
        centres=arrays["centres"],
        typical=arrays["typical"],
        least_likeness=float(arrays["scalars"][0]),
        coefficients=arrays["coefficients"],
        intercept=float(arrays["scalars"][1]),
    )
    _check_shapes(classifier)
    return classifier


def _check_shapes(classifier: TagClassifier) -> None:
    tags, dimensions, scorer = len(classifier.classes_), classifier.n_features_in_, classifier.scorer_
    for weights in (scorer.choice.weights, scorer.presence.weights, scorer.centres):
        if weights.shape != (tags, dimensions):
            raise ValueError(f"weights of shape {weights.shape} for {tags} tags")
    for row in (scorer.choice.bias, scorer.presence.bias, scorer.typical, classifier.thresholds_):
        if row.shape != (tags,):
            raise ValueError(f"{row.shape} numbers for {tags} tags")


def _examples(document: Document, arrays: Arrays) -> Examples:
    ends = np.cumsum(arrays["example_counts"])[:-1]
    parts = np.split(arrays["example_vectors"].astype(np.float32), ends)
    tags = document["tags"]
    names = [[Path(name) for name in names] for names in document["examples"]]
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
