"""None of these: half of the tags are taught, the library shows all of them, ten fixed splits.

The library is cut in half by chance: one half may serve as unlabelled background, the other is judged. A second
set of images, if given, shows nothing that was ever taught.
"""

import random
import sys
from pathlib import Path
from statistics import mean

import numpy as np

from common import embed
from tagsmith import TagClassifier
from tagsmith.learning.quality import measure_calibration
from tagsmith.vision.encoders import find_encoder

SPLITS = range(10)
BACKGROUND = 300


def main(data: Path, other: Path | None) -> None:
    encoder = find_encoder("standard")
    teach, library = embed(data / "teach", encoder), embed(data / "library", encoder)
    strangers = embed(other, encoder).vectors if other else np.empty((0, encoder.dimension))
    print("examples  background  precision  recall  false tags  on other images  calibration error (chance)")
    for count in (10, 30):
        for background in (0, BACKGROUND):
            print(f"{count:8}  {background:10}  {row(teach, library, strangers, count, background)}", flush=True)


def row(teach, library, strangers, count, background):
    results = []
    for split in SPLITS:
        chance = random.Random(split)
        taught = chance.sample(sorted(set(teach.tags)), len(set(teach.tags)) // 2)
        order = chance.sample(range(len(library.tags)), len(library.tags))
        judged, others = order[: len(order) // 2], order[len(order) // 2 :][:background]
        rows = teach.draw(split % 5, count, only=taught)
        model = TagClassifier().fit(
            teach.vectors[rows], teach.tags[rows], background=library.vectors[others] if background else None
        )
        X, truth = library.vectors[judged], library.tags[judged]
        quality = model.judge(X, truth[:, None] == model.classes_)
        given = model.apply(X)
        right = given & (truth[:, None] == model.classes_)
        best = model.predict(X)
        confidence = model.confidence(X)[np.arange(len(X)), np.searchsorted(model.classes_, best)]
        calibration = measure_calibration(confidence, best == truth)
        results.append((
            right.sum() / max(given.sum(), 1),
            right.sum() / np.isin(truth, taught).sum(),
            quality.false_tags.value,
            model.apply(strangers).any(axis=1).mean() if len(strangers) else float("nan"),
            calibration.error,
            calibration.noise_floor,
        ))  # fmt: skip
    precision, recall, false, other, error, floor = (mean(column) for column in zip(*results, strict=True))
    return f"{precision:9.1%}  {recall:6.1%}  {false:10.1%}  {other:15.1%}  {error:17.3f} ({floor:.3f})"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
