"""A person who labels what is suggested, against one who labels images by chance; and what clusters and outlooks say.

Of each folder-per-tag set ten images a tag are taught; of the others 60 % are the pool that is labelled from, in rounds
up to 20, 50 and 100, and 40 % are judged. Once all tags are taught, once half of them: of the others the person then
says "none".
"""

import random
import sys
from pathlib import Path
from statistics import mean

import numpy as np

from common import DRAWS, embed, macro_accuracy
from tagsmith import TagClassifier
from tagsmith.learning.clusters import find_clusters
from tagsmith.learning.labelling import worth_labelling
from tagsmith.learning.outlook import look_ahead
from tagsmith.vision.encoders import find_encoder

ROUNDS = (20, 30, 50)
TAUGHT, BACKGROUND = 10, 100
LEAST, MOST = 30, 300  # images of a tag: others are left out


def main(root: Path, keep: Path | None) -> None:
    data = capped(embed(root, find_encoder("standard"), keep))
    print(f"{root}: {len(data.tags)} images of {len(set(data.tags))} tags")
    print("taught  chosen by   labels  right tag  average precision  smart tags' recall")
    for half in (False, True):
        label(data, half=half)
    clusters(data)
    outlooks(data)


def capped(data):
    rows = data.draw(1, MOST)
    return data.rows([row for row in rows if (data.tags == data.tags[row]).sum() >= LEAST])


def label(data, *, half):
    found = {}
    for seed in DRAWS:
        taught, rows, pool, judged = parts(data, seed, half=half)
        for way in ("chance", "suggestion"):
            labelled, none, left = list(rows), [], list(pool)
            model = fit(data, labelled, none, left)
            for more in (0, *ROUNDS):
                chosen = [left[row] for row in choose(way, model, data.vectors[left], more, seed)]
                left = [row for row in left if row not in set(chosen)]
                labelled += [row for row in chosen if data.tags[row] in taught]
                none += [row for row in chosen if data.tags[row] not in taught]
                model = fit(data, labelled, none, left) if more else model
                key = (way, len(labelled) + len(none) - len(rows))
                found.setdefault(key, []).append(measures(model, data, judged, taught))
    for (way, labels), results in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        right, precision, recall = (mean(column) for column in zip(*results, strict=True))
        print(
            f"{'half' if half else 'all':6}  {way:10}  {labels:6}  {right:9.1%}  {precision:17.1%}  {recall:18.1%}",
            flush=True,
        )


def parts(data, seed, *, half):
    chance, tags = random.Random(seed), sorted(set(data.tags))
    taught = chance.sample(tags, len(tags) // 2) if half else tags
    rows = data.draw(seed, TAUGHT, only=taught)
    rest = chance.sample(sorted(set(range(len(data.tags))) - set(rows.tolist())), len(data.tags) - len(rows))
    cut = round(0.6 * len(rest))
    return taught, rows.tolist(), rest[:cut], rest[cut:]


def fit(data, labelled, none, left):
    sample = random.Random(0).sample(left, min(BACKGROUND, len(left)))
    rejected = data.vectors[none] if none else None
    return TagClassifier().fit(
        data.vectors[labelled], data.tags[labelled], background=data.vectors[sample], rejected=rejected
    )


def choose(way, model, vectors, count, seed):
    if way == "chance":
        return random.Random(seed).sample(range(len(vectors)), count)
    return worth_labelling(model.scorer_, vectors, count)


def measures(model, data, rows, taught):
    X, tags = data.vectors[rows], data.tags[rows]
    shown, truth = np.isin(tags, taught), tags[:, None] == model.classes_
    right = macro_accuracy(model.predict(X[shown]), tags[shown])
    precisions = [average_precision(*pair) for pair in zip(model.confidence(X).T, truth.T, strict=True)]
    return right, mean(precisions), float((model.apply(X) & truth).sum() / truth.sum())


def average_precision(scores, truth):
    hits = truth[np.argsort(-scores, kind="stable")]
    return float((hits.cumsum() / np.arange(1, len(hits) + 1))[hits].mean())


def clusters(data):
    """How pure the groups are among what half of the tags, taught with 20 images each, leave untagged."""
    rows = []
    for seed in DRAWS:
        tags = sorted(set(data.tags))
        taught = data.draw(seed, 20, only=random.Random(seed).sample(tags, len(tags) // 2))
        rest = np.setdiff1d(np.arange(len(data.tags)), taught)
        model = TagClassifier().fit(data.vectors[taught], data.tags[taught])
        library = random.Random(seed).sample(range(len(data.tags)), min(1000, len(data.tags)))
        untagged = rest[~model.apply(data.vectors[rest]).any(axis=1)]
        found = [
            data.tags[untagged[cluster.members]]
            for cluster in find_clusters(data.vectors[untagged], data.vectors[library])
        ]
        sizes, most = [len(one) for one in found], [max(np.unique(one, return_counts=True)[1]) for one in found]
        rows.append((len(untagged), len(found), mean(sizes), sum(most) / sum(sizes)))
    untagged, count, size, purity = (mean(column) for column in zip(*rows, strict=True))
    print(
        f"clusters: of {untagged:.0f} untagged images {count:.1f} groups of {size:.0f}; {purity:.1%} show one tag",
        flush=True,
    )


def outlooks(data):
    """How far an outlook from 20 or 30 examples a tag is off what as many more then do."""
    errors, unchanged, silent = [], [], 0
    for seed in DRAWS:
        first = {count: data.draw(seed, count) for count in (20, 30, 50)}
        models = {count: TagClassifier().fit(data.vectors[rows], data.tags[rows]) for count, rows in first.items()}
        for count, then in ((20, 30), (20, 50), (30, 50)):
            X, y = data.vectors[first[count]], data.tags[first[count]]
            outlook = look_ahead(models[count], X, y[:, None] == models[count].classes_, len(first[then]) - len(y))
            real = models[then].quality_.macro_accuracy
            if outlook is None:
                silent += 1
            else:
                errors.append(abs(outlook.then - real))
                unchanged.append(abs(outlook.now - real))
    off = f"off by {mean(errors):.1%}; to expect no change, by {mean(unchanged):.1%}" if errors else ""
    print(f"outlooks: {len(errors)} given, {silent} withheld; {off}", flush=True)


if __name__ == "__main__":
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    for argument in sys.argv[1 : sys.argv.index("--keep") if kept else None]:
        main(Path(argument), kept)
