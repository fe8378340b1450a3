"""What the benchmarks share: sets of embeddings from a folder per tag, draws, and plain rows of output."""

import random
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.examples import read_example_tree
from tagsmith.vision.cache import default_cache
from tagsmith.vision.encoders import Encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import encode_files

DRAWS = range(5)


@dataclass(frozen=True)
class Labelled:
    """Embeddings of labelled images."""

    names: list[str]
    vectors: NDArray[np.float32]
    tags: NDArray[np.str_]

    def rows(self, rows: list[int]) -> "Labelled":
        """Return some of the images."""
        return Labelled([self.names[row] for row in rows], self.vectors[rows], self.tags[rows])

    def draw(self, seed: int, count: int, only: list[str] | None = None) -> NDArray[np.intp]:
        """Return the rows of `count` images a tag, drawn by chance from the sorted names."""
        chance = random.Random(seed)
        rows: list[int] = []
        for tag in sorted(set(self.tags)):
            members = sorted(np.flatnonzero(self.tags == tag), key=lambda row: self.names[row])
            drawn = chance.sample(members, min(count, len(members)))
            if only is None or tag in only:
                rows += drawn
        return np.array(rows)


def embed(root: Path, encoder: Encoder, keep: Path | None = None) -> Labelled:
    """Return the embeddings of a folder per tag; `keep` is a folder for them, from which the next time is faster."""
    if keep is None:
        return _embedded(root, encoder)
    file = keep / f"{sha256(f'{root.resolve()} {encoder.id}'.encode()).hexdigest()[:16]}.npz"
    if not file.exists():
        made = _embedded(root, encoder)
        keep.mkdir(parents=True, exist_ok=True)
        np.savez(file, names=np.array(made.names), vectors=made.vectors, tags=made.tags)
    with np.load(file) as kept:
        return Labelled(kept["names"].tolist(), kept["vectors"], kept["tags"])


def _embedded(root: Path, encoder: Encoder) -> Labelled:
    session = EncoderSession(encoder, default_cache())
    tree = read_example_tree(root)
    pairs = [(path, tag) for tag, paths in tree.tags.items() for path in paths]
    encoded = list(encode_files(session, (path for path, _ in pairs)))
    kept = [(item, tag) for item, (_, tag) in zip(encoded, pairs, strict=True) if item.vector is not None]
    vectors = np.stack([item.vector for item, _ in kept if item.vector is not None])
    return Labelled([item.path.name for item, _ in kept], vectors, np.array([tag for _, tag in kept]))


def macro_accuracy(predicted: NDArray[np.str_], truth: NDArray[np.str_]) -> float:
    """Return the mean over the tags of the share that is right."""
    return mean(float((predicted[truth == tag] == tag).mean()) for tag in sorted(set(truth)))
