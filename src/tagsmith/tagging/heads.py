"""The live versions as something to score vectors with, and the rules of who may give which tag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from tagsmith.curation.selectors import Pairs
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.learning.panel import Panel
from tagsmith.learning.scoring import STEPS, Scorer
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import load_version
from tagsmith.training.models import Version
from tagsmith.training.selectors import live_versions, owners

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Ints = NDArray[np.intp]
Products = tuple[Floats, Floats, Floats]
Chosen = tuple[Ints, Ints, Floats]  # rows, columns, confidences

REMEMBERED = 200  # versions; they never change, and one is a few megabytes at most


@dataclass(frozen=True)
class Head:
    """One live version: how it decides, and which of its tags it may give.

    Attributes
    ----------
    tags
        (tags,) ids of its columns, by what they have been merged into since.
    may_give
        (tags,): the version owns the tag, and the tag is neither blocked nor deleted.
    """

    version: int
    model: int
    scorer: Scorer
    thresholds: Floats
    tags: Ids
    may_give: Bools


@dataclass(frozen=True)
class Board:
    """The live versions that read the vectors of one encoder."""

    encoder: StoredEncoder
    heads: tuple[Head, ...]

    def wanted(self, ids: Ids, vectors: NDArray[np.float32], said: Pairs, refused: Pairs) -> Iterator["Wanted"]:
        """Yield, for each version, the smart tags that these assets should have of it, by what people said."""
        panel = _panel(tuple(head.version for head in self.heads))
        for head, products in zip(self.heads, panel.products(vectors), strict=True):
            yield wanted_tags(head, ids, products, allowed(head, ids, said, refused))


@dataclass(frozen=True)
class Wanted:
    """Smart tags that assets should have, in columns: row i is one."""

    assets: Ids
    tags: Ids
    models: Ids
    versions: Ids
    confidences: NDArray[np.int16]


def live_boards() -> list[Board]:
    """Return the live versions by the encoder whose vectors they read."""
    owning = owners()
    present = dict(Tag.objects.values_list("pk", Coalesce("merged_into", "pk")))
    usable = set(Tag.objects.filter(deleted__isnull=True, blocked=False).values_list("pk", flat=True))
    boards: dict[StoredEncoder, list[Head]] = {}
    for version in live_versions().select_related("encoder").defer("content"):
        tags = [present[column] for column in version.columns]
        may_give = [owning.get(tag) == version.pk and tag in usable for tag in tags]
        scorer, thresholds = _learned(version.pk)
        head = Head(version.pk, version.model_id, scorer, thresholds, np.array(tags, np.int64), np.array(may_give))
        boards.setdefault(version.encoder, []).append(head)
    return [Board(encoder, tuple(heads)) for encoder, heads in boards.items()]


def wanted_tags(head: Head, ids: Ids, products: Products, allowed: Bools) -> Wanted:
    """Return the smart tags that assets should have of one version.

    Parameters
    ----------
    head
        The version.
    ids
        (assets,).
    products
        What the version says, as `Panel.products` gives it.
    allowed
        (assets, tags): what it may give where. The next best of an exclusive model takes the place of a rejected
        tag only past its own threshold.
    """
    choose = _chosen_one if head.scorer.exclusive else _chosen
    rows, columns, confidences = choose(head, products, allowed)
    return Wanted(
        ids[rows],
        head.tags[columns],
        np.full(len(rows), head.model),
        np.full(len(rows), head.version),
        np.round(confidences * STEPS).astype(np.int16),
    )


def _chosen_one(head: Head, products: Products, allowed: Bools) -> Chosen:
    """Choose the best allowed tag of each asset, if it passes: no other's confidence matters."""
    best = np.where(allowed, products[0], -np.inf).argmax(axis=1)
    confidences = head.scorer.judge_one(*products, best)
    passed = allowed[np.arange(len(best)), best] & (confidences >= head.thresholds[best])
    return np.flatnonzero(passed), best[passed], confidences[passed]


def _chosen(head: Head, products: Products, allowed: Bools) -> Chosen:
    """Choose every allowed tag that passes."""
    confidences = head.scorer.judge(*products)
    given = allowed & (confidences >= head.thresholds)
    if len(set(head.tags.tolist())) < len(head.tags):
        given &= _best_of_merged(head.tags, confidences)
    rows, columns = np.nonzero(given)
    return rows, columns, confidences[rows, columns]


def allowed(head: Head, ids: Ids, said: Pairs, refused: Pairs) -> Bools:
    """Return (assets, tags): what the version may give where, as people have it.

    A rejected tag does not come back. A tag that a person set silences the other tags of its exclusive model there.
    """
    result = np.tile(head.may_give, (len(ids), 1))
    if not (said or refused):
        return result
    rows = {int(asset): row for row, asset in enumerate(ids)}
    for asset, tag in refused:
        if asset in rows:
            result[rows[asset], head.tags == tag] = False
    for asset, tag in said:
        columns = head.tags == tag
        if asset in rows and columns.any():
            result[rows[asset], slice(None) if head.scorer.exclusive else columns] = False
    return result


def _best_of_merged(tags: Ids, confidences: Floats) -> Bools:
    """Return (assets, tags): of columns that have become one tag, the most confident."""
    result = np.ones_like(confidences, dtype=bool)
    for tag in set(tags.tolist()):
        columns = np.flatnonzero(tags == tag)
        result[:, columns] = False
        result[np.arange(len(result)), columns[confidences[:, columns].argmax(axis=1)]] = True
    return result


@lru_cache(REMEMBERED)
def _learned(version: int) -> tuple[Scorer, Floats]:
    classifier = load_version(Version.objects.select_related("model").get(pk=version)).classifier
    return classifier.scorer_, classifier.thresholds_


@lru_cache(4)
def _panel(versions: Sequence[int]) -> Panel:
    return Panel([_learned(version)[0] for version in versions])
