"""Training the live versions anew for an encoder that is to serve: each gets a successor, held back until then."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet

from tagsmith.embeddings.models import EncoderChange
from tagsmith.errors import ExamplesError
from tagsmith.learning.saved import SavedModel
from tagsmith.training.learn import TrainingSettings, add_version, learn
from tagsmith.training.models import Successor, TagModel, Version
from tagsmith.training.selectors import taught_tags


@dataclass(frozen=True)
class Learned:
    """What a training gave, and the ids of its tags in the order of its columns."""

    saved: SavedModel
    columns: list[int]


def live_successors(change: EncoderChange) -> QuerySet[Successor]:
    """Return what was made of the versions that are live now, in the order in which these went live."""
    rows = Successor.objects.select_related("model", "version__encoder").filter(change=change, of__live=True)
    return rows.order_by("of__published", "of")


def to_renew(change: EncoderChange) -> list[int]:
    """Return the models whose live version was not trained for the encoder of a change, nor tried to be."""
    settled = live_successors(change).values("model_id")
    rows = Version.objects.filter(live=True).exclude(model__in=settled)
    return list(rows.order_by("model").values_list("model_id", flat=True))


def undecided(change: EncoderChange) -> QuerySet[Successor]:
    """Return the live versions that could not be trained anew, and of which nobody has said that they may go."""
    return live_successors(change).filter(version=None, leave=False)


def renew(change: EncoderChange, model: TagModel, settings: TrainingSettings) -> None:
    """Train a model for the encoder of a change, from its examples as they are now; its live version stays live.

    Titles, precisions to aim at and thresholds set by hand are the model's, and hold for whichever version serves.
    """
    live = Version.objects.filter(model=model, live=True).first()
    if live is None or model.pk not in to_renew(change):
        return
    coming = replace(settings, encoder=change.encoder, encoder_name=change.encoder.shown)
    tags = taught_tags(model)
    try:
        saved = learn(model, tags, coming)
    except ExamplesError as error:
        settle(change, live, error.sentence)
    else:
        settle(change, live, Learned(saved, [tags[key] for key in saved.examples.tags]))


@transaction.atomic
def settle(change: EncoderChange, live: Version, learned: Learned | str) -> None:
    """Hold what was learned in place of a live version, or note why nothing was; not for a change that has ended."""
    is_open = EncoderChange.objects.select_for_update().filter(pk=change.pk, state=EncoderChange.State.OPEN).exists()
    model = TagModel.objects.select_for_update().get(pk=live.model_id)
    is_live = Version.objects.filter(pk=live.pk, live=True).exists()
    if not is_open or not is_live or model.pk not in to_renew(change):
        return  # it is over, or another worker was quicker, or the model was trained by a person meanwhile
    Version.objects.filter(pk__in=Successor.objects.filter(change=change, model=model).values("version")).delete()
    version, failure = None, ""
    if isinstance(learned, str):
        failure = learned
    else:
        version = add_version(model, learned.saved, learned.columns, change.encoder)
    known = {"of": live, "version": version, "failure": failure}
    Successor.objects.update_or_create(change=change, model=model, defaults=known)


def give_up_renewal(reason: str, change: int, model: int) -> None:
    """Note that a training for an encoder that is to serve was given up, in the caller's transaction."""
    found = EncoderChange.objects.filter(pk=change).first()
    live = Version.objects.filter(model=model, live=True).first()
    if found is not None and live is not None:
        settle(found, live, reason)
