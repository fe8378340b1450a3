"""The background work of this room."""

from tagsmith.bulk import services
from tagsmith.bulk.models import Act
from tagsmith.errors import BadInputError, ConflictError, NotFoundError
from tagsmith.queue.port import FIRST, job


def give_up_act(reason: str, act: int) -> None:
    """End an act that was given up; what is done stays."""
    services.fail(act, reason)


@job("bulk.act", priority=FIRST, given_up=give_up_act)
def do_act(act: int) -> None:
    """Do what a person does to many assets, from where it is; what cannot be done ends it, and is no failed job."""
    try:
        while services.go_on(act):
            pass
    except (BadInputError, ConflictError, NotFoundError) as error:
        services.fail(act, error.sentence)


def enqueue_act(act: Act) -> None:
    """Ask for an act to be done: somebody waits for it."""
    do_act.enqueue(act=act.pk)
