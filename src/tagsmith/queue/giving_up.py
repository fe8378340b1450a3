"""What ends when a job is given up: each job may name a function that ends what waits for it."""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

from tagsmith.errors import TagsmithError, WriteError
from tagsmith.sentences import say

GivenUp = Callable[..., None]

ATTEMPTS = 5  # how often a job is begun before it is given up: its workers died, or the database was away
PASSING = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, WriteError)

_known: dict[str, GivenUp] = {}


def register(name: str, given_up: GivenUp) -> None:
    """Say what is to be called, with a reason and the job's arguments, when a job of this name is given up."""
    _known[name] = given_up


def give_up(name: str, reason: str, arguments: Mapping[str, Any]) -> None:
    """End what waits for a job, in a transaction of its own. It may be called again after a crash."""
    if name in _known:
        close_old_connections()  # what the job broke
        with transaction.atomic():
            _known[name](reason, **arguments)


def is_tried_again(error: BaseException, begun: int) -> bool:
    """Whether a job that was begun so often before is done again after this error: what passes, a few times."""
    return isinstance(error, PASSING) and begun + 1 < ATTEMPTS


def reason_of(error: BaseException) -> str:
    """Return an error as people are told it: those of Tagsmith speak for themselves, the others stay in the log."""
    if isinstance(error, TagsmithError):
        return error.sentence
    if isinstance(error, PASSING):
        return say("the database could not be reached, or refused")
    return say("something unexpected went wrong; the worker's log says what")
