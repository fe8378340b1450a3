"""The background work of training. What it needs of the settings is given once."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction

from tagsmith.audit.services import Actor, record
from tagsmith.queue.port import job
from tagsmith.training import learn
from tagsmith.training.learn import TrainingSettings
from tagsmith.training.models import TagModel
from tagsmith.training.services import SUBJECT

_current: list[Callable[[], TrainingSettings]] = []


def configure(settings: Callable[[], TrainingSettings]) -> None:
    """Say once, where the program is put together, how a training gets its settings; asked when first needed."""
    _current[:] = [settings]


def current() -> TrainingSettings:
    """Return what a training in this process needs of the settings."""
    return _current[0]()


def give_up_training(reason: str, model: int, token: str) -> None:
    """Fail a training that was given up; the live version stays live."""
    learn.fail(TagModel(pk=model), reason, UUID(token))


@job("training.train", given_up=give_up_training)
def train(model: int, token: str) -> None:
    """Train a tag model, if that training is still waited for."""
    found = TagModel.objects.filter(pk=model).first()
    if found is not None:
        learn.train(found, current(), UUID(token))


@transaction.atomic
def enqueue_training(actor: Actor, model: TagModel) -> None:
    """Ask for a tag model to be trained; it is pending until then. One that already waits is not asked for again."""
    TagModel.objects.select_for_update().get(pk=model.pk)
    token = uuid4()
    if train.enqueue(once=f"train tag model {model.pk}", model=model.pk, token=str(token)) is not None:
        TagModel.objects.filter(pk=model.pk).update(training=TagModel.Training.PENDING, failure="", token=token)
        record(actor, "train", SUBJECT, model.pk)
