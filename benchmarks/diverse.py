"""A few tags in a library of many kinds: few of its images show any of them.

Two or five tags of one set are taught; the library is a chance 800 images of all sets, of which nobody says what they
show; all others are judged. Twelve draws, the sets in turn; precision is that of the draws in which any tag is given.
"""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common import embed
from tagsmith import TagClassifier
from tagsmith.learning.quality import measure_calibration
from tagsmith.vision.encoders import find_encoder

LIBRARY = 800  # images
DRAWS = range(12)


@dataclass(frozen=True)
class Draw:
    X: np.ndarray
    y: np.ndarray
    library: np.ndarray
    judged: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Mixed:
    """Images of all sets; a tag is named after the number of its set."""

    vectors: np.ndarray
    tags: np.ndarray
    sets: int

    def draw(self, seed, taught, count):
        """Draw examples of some tags of one set, or of all that have enough images, and a library."""
        chance = random.Random(seed)
        own = [tag for tag in np.unique(self.tags) if tag.startswith(f"{seed % self.sets}:")]
        own = [tag for tag in own if (self.tags == tag).sum() >= 1.5 * count]
        examples = []
        for tag in chance.sample(own, min(taught, len(own))):
            examples += chance.sample(list(np.flatnonzero(self.tags == tag)), count)
        others = sorted(set(range(len(self.tags))) - set(examples))
        chance.shuffle(others)
        parts = examples, others[:LIBRARY], others[LIBRARY:]
        (X, library, judged), (y, _, truth) = ([of[rows] for rows in parts] for of in (self.vectors, self.tags))
        return Draw(X, y, library, judged, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+", help="folders with a folder per tag")
    parser.add_argument("--keep", type=Path, help="keep embeddings in this folder, and use them if they are there")
    options = parser.parse_args()
    sets = [embed(path, find_encoder("standard"), options.keep) for path in options.sets]
    vectors, rows = np.unique(np.concatenate([one.vectors for one in sets]), axis=0, return_index=True)
    named = [f"{number}:{tag}" for number, one in enumerate(sets) for tag in one.tags]
    mixed = Mixed(vectors, np.array(named)[rows], len(sets))
    print("tags  examples  prevalence (estimated)  precision  recall  no tag at all  best recall  calibration error")
    for taught in (2, 5):
        for count in (12, 25):
            print(f"{taught:4}  {count:8}  {judged(mixed.draw(seed, taught, count) for seed in DRAWS)}", flush=True)


def judged(draws):
    results, confidences, rights = [], [], []
    for draw in draws:
        model = TagClassifier().fit(draw.X, draw.y, background=draw.library)
        shows = draw.truth[:, None] == model.classes_
        given, best = model.apply(draw.judged), model.predict(draw.judged)
        confidence = model.confidence(draw.judged)[np.arange(len(best)), np.searchsorted(model.classes_, best)]
        confidences.append(confidence)
        rights.append(best == draw.truth)
        found = (given & shows).sum()
        results.append((
            shows.any(axis=1).mean(),
            model.prevalence_,
            found / given.sum() if given.any() else np.nan,
            found / shows.sum(),
            not given.any(),
            best_recall(confidence, best == draw.truth, shows.sum()),
        ))  # fmt: skip
    prevalence, estimated, precision, recall, none, best = np.nanmean(np.array(results, float), axis=0)
    error = measure_calibration(np.concatenate(confidences), np.concatenate(rights)).error
    return (
        f"{prevalence:10.3f} ({estimated:9.3f})  {precision:9.1%}  {recall:6.1%}  {none:13.0%}"
        f"  {best:11.1%}  {error:17.3f}"
    )


def best_recall(confidence, right, shown, precision=0.9):
    """Return the recall that the one threshold gives which reaches a precision with the most."""
    order = np.argsort(-confidence)
    hits = right[order].cumsum()
    reached = np.flatnonzero(hits >= precision * np.arange(1, len(hits) + 1))
    return hits[reached[-1]] / shown if len(reached) else 0.0


if __name__ == "__main__":
    main()
