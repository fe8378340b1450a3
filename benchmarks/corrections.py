"""A simulated curator: how much better a library is tagged after 20, 50 and 100 corrections.

The curator sees what the model is least sure of first, as in the review queue: says yes or no to the best tag of an
image, and where it is no and the image shows another taught tag, sets that one. The model then learns from all of it.
Judged are images that the curator never sees. First all tags are taught, then half of them: of the rest it is only said
what they are not.
"""

import random
import sys
from pathlib import Path
from statistics import mean

import numpy as np

from common import DRAWS, embed, macro_accuracy
from tagsmith import TagClassifier
from tagsmith.vision.encoders import find_encoder

BUDGETS = (0, 20, 50, 100)
BATCH = 10  # corrections between two trainings
EXAMPLES = 10


def main(data: Path, keep: Path | None) -> None:
    encoder = find_encoder("standard")
    teach, library = embed(data / "teach", encoder, keep), embed(data / "library", encoder, keep)
    tags = sorted(set(teach.tags))
    for name, share in (("all", 1.0), ("half", 0.5)):
        results: dict[int, list[tuple[float, float, float]]] = {budget: [] for budget in BUDGETS}
        for seed in DRAWS:
            taught = random.Random(seed).sample(tags, round(len(tags) * share))
            for budget, judged in curated(teach, library, taught, seed).items():
                results[budget].append(judged)
        print(f"{name} tags taught, {EXAMPLES} examples each")
        for budget, rows in results.items():
            choice, precision, recall = (mean(column) for column in zip(*rows, strict=True))
            print(
                f"  {budget:4} corrections: choice {choice:.1%}, precision {precision:.1%}, recall {recall:.1%}",
                flush=True,
            )


def curated(teach, library, taught, seed):
    rows = teach.draw(seed, EXAMPLES, only=taught)
    X, y = teach.vectors[rows], teach.tags[rows]
    order = random.Random(seed).sample(range(len(library.tags)), len(library.tags))
    judged, pool = order[: len(order) // 2], order[len(order) // 2 :]
    refused: list[int] = []
    results = {}
    for done in range(0, max(BUDGETS) + 1, BATCH):
        rest = library.vectors[pool]
        rejected = library.vectors[refused] if refused else None
        model = TagClassifier().fit(X, y, background=library.vectors[pool + refused], rejected=rejected)
        if done in BUDGETS:
            results[done] = quality(model, library.vectors[judged], library.tags[judged], taught)
        seen = [pool[index] for index in doubtful(model, rest)[:BATCH]]
        for row in seen:
            if library.tags[row] != model.predict(library.vectors[row : row + 1])[0]:
                refused.append(row)
            if library.tags[row] in taught:
                X, y = np.vstack([X, library.vectors[row]]), np.append(y, library.tags[row])
                refused = [other for other in refused if other != row]
        pool = [row for row in pool if row not in seen]
    return results


def doubtful(model, images):
    """Return the images by how near the confidence of their best tag is to one half."""
    confidences = model.confidence(images)
    best = model.predict_proba(images).argmax(axis=1)
    return np.argsort(np.abs(confidences[np.arange(len(images)), best] - 0.5), kind="stable")


def quality(model, images, truth, taught):
    shown = np.isin(truth, taught)
    given = model.apply(images)
    right = given & (truth[:, None] == model.classes_)
    choice = macro_accuracy(model.predict(images[shown]), truth[shown])
    return choice, right.sum() / max(given.sum(), 1), right.sum() / shown.sum()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
