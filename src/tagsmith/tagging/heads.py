"""The live versions as something to score vectors with, and the rules of who may give which tag."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.curation.selectors import Pairs
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.learning.scoring import STEPS, Scorer
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import load_version
from tagsmith.training.models import Version
from tagsmith.training.selectors import live_versions, owners

Bools = NDArray[np.bool_]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """One live version: its learned numbers, and which of its tags it may give.

    Attributes
    ----------
    tags
        (tags,) ids of its columns.
    may_give
        (tags,): the version owns the tag, and the tag is neither blocked nor deleted.
    """

    version: Version
    scorer: Scorer
    thresholds: NDArray[np.float64]
    tags: Ids
    may_give: Bools


@dataclass(frozen=True)
class Wanted:
    """A smart tag that an asset should have."""

    asset: int
    tag: int
    model: int
    version: int
    confidence: int


def live_heads() -> dict[StoredEncoder, list[Head]]:
    """Return the live versions by the encoder whose vectors they read."""
    owning = owners()
    usable = set(Tag.objects.filter(deleted__isnull=True, blocked=False).values_list("pk", flat=True))
    heads: dict[StoredEncoder, list[Head]] = defaultdict(list)
    for version in live_versions().select_related("encoder"):
        classifier = load_version(version).classifier
        may_give = [owning.get(tag) == version.pk and tag in usable for tag in version.columns]
        heads[version.encoder].append(
            Head(version, classifier.scorer_, classifier.thresholds_, np.array(version.columns), np.array(may_give))
        )
    return heads


def wanted_tags(
    head: Head, ids: Ids, vectors: NDArray[np.floating], set_by_people: Pairs, rejected: Pairs
) -> list[Wanted]:
    """Return the smart tags that these assets should have of one version, by what people said.

    A tag that a person set silences the other tags of its exclusive model on that asset. A rejected tag does not come
    back; the next best of an exclusive model takes its place only past its own threshold.
    """
    X = vectors.astype(np.float64)
    confidences = head.scorer.confidences(X)
    allowed = _allowed(head, ids, set_by_people, rejected)
    given = allowed & (confidences >= head.thresholds)
    if head.scorer.exclusive:
        choice = np.where(allowed, head.scorer.choice.scores(X), -np.inf)
        best = np.zeros_like(given)
        best[np.arange(len(ids)), choice.argmax(axis=1)] = True
        given &= best
    return [
        Wanted(
            asset=int(ids[row]),
            tag=int(head.tags[column]),
            model=head.version.model_id,
            version=head.version.pk,
            confidence=round(confidences[row, column] * STEPS),
        )
        for row, column in zip(*np.nonzero(given), strict=True)
    ]


def _allowed(head: Head, ids: Ids, set_by_people: Pairs, rejected: Pairs) -> Bools:
    """Return (assets, tags): what the version may give where, as people have it."""
    rows = {int(asset): row for row, asset in enumerate(ids)}
    columns = {int(tag): column for column, tag in enumerate(head.tags)}
    allowed = np.tile(head.may_give, (len(ids), 1))
    for asset, tag in rejected:
        if asset in rows and tag in columns:
            allowed[rows[asset], columns[tag]] = False
    for asset, tag in set_by_people:
        if asset in rows and tag in columns:
            silenced = slice(None) if head.scorer.exclusive else columns[tag]
            allowed[rows[asset], silenced] = False
    return allowed
