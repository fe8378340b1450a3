"""The background work of training, also for an encoder that is to serve. What it needs is given once."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction

from tagsmith.audit.services import Actor, record
from tagsmith.embeddings.models import EncoderChange
from tagsmith.errors import ConflictError
from tagsmith.queue.port import job
from tagsmith.training import encoder_change, learn
from tagsmith.training.learn import TrainingSettings
from tagsmith.training.models import TagModel, Version
from tagsmith.training.renewal import give_up_renewal
from tagsmith.training.renewal import renew as renew_model
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


def train_now(model: TagModel, token: UUID | None = None) -> Version | None:
    """Train a tag model as `learn.train` does; once more if another encoder serves when it is done."""
    while True:
        settings = current()
        try:
            return learn.train(model, settings, token)
        except ConflictError:
            if current().encoder == settings.encoder:
                raise


@job("training.train", given_up=give_up_training)
def train(model: int, token: str) -> None:
    """Train a tag model, if that training is still waited for."""
    found = TagModel.objects.filter(pk=model).first()
    if found is not None:
        train_now(found, UUID(token))


@transaction.atomic
def enqueue_training(actor: Actor, model: TagModel) -> None:
    """Ask for a tag model to be trained; it is pending until then. One that already waits is not asked for again."""
    TagModel.objects.select_for_update().get(pk=model.pk)
    token = uuid4()
    if train.enqueue(once=f"train tag model {model.pk}", model=model.pk, token=str(token)) is not None:
        TagModel.objects.filter(pk=model.pk).update(training=TagModel.Training.PENDING, failure="", token=token)
        record(actor, "train", SUBJECT, model.pk)


def go_on_without(reason: str, change: int, model: int) -> None:
    """Leave a model's training for another encoder to a person, and go on with the others."""
    give_up_renewal(reason, change, model)
    go_on(change)


@job("training.renew", given_up=go_on_without)
def renew(change: int, model: int) -> None:
    """Train a tag model for the encoder that is to serve, if that is still waited for, and see what comes next."""
    found = EncoderChange.objects.select_related("encoder").get(pk=change)
    if found.state == EncoderChange.State.OPEN:
        renew_model(found, TagModel.objects.get(pk=model), current())
    go_on(change)


def go_on(change: int) -> None:
    """Do what comes next in a change of the encoder. Doing it again changes nothing."""
    for model in encoder_change.go_on(change):
        renew.enqueue(once=f"renew tag model {model}", change=change, model=model)
