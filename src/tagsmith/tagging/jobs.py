"""The background work of this room: looking for groups that might be worth a tag, deciding on many suggestions."""

from uuid import UUID

from django.db import transaction

from tagsmith.assets.scope import Scope
from tagsmith.queue.port import FIRST, job
from tagsmith.tagging import deciding, grouping
from tagsmith.tagging.models import Decision


def give_up_search(reason: str, search: int, token: str) -> None:
    """Fail a search that was given up; what was found before stays."""
    grouping.fail_search(search, UUID(token), reason)


@job("tagging.find_groups", given_up=give_up_search)
def find_groups(search: int, token: str) -> None:
    """Look for groups, if that is still waited for."""
    grouping.end_search(search, UUID(token))


def give_up_decision(reason: str, decision: int) -> None:
    """End a decision that was given up; what is done stays."""
    deciding.fail(decision, reason)


@job("tagging.decide", priority=FIRST, given_up=give_up_decision)
def decide(decision: int) -> None:
    """Do what a person decided on many suggestions, from where it is."""
    while deciding.go_on(decision):
        pass


def enqueue_decision(decision: Decision) -> None:
    """Ask for a decision to be done: somebody waits for it."""
    decide.enqueue(decision=decision.pk)


@transaction.atomic
def enqueue_search(scope: Scope) -> None:
    """Ask for groups to be looked for in what a scope sees; one that waits is not asked for again."""
    before = grouping.last_search(scope)
    if before is None or before.token is None:
        search = grouping.begin_search(scope)
        find_groups.enqueue(search=search.pk, token=str(search.token))
