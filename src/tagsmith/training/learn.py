"""One training: from stored vectors to a new version. No image file is opened."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import transaction
from django.db.models import Max
from numpy.typing import NDArray  # noqa: TC002

from tagsmith.audit.services import Actor
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.selectors import read_sample, read_vectors
from tagsmith.errors import ExamplesError
from tagsmith.learning.classifier import BACKGROUND_LIMIT, TagClassifier
from tagsmith.learning.examples import Examples, Limits, distinct
from tagsmith.learning.saved import SavedModel, dump_saved, load_saved
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.training.services import publish
from tagsmith.vision.stream import Encoded

MACHINE = Actor(name="training")


@dataclass(frozen=True)
class TrainingSettings:
    """What a training needs of the settings: the encoder that serves, and the limits."""

    encoder: StoredEncoder
    encoder_name: str
    limits: Limits


def train(model: TagModel, settings: TrainingSettings) -> Version | None:
    """Train a tag model from its examples, and publish the version unless the model waits for a review.

    Returns
    -------
    Version or None
        None if the examples break a rule; the model then says why, and the live version stays live.
    """
    try:
        saved = _learn(model, settings)
    except ExamplesError as error:
        TagModel.objects.filter(pk=model.pk).update(training=TagModel.Training.FAILED, failure=str(error))
        return None
    return _keep(model, saved, settings.encoder)


def load_version(version: Version) -> SavedModel:
    """Return what a version learned."""
    return load_saved(io.BytesIO(version.content), f"{version.model.title}, version {version.number}")


def _learn(model: TagModel, settings: TrainingSettings) -> SavedModel:
    examples = _examples(model, settings.encoder)
    settings.limits.check({tag: len(rows) for tag, rows in examples.vectors.items()})
    X, Y = examples.as_matrices()
    teaching = set(model.examples.values_list("asset_id", flat=True))
    background = read_sample(settings.encoder, BACKGROUND_LIMIT, without=teaching)
    classifier = TagClassifier(
        exclusive=model.exclusive, target_precision=model.target_precision, prevalence=model.prevalence
    )
    classifier.fit(X, Y, background=background if len(background) else None, classes=examples.tags)
    return SavedModel(settings.encoder.identifier, settings.encoder_name, classifier, examples)


def _examples(model: TagModel, encoder: StoredEncoder) -> Examples:
    """Return the model's different examples by tag key; those without a vector are left out and named."""
    rows = Example.objects.filter(model=model).select_related("asset__folder", "tag").order_by("tag__key", "asset_id")
    vectors: dict[int, NDArray[np.float32]] = {}
    for ids, block in read_vectors(encoder, sorted({row.asset_id for row in rows})):
        vectors.update(zip(ids.tolist(), block.astype(np.float32), strict=True))
    encoded: dict[str, list[Encoded]] = {key: [] for key in model.taught.values_list("tag__key", flat=True)}
    for row in rows:
        vector = vectors.get(row.asset_id)
        encoded.setdefault(row.tag.key, []).append(
            Encoded(Path(row.asset.path), vector, "" if vector is not None else "has not been prepared")
        )
    return distinct(dict(sorted(encoded.items())), exclusive=model.exclusive)


@transaction.atomic
def _keep(model: TagModel, saved: SavedModel, encoder: StoredEncoder) -> Version:
    locked = TagModel.objects.select_for_update().get(pk=model.pk)
    number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    ids = dict(locked.tags.values_list("key", "pk"))
    columns = [ids[key] for key in saved.examples.tags]
    version = Version.objects.create(
        model=locked, number=number, encoder=encoder, content=dump_saved(saved), columns=columns
    )
    version.tags.set(columns)
    TagModel.objects.filter(pk=model.pk).update(training=TagModel.Training.DONE, failure="")
    return version if locked.review_before_publishing else publish(MACHINE, version)
