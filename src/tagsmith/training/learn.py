"""One training: from stored vectors to a new version. No image file is opened."""

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import Max, QuerySet, UUIDField, Value
from django.db.models.functions import NullIf

from tagsmith.audit.services import Actor
from tagsmith.embeddings.models import StoredEncoder
from tagsmith.embeddings.selectors import read_all, read_sample
from tagsmith.errors import ExamplesError
from tagsmith.learning.classifier import BACKGROUND_LIMIT, TagClassifier
from tagsmith.learning.examples import Examples, Limits, distinct
from tagsmith.learning.saved import SavedModel, dump_saved, load_saved
from tagsmith.sentences import say
from tagsmith.taxonomy.services.changing import changing
from tagsmith.training.corrections import promotions, rejections
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.training.selectors import taught_tags
from tagsmith.training.services import check_serves, publish
from tagsmith.vision.stream import Encoded

MACHINE = Actor(name="training")

Lesson = tuple[int, int, Path]  # tag, asset, and its path


@dataclass(frozen=True)
class TrainingSettings:
    """What a training needs of the settings: the encoder that serves, and the limits."""

    encoder: StoredEncoder
    encoder_name: str
    limits: Limits


def train(model: TagModel, settings: TrainingSettings, token: UUID | None = None) -> Version | None:
    """Train a tag model from its examples, and publish the version unless the model waits for a review.

    With the `token` of a training that is waited for, nothing happens if it has ended or another is waited for.

    Returns
    -------
    Version or None
        None if nothing happened, or the examples break a rule; the model then says why, and the live version stays
        live.

    Raises
    ------
    ConflictError
        Another encoder serves since it began. Nothing was changed.
    """
    if not waiting(model, token).exists():
        return None
    tags = taught_tags(model)
    try:
        saved = learn(model, tags, settings)
    except ExamplesError as error:
        fail(model, error.sentence, token)
        return None
    columns = [tags[key] for key in saved.examples.tags]  # by the keys of then: one may be renamed meanwhile
    return _keep(model, saved, columns, settings.encoder, token)


def fail(model: TagModel, reason: str, token: UUID | None = None) -> None:
    """Say why a training came to nothing; the live version stays live."""
    waiting(model, token).update(training=TagModel.Training.FAILED, failure=reason, token=_ended(token))


def waiting(model: TagModel, token: UUID | None) -> QuerySet[TagModel]:
    """Return the model, if it waits for this training; without a token, in any case."""
    rows = TagModel.objects.filter(pk=model.pk)
    return rows if token is None else rows.filter(token=token)


def _ended(token: UUID | None) -> NullIf:
    """Take this training's token away; one that is waited for besides keeps its own."""
    return NullIf("token", Value(token, UUIDField()))


def load_version(version: Version) -> SavedModel:
    """Return what a version learned."""
    return load_saved(io.BytesIO(version.content), f"{version.model.title}, version {version.number}")


def learn(model: TagModel, tags: Mapping[str, int], settings: TrainingSettings) -> SavedModel:
    """Return what a tag model's examples teach, its tags given by key; raises ExamplesError. Nothing is stored."""
    lessons, examples = _checked(model, tags, settings)
    refused = set(rejections(tags.values()).values_list("asset_id", flat=True)) if model.learn_from_people else set()
    refused -= {asset for _, asset, _ in lessons}
    X, Y = examples.as_matrices()
    _, rejected = read_all(settings.encoder, sorted(refused)[:BACKGROUND_LIMIT])
    background = read_sample(settings.encoder, BACKGROUND_LIMIT, without={asset for _, asset, _ in lessons})
    classifier = TagClassifier(
        exclusive=model.exclusive,
        target_precision=model.target_precision,
        suggest_precision=model.suggest_precision,
        prevalence=model.prevalence,
    )
    classifier.fit(
        X,
        Y,
        background=background if len(background) else None,
        classes=examples.tags,
        rejected=rejected if len(rejected) else None,
    )
    return SavedModel(settings.encoder.identifier, settings.encoder_name, classifier, examples)


def check_trainable(model: TagModel, settings: TrainingSettings) -> None:
    """Raise ExamplesError, as a training would, that names each tag with too few or too many different examples."""
    _checked(model, taught_tags(model), settings)


def _checked(model: TagModel, tags: Mapping[str, int], settings: TrainingSettings) -> tuple[list[Lesson], Examples]:
    lessons = _lessons(model, tags, settings.limits.max_examples)
    examples = _examples(lessons, tags, exclusive=model.exclusive, encoder=settings.encoder)
    settings.limits.check({tag: len(rows) for tag, rows in examples.vectors.items()})
    return lessons, examples


def _lessons(model: TagModel, tags: Mapping[str, int], limit: int) -> list[Lesson]:
    """Return the model's examples, and as far as these are fewer than `limit` a tag, what people said besides."""
    rows = Example.objects.filter(model=model, tag__in=tags.values()).select_related("asset__folder")
    lessons = [(row.tag_id, row.asset_id, Path(row.asset.path)) for row in rows.order_by("tag_id", "asset_id")]
    counts = Counter(tag for tag, _, _ in lessons)
    for said in promotions(model, tags.values()) if model.learn_from_people else ():
        if counts[said.tag_id] < limit:
            counts[said.tag_id] += 1
            lessons.append((said.tag_id, said.asset_id, Path(said.asset.path)))
    return lessons


def _examples(lessons: list[Lesson], tags: Mapping[str, int], *, exclusive: bool, encoder: StoredEncoder) -> Examples:
    """Return the different examples by tag key; those without a vector are left out and named."""
    keys = {pk: key for key, pk in tags.items()}
    ids, block = read_all(encoder, {asset for _, asset, _ in lessons})
    vectors = dict(zip(ids.tolist(), block, strict=True))
    encoded: dict[str, list[Encoded]] = {key: [] for key in tags}
    for tag, asset, path in lessons:
        vector = vectors.get(asset)
        encoded[keys[tag]].append(Encoded(path, vector, "" if vector is not None else say("has not been prepared")))
    return distinct(encoded, exclusive=exclusive)


def _keep(
    model: TagModel, saved: SavedModel, columns: list[int], encoder: StoredEncoder, token: UUID | None
) -> Version | None:
    with changing():  # before any row is locked, as publishing needs it
        locked = waiting(model, token).select_for_update().first()
        if locked is None:
            return None  # another worker was quicker
        check_serves(encoder)
        version = add_version(locked, saved, columns, encoder)
        TagModel.objects.filter(pk=model.pk).update(training=TagModel.Training.DONE, failure="", token=_ended(token))
        return version if locked.review_before_publishing else publish(MACHINE, version)


def add_version(model: TagModel, saved: SavedModel, columns: list[int], encoder: StoredEncoder) -> Version:
    """Add a version, which is not live, to a model whose row is locked."""
    number = (model.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = Version.objects.create(
        model=model, number=number, encoder=encoder, content=dump_saved(saved), columns=columns
    )
    version.tags.set(columns)
    return version
