"""Submitting a tag model: what stands in the way of a training is said at once, not by a training that fails."""

from tagsmith.audit.services import Actor
from tagsmith.training.jobs import current, enqueue_training
from tagsmith.training.learn import check_trainable
from tagsmith.training.models import TagModel


def submit(actor: Actor, model: TagModel) -> None:
    """Ask for a tag model to be trained; it is pending until then.

    Raises
    ------
    ExamplesError
        There are too few or too many tags or different examples; the message names each tag and its count.
    """
    check_trainable(model, current())
    enqueue_training(actor, model)
