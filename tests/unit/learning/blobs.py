"""Made-up embeddings whose tags are known, for tests that need no image."""

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.classifier import TagClassifier

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

DIMENSIONS = 32


def blobs(tags: int = 4, each: int = 12, *, first: int = 0, spread: float = 1.0, seed: int = 0) -> tuple[Floats, Ints]:
    """Images scattered around one centre per tag, far from each other; `first` is the number of the first centre."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(tags), each)
    X = spread * rng.normal(size=(len(labels), DIMENSIONS))
    X[np.arange(len(labels)), first + labels] += 7
    return X, labels


def indicator(labels: Ints) -> NDArray[np.bool_]:
    """(images, tags) of which image shows which tag."""
    return labels[:, None] == np.arange(labels.max() + 1)


def taught(**settings: float) -> TagClassifier:
    """A tag classifier that knows the four tags of `blobs`."""
    return TagClassifier(**settings).fit(*blobs())
