"""Deciding on thousands of suggestions, and taking that back: part by part, so that it can be watched and survives.

Each part is a transaction with the note of how far it is, so that whoever goes on after a crash does nothing twice.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tagsmith.accounts.models import Person
from tagsmith.assets.scope import Scope
from tagsmith.audit.services import Actor, refuse_undone
from tagsmith.tagging import review
from tagsmith.tagging.models import Decision
from tagsmith.tagging.moderation import moderated, undo_moderation
from tagsmith.tagging.review import Pair
from tagsmith.tagging.scopes import read, written

AT_ONCE = 500  # more are done in the background
PART = 1000
SHOWN = timedelta(minutes=10)  # after its end
KEPT = timedelta(days=1)


def begin(scope: Scope, person: Person, act: Decision.Act, pairs: Collection[Pair]) -> Decision:
    """Note what a person decided on these suggestions; whoever calls enqueues the job."""
    Decision.objects.filter(ended__lt=timezone.now() - KEPT).delete()
    assets, tags = (list(column) for column in zip(*sorted(pairs), strict=True))
    return Decision.objects.create(
        unit=uuid4(), act=act, person=person, scope=written(scope), assets=assets, tags=tags, total=len(assets)
    )


def begin_undo(scope: Scope, person: Person, unit: UUID) -> Decision:
    """Note that a person takes a unit back; whoever calls enqueues the job. Raises ConflictError if it was before."""
    refuse_undone(unit)
    assets = list(moderated(unit).order_by("subject_id").values_list("subject_id", flat=True).distinct())
    return Decision.objects.create(
        unit=unit, act=Decision.Act.UNDO, person=person, scope=written(scope), assets=assets, total=len(assets)
    )


@transaction.atomic
def go_on(number: int) -> bool:
    """Do the next part; return whether there is another."""
    row = (
        Decision.objects.select_for_update(of=("self",)).select_related("person").filter(pk=number, ended=None).first()
    )
    if row is None:
        return False
    row.decided += _decide(row, slice(row.done, row.done + PART))
    row.done = min(row.done + PART, row.total)
    row.ended = timezone.now() if row.done == row.total else None
    row.save(update_fields=("done", "decided", "ended"))
    return row.ended is None


def fail(number: int, reason: str) -> None:
    """Say why the rest is not done; what is done stays, and can be taken back."""
    Decision.objects.filter(pk=number, ended=None).update(ended=timezone.now(), failure=reason)


def recent(person: Person) -> QuerySet[Decision]:
    """Return what is being done for a person, and what was not long ago, the newest first."""
    is_shown = Q(ended=None) | Q(ended__gt=timezone.now() - SHOWN)
    return Decision.objects.filter(is_shown, person=person).defer("assets", "tags").order_by("-pk")


def _decide(row: Decision, part: slice) -> int:
    scope, actor = read(row.scope), Actor(row.person) if row.person else Actor(name="review")
    if row.act == Decision.Act.UNDO:
        return undo_moderation(scope, actor, row.unit, row.assets[part])
    act = review.accept if row.act == Decision.Act.ACCEPT else review.reject
    return act(scope, actor, list(zip(row.assets[part], row.tags[part], strict=True)), row.unit).count
