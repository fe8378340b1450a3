"""Changing the encoder: the library is encoded and the tag models are trained anew while the old one serves.

Then, in one transaction, the new one serves, and the versions that were held back take the place of the live ones.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tagsmith.audit.services import Actor, record
from tagsmith.embeddings.encoding import backlog, too_many_unencoded, unencoded
from tagsmith.embeddings.jobs import enqueue_encoding
from tagsmith.embeddings.models import EncoderChange, StoredEncoder
from tagsmith.embeddings.serving import Encoders, let_serve, open_change
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.taxonomy.services.changing import changing
from tagsmith.training.models import Successor, TagModel, Version
from tagsmith.training.renewal import live_successors, to_renew, undecided
from tagsmith.training.services import publish

SUBJECT = "encoder"
MACHINE = Actor(name="encoder change")

_retire: list[Callable[[Actor, TagModel], object]] = []


def configure(retire: Callable[[Actor, TagModel], object]) -> None:
    """Say once, where the program is put together, how a model is left without a live version."""
    _retire[:] = [retire]


@dataclass(frozen=True)
class Standing:
    """How far a change is.

    Attributes
    ----------
    encoded, assets
        How many of the assets that had no vector of the encoder have been looked at, and whether that is all.
    unencoded
        How many of all could not be read.
    renewed, models
        How many of the models with a live version have a successor.
    undecided
        What could not be trained, with the reasons: it waits for a person.
    rate, left
        Assets a second since the encoding began, and seconds until its end; None if it has just begun, or is over.
    """

    change: EncoderChange
    encoded: int
    assets: int
    unencoded: int
    renewed: int
    models: int
    undecided: list[Successor]
    rate: float | None
    left: float | None

    @property
    def waits_for_a_person(self) -> bool:
        """Whether nothing more happens by itself."""
        return bool(self.change.failure or (self.undecided and self.renewed + len(self.undecided) >= self.models))


def standing(now: datetime) -> Standing | None:
    """Return how far the change is that is under way; None without one."""
    change = open_change()
    if change is None:
        return None
    lanes = list(change.lanes.all())
    encoded = sum(lane.encoded for lane in lanes)
    is_encoding = encoded > 0 and not all(lane.done for lane in lanes)
    rate = encoded / (now - change.begun).total_seconds() if is_encoding else None
    return Standing(
        change=change,
        encoded=encoded,
        assets=change.assets,
        unencoded=unencoded(change).count(),
        renewed=live_successors(change).exclude(version=None, leave=False).count(),
        models=Version.objects.filter(live=True).count(),
        undecided=list(undecided(change)),
        rate=rate,
        left=max(change.assets - encoded, 0) / rate if rate else None,
    )


def change_encoder(actor: Actor, encoders: Encoders, source: str) -> EncoderChange:
    """Begin to change the encoder that serves to the one of this name, id or .onnx file, in the background.

    Raises
    ------
    ConflictError
        It serves already, or a change is under way.
    EncoderError
        It is unknown, or cannot be had here.
    """
    if open_change():
        raise _under_way()
    serving, encoder = encoders.encoder(), encoders.find(source).encoder
    if encoder == serving:
        raise ConflictError("{encoder} serves already", encoder=encoder.shown)
    with transaction.atomic():
        try:
            with transaction.atomic():
                change = EncoderChange.objects.create(encoder=encoder)
        except IntegrityError:
            raise _under_way() from None
        record(actor, "begin to change", SUBJECT, change.pk, before=_said(serving), after=_said(encoder))
        enqueue_encoding(change)
    return change


@transaction.atomic
def cancel_change(actor: Actor) -> EncoderChange:
    """Leave the encoder as it was; the vectors that were made stay for another time. Raises NotFoundError."""
    change = _locked_change()
    Version.objects.filter(pk__in=change.successors.values("version")).delete()
    change.state, change.ended = EncoderChange.State.CANCELLED, timezone.now()
    change.save(update_fields=("state", "ended"))
    record(actor, "cancel the change", SUBJECT, change.pk, after=_said(change.encoder))
    return change


@transaction.atomic
def retry_change(actor: Actor, *, leave: Collection[TagModel] = (), lenient: bool = False) -> EncoderChange:
    """Try again what could not be read or trained.

    Parameters
    ----------
    actor
        Who does it.
    leave
        Models that shall have no live version once the new encoder serves, if they cannot be trained.
    lenient
        Whether the new encoder shall serve however many files it could not see.

    Raises
    ------
    NotFoundError
        No change is under way.
    ConflictError
        A model to leave is none that could not be trained.
    """
    change = _locked_change()
    failed = Successor.objects.filter(change=change, version=None)
    for model in leave:
        if not failed.filter(model=model, leave=False).update(leave=True):
            raise ConflictError(
                "tag model {number}, {title!r}, is none that waits for a decision", number=model.pk, title=model.title
            )
    failed.filter(leave=False).delete()
    change.unencoded.all().delete()
    change.lenient = change.lenient or lenient
    change.save(update_fields=("lenient",))
    record(actor, "retry the change", SUBJECT, change.pk, after={"leave": [model.title for model in leave]})
    enqueue_encoding(change)
    return change


def go_on(number: int) -> list[int]:
    """Let the new encoder serve if all is ready for it; return the models that are to be trained for it before."""
    change = EncoderChange.objects.select_related("encoder").get(pk=number)
    if change.state != EncoderChange.State.OPEN or change.failure or change.lanes.filter(done=False).exists():
        return []
    if models := to_renew(change):
        return models
    if undecided(change).exists():
        return []
    if reason := too_many_unencoded(change):
        EncoderChange.objects.filter(pk=number).update(failure=reason)
    elif backlog(change).exists():  # of a machine that could not load it
        with transaction.atomic():
            enqueue_encoding(change)
    else:
        return _switch(change)
    return []


def _switch(change: EncoderChange) -> list[int]:
    """Let the new encoder serve, unless something has changed meanwhile that must be seen to first."""
    with changing():  # nobody tags or publishes meanwhile
        waiting = EncoderChange.objects.select_for_update().filter(pk=change.pk, state=EncoderChange.State.OPEN)
        if not waiting.exists() or undecided(change).exists():
            return []
        if models := to_renew(change):
            return models
        let_serve(change.encoder)
        for successor in list(live_successors(change)):  # in this order, so that tags keep their owners
            if successor.version is None:
                _retire[0](MACHINE, successor.model)
            else:
                publish(MACHINE, successor.version)
        waiting.update(state=EncoderChange.State.DONE, ended=timezone.now())
        record(MACHINE, "change", SUBJECT, change.pk, after=_said(change.encoder))
    return []


def _under_way() -> ConflictError:
    return ConflictError(
        "the encoder is being changed: `tagsmith encoder status` says how far that is, "
        "and `tagsmith encoder cancel` leaves it as it was"
    )


def _locked_change() -> EncoderChange:
    rows = EncoderChange.objects.select_related("encoder").select_for_update(of=("self",))
    change = rows.filter(state=EncoderChange.State.OPEN).first()
    if change is None:
        raise NotFoundError("the encoder is not being changed")
    return change


def _said(encoder: StoredEncoder) -> dict[str, str]:
    return {"encoder": encoder.shown, "id": encoder.identifier}
