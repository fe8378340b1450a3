"""What to label next for a tag model: the library's images of which its live version is least sure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.selectors import read_all
from tagsmith.errors import NotFoundError
from tagsmith.learning.classifier import spread_evenly
from tagsmith.learning.labelling import worth_labelling
from tagsmith.learning.outlook import Outlook, look_ahead
from tagsmith.learning.saved import SavedModel
from tagsmith.learning.scoring import Scorer
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import load_version
from tagsmith.training.models import Example, TagModel, Version

COUNT = 20
SAMPLE = 5000  # images among which the choice is made, spread evenly over the library

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Doubtful:
    """An asset of which a version is not sure: the tag that it finds likeliest, and the one that comes next."""

    asset: Asset
    tag: Tag
    rival: Tag


@dataclass(frozen=True)
class Advice:
    """What to label next, the most useful first, and what as many labels would do; None where that cannot be said."""

    version: Version
    assets: list[Doubtful]
    outlook: Outlook | None


def what_to_label(scope: Scope, model: TagModel, *, count: int = COUNT) -> Advice:
    """Return the assets whose label would teach a tag model most: nobody has said yet what they show.

    Raises
    ------
    NotFoundError
        The model has no live version.
    """
    version = model.versions.select_related("model", "encoder").filter(live=True).first()
    if version is None:
        raise NotFoundError(f"{model.title!r}: no version is live; train it first")
    saved = load_version(version)
    ids, vectors = read_all(version.encoder, spread_evenly(_unsaid(scope, version), SAMPLE))
    scorer = saved.classifier.scorer_
    rows = worth_labelling(scorer, vectors, count)
    assets = list(_doubtful(version, scorer, ids[rows].tolist(), vectors[rows]))
    return Advice(version, assets, _outlook(saved, len(assets)))


def _unsaid(scope: Scope, version: Version) -> list[int]:
    """Return the assets that teach nothing in the model, and of whose tags nobody set or rejected any there."""
    rows: QuerySet[Asset] = live_assets(scope).filter(state=State.READY)
    for said in (
        Example.objects.filter(model=version.model_id),
        HumanTag.objects.filter(tag__in=version.columns),
        Rejection.objects.filter(tag__in=version.columns),
    ):
        rows = rows.exclude(Exists(said.filter(asset=OuterRef("pk"))))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _doubtful(version: Version, scorer: Scorer, ids: list[int], vectors: Singles) -> Iterator[Doubtful]:
    assets = Asset.objects.select_related("folder").in_bulk(ids)
    tags = Tag.objects.in_bulk(version.columns)
    best = np.argsort(-scorer.probabilities(vectors.astype(np.float64)), axis=1)
    for pk, columns in zip(ids, best[:, :2], strict=True):
        tag, rival = (tags[version.columns[column]] for column in columns)
        yield Doubtful(assets[pk], tag, rival)


def _outlook(saved: SavedModel, more: int) -> Outlook | None:
    X, Y = saved.examples.as_matrices()
    return look_ahead(saved.classifier, X, Y, more)
