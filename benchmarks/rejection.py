"""None of these: half of the tags are taught, or all; the library shows all of them; ten fixed splits.

The library is cut in half by chance: one half may serve as unlabelled library at training, the other is judged. A
second set of images, if given, shows nothing that was ever taught. Calibration is that of the winning tag, over all
splits.
"""

import argparse
import random
from pathlib import Path
from statistics import mean

import numpy as np

from common import embed
from tagsmith import TagClassifier
from tagsmith.learning.quality import measure_calibration
from tagsmith.vision.encoders import find_encoder

SPLITS = range(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("other", type=Path, nargs="?", help="a folder per tag of other images")
    parser.add_argument("--keep", type=Path, help="keep embeddings in this folder, and use them if they are there")
    options = parser.parse_args()
    encoder = find_encoder("standard")
    teach, library = (embed(options.data / part, encoder, options.keep) for part in ("teach", "library"))
    other = embed(options.other, encoder, options.keep).vectors if options.other else np.empty((0, encoder.dimension))
    print("taught  examples  library  precision  recall  false tags  on others  prevalence  calibration error (chance)")
    for taught in ("half", "all"):
        for count in (10, 30):
            for background in (False, True):
                row = judged(teach, library, other, count=count, all_taught=taught == "all", background=background)
                print(f"{taught:6}  {count:8}  {'yes' if background else 'no':7}  {row}", flush=True)


def judged(teach, library, other, *, count, all_taught, background):
    results, confidences, rights = [], [], []
    for split in SPLITS:
        chance = random.Random(split)
        tags = sorted(set(teach.tags))
        taught = chance.sample(tags, len(tags) // 2)
        order = chance.sample(range(len(library.tags)), len(library.tags))
        images, rest = order[: len(order) // 2], order[len(order) // 2 :]
        rows = teach.draw(split % 5, count, only=tags if all_taught else taught)
        model = TagClassifier().fit(
            teach.vectors[rows], teach.tags[rows], background=library.vectors[rest] if background else None
        )
        X, truth = library.vectors[images], library.tags[images]
        shows = truth[:, None] == model.classes_
        given, best = model.apply(X), model.predict(X)
        confidences.append(model.confidence(X)[np.arange(len(X)), np.searchsorted(model.classes_, best)])
        rights.append(best == truth)
        strangers = ~shows.any(axis=1)
        results.append((
            (given & shows).sum() / max(given.sum(), 1),
            (given & shows).sum() / (~strangers).sum(),
            given[strangers].any(axis=1).mean() if strangers.any() else float("nan"),
            model.apply(other).any(axis=1).mean() if len(other) else float("nan"),
            model.prevalence_,
        ))  # fmt: skip
    precision, recall, false, on_others, prevalence = (mean(column) for column in zip(*results, strict=True))
    error = measure_calibration(np.concatenate(confidences), np.concatenate(rights))
    return (
        f"{precision:9.1%}  {recall:6.1%}  {false:10.1%}  {on_others:9.1%}  {prevalence:10.2f}"
        f"  {error.error:17.3f} ({error.noise_floor:.3f})"
    )


if __name__ == "__main__":
    main()
