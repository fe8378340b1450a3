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
from tagsmith.tagging.difference import Given
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import load_version
from tagsmith.training.models import Version
from tagsmith.training.overrides import NOTHING, Override, overrides
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
    thresholds, suggest_thresholds
        (tags,) confidences from which a tag applies, and from which it is worth a person's look: as a person set
        them, else as the version learned them. NaN stands for never; the latter are never above the former.
    tags
        (tags,) ids of its columns, by what they have been merged into since.
    may_give
        (tags,): the version owns the tag, and the tag is neither blocked nor deleted.
    """

    version: int
    model: int
    scorer: Scorer
    thresholds: Floats
    suggest_thresholds: Floats
    tags: Ids
    may_give: Bools


@dataclass(frozen=True)
class Board:
    """The live versions that read the vectors of one encoder."""

    encoder: StoredEncoder
    heads: tuple[Head, ...]

    def wanted(self, ids: Ids, vectors: NDArray[np.float32], said: Pairs, refused: Pairs) -> Iterator[Given]:
        """Yield, for each version, the smart tags that these assets should have of it, by what people said."""
        for wanted, _ in self.judged(ids, vectors, said, refused):
            yield wanted

    def judged(
        self, ids: Ids, vectors: NDArray[np.float32], said: Pairs, refused: Pairs
    ) -> Iterator[tuple[Given, Given]]:
        """Yield, for each version, the smart tags that these assets should have of it, and what it only suggests."""
        panel = _panel(tuple(head.version for head in self.heads))
        for head, products in zip(self.heads, panel.products(vectors), strict=True):
            yield judged_tags(head, ids, products, allowed(head, ids, said, refused))


def live_boards() -> list[Board]:
    """Return the live versions by the encoder whose vectors they read."""
    return boards_of(list(live_versions()))


def boards_of(versions: Sequence[Version]) -> list[Board]:
    """Return versions by the encoder whose vectors they read, as if just these were live, the latest first."""
    owning, said = owners(versions), overrides({version.model_id for version in versions})
    present = dict(Tag.objects.values_list("pk", Coalesce("merged_into", "pk")))
    usable = set(Tag.objects.filter(deleted__isnull=True, blocked=False).values_list("pk", flat=True))
    boards: dict[StoredEncoder, list[Head]] = {}
    for version in versions:
        tags = [present[column] for column in version.columns]
        may_give = [owning.get(tag) == version.pk and tag in usable for tag in tags]
        scorer, apply, suggest = _learned(version.pk)
        thresholds = _overridden(apply, suggest, [said.get((version.model_id, tag), NOTHING) for tag in tags])
        ids = np.array(tags, np.int64)
        head = Head(version.pk, version.model_id, scorer, *thresholds, ids, np.array(may_give))
        boards.setdefault(version.encoder, []).append(head)
    return [Board(encoder, tuple(heads)) for encoder, heads in boards.items()]


def _overridden(apply: Floats, suggest: Floats, said: Sequence[Override]) -> tuple[Floats, Floats]:
    """Return the thresholds as people have it; what applies need not be suggested."""
    by_hand = np.array([(one.apply_from, one.suggest_from) for one in said], np.float64)  # None becomes NaN
    apply, suggest = np.where(np.isnan(by_hand), np.stack([apply, suggest], axis=1), by_hand).T
    return apply, np.fmin(suggest, apply)


def judged_tags(head: Head, ids: Ids, products: Products, allowed: Bools) -> tuple[Given, Given]:
    """Return the smart tags that assets should have of one version, and those that it only suggests.

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
    applies = confidences >= head.thresholds[columns]
    wanted, suggested = (
        Given(
            ids[rows[those]],
            head.tags[columns[those]],
            np.full(those.sum(), head.model),
            np.full(those.sum(), head.version),
            np.round(confidences[those] * STEPS).astype(np.int64),
        )
        for those in (applies, ~applies)
    )
    return wanted, suggested


def _chosen_one(head: Head, products: Products, allowed: Bools) -> Chosen:
    """Choose the best allowed tag of each asset, if it is worth a look: no other's confidence matters."""
    best = np.where(allowed, products[0], -np.inf).argmax(axis=1)
    confidences = head.scorer.judge_one(*products, best)
    passed = allowed[np.arange(len(best)), best] & (confidences >= head.suggest_thresholds[best])
    return np.flatnonzero(passed), best[passed], confidences[passed]


def _chosen(head: Head, products: Products, allowed: Bools) -> Chosen:
    """Choose every allowed tag that is worth a look."""
    confidences = head.scorer.judge(*products)
    passed = allowed & (confidences >= head.suggest_thresholds)
    if len(set(head.tags.tolist())) < len(head.tags):
        passed &= _best_of_merged(head.tags, confidences)
    rows, columns = np.nonzero(passed)
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
def _learned(version: int) -> tuple[Scorer, Floats, Floats]:
    """Return how a version decides, and its thresholds to apply and to suggest."""
    classifier = load_version(Version.objects.select_related("model").get(pk=version)).classifier
    return classifier.scorer_, classifier.thresholds_, classifier.suggest_thresholds_


@lru_cache(4)
def _panel(versions: Sequence[int]) -> Panel:
    return Panel([_learned(version)[0] for version in versions])
