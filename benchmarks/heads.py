"""Which head: forced choice on the rest of each set, by heads that see the same teaching images.

A set is a folder with `teach/TAG/*` and `library/TAG/*`, or a folder per tag, of which half of each tag's images
(at most 50) teach and the others are tagged. The peers choose their strength by left-out teaching images alone.
The last two rows learn from the unlabelled library too: all of it shows taught tags, or only every fifth tag is taught.
"""

import argparse
import random
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from common import DRAWS, Labelled, embed, macro_accuracy
from tagsmith import TagClassifier
from tagsmith.learning.head import fit_discriminant, fit_ridge, tag_means
from tagsmith.learning.scoring import directions
from tagsmith.vision.encoders import LITE2, Encoder, View, find_encoder

SQUASHED = replace(
    LITE2,
    outputs=replace(LITE2.outputs, square_root=False),
    preprocessing=replace(LITE2.preprocessing, keep_aspect=False),
)
PLAIN = Encoder("plain lite2, squashed to 260 × 260", (View(SQUASHED, 260, 1280),))
PENALTIES = (0.1, 0.3, 1.0, 3.0)
STRENGTHS = {"C": [1.0, 10.0, 100.0]}
FEWEST, MOST = 20, 50  # images of a tag that a set is cut from

Chosen = np.ndarray  # labels of the rows to be tagged
Head = Callable[[np.ndarray, np.ndarray, np.ndarray], Chosen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--keep", type=Path, help="keep embeddings in this folder, and use them if they are there")
    options = parser.parse_args()
    standard = find_encoder("standard")
    means: dict[tuple[str, int], list[float]] = {}
    for root in options.sets:
        plain, ours = (parts(root, encoder, options.keep) for encoder in (PLAIN, standard))
        for count in (10, 30):
            print(
                f"{root.name}, {count} examples of {len(set(ours[0].tags))} tags, {len(ours[1].tags)} images",
                flush=True,
            )
            found = {"logistic regression, plain lite2": accuracy(*plain, count, logistic)}
            found |= {name: accuracy(*ours, count, head) for name, head in HEADS.items()}
            found["ours, few tags of the library taught"] = few_taught(*ours, count)
            for name, value in found.items():
                means.setdefault((name, count), []).append(value)
                print(f"  {name:40} {value:7.1%}", flush=True)
    print("mean of the sets")
    for (name, count), values in means.items():
        print(f"  {name:40} {count:3} {mean(values):7.1%}")


def parts(root: Path, encoder: Encoder, keep: Path | None) -> tuple[Labelled, Labelled]:
    """Return what teaches and what is tagged."""
    if (root / "teach").is_dir():
        return embed(root / "teach", encoder, keep), embed(root / "library", encoder, keep)
    whole = embed(root, encoder, keep)
    teach: list[int] = []
    library: list[int] = []
    chance = random.Random(0)
    for tag in sorted(set(whole.tags)):
        rows = sorted(np.flatnonzero(whole.tags == tag), key=lambda row: whole.names[row])
        if len(rows) >= FEWEST:
            chance.shuffle(rows)
            half = min(len(rows) // 2, MOST)
            teach += rows[:half]
            library += rows[half:]
    return whole.rows(teach), whole.rows(library)


def accuracy(teach: Labelled, library: Labelled, count: int, head: Head) -> float:
    found = []
    for seed in DRAWS:
        rows = teach.draw(seed, count)
        found.append(macro_accuracy(head(teach.vectors[rows], teach.tags[rows], library.vectors), library.tags))
    return mean(found)


def few_taught(teach: Labelled, library: Labelled, count: int) -> float:
    """Return how much the library, most of which shows no taught tag, changes the accuracy on what does."""
    gains = []
    for seed in DRAWS:
        tags = sorted(set(teach.tags))
        taught = random.Random(seed).sample(tags, max(2, len(tags) // 5))
        rows = teach.draw(seed, count, only=taught)
        shown = np.isin(library.tags, taught)
        alone, helped = (
            TagClassifier().fit(teach.vectors[rows], teach.tags[rows], background=background)
            for background in (None, library.vectors)
        )
        gain = [macro_accuracy(model.predict(library.vectors[shown]), library.tags[shown]) for model in (alone, helped)]
        gains.append(gain[1] - gain[0])
    return mean(gains)


def nearest_mean(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    labels, codes = np.unique(y, return_inverse=True)
    means = tag_means(directions(X.astype(float)), codes, np.ones(len(X)))
    return labels[(images @ directions(means).T).argmax(axis=1)]


def logistic(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GridSearchCV(LogisticRegression(max_iter=300), STRENGTHS, cv=5).fit(X, y).predict(images)


def ridge(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    labels, codes = np.unique(y, return_inverse=True)
    fits = [fit_ridge(X.astype(float), np.eye(len(labels))[codes], np.ones(len(X)), penalty) for penalty in PENALTIES]
    return best(fits, codes, labels, images)


def discriminant(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    labels, codes = np.unique(y, return_inverse=True)
    fits = [fit_discriminant(X.astype(float), codes, np.ones(len(X)), penalty) for penalty in PENALTIES]
    return best(fits, codes, labels, images)


def best(fits: list, codes: np.ndarray, labels: np.ndarray, images: np.ndarray) -> Chosen:
    """Return what the fit says that is right most often of its left-out examples."""
    chosen = max(fits, key=lambda fit: (fit.leave_one_out.argmax(axis=1) == codes).mean())
    return labels[chosen.head.scores(images).argmax(axis=1)]


def ours(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    return TagClassifier().fit(X, y).predict(images)


def ours_with_library(X: np.ndarray, y: np.ndarray, images: np.ndarray) -> Chosen:
    return TagClassifier().fit(X, y, background=images).predict(images)


HEADS: dict[str, Head] = {
    "nearest mean": nearest_mean,
    "logistic regression": logistic,
    "ridge": ridge,
    "shrinkage discriminant": discriminant,
    "ours": ours,
    "ours with the unlabelled library": ours_with_library,
}


if __name__ == "__main__":
    main()
