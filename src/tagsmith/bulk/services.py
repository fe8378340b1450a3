"""Beginning an act on very many assets, and taking one back; going on with it, so that it can be watched and survives.

Most acts are done part by part. Each part is a transaction with the note of how far it is, so that whoever goes on
after a crash does nothing twice. Edits of metadata are all or none: one transaction, with notes beside it.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tagsmith.accounts.models import Person
from tagsmith.assets.scope import Scope
from tagsmith.audit.services import refuse_undone
from tagsmith.bulk.doing import PARTS, WHOLES
from tagsmith.bulk.models import Act, Kind
from tagsmith.bulk.noting import noting
from tagsmith.bulk.touched import TOUCHED
from tagsmith.tagging.scopes import written

AT_ONCE = 500  # assets; more are done in the background
PART = 1000
SHOWN = timedelta(minutes=10)  # after its end
KEPT = timedelta(days=1)


def begin(
    scope: Scope,
    person: Person,
    kind: Kind,
    assets: Collection[int],
    *,
    unit: UUID | None = None,
    **details: Any,
) -> Act:
    """Note what a person does to these assets, and what else has to be known; whoever calls enqueues the job."""
    Act.objects.filter(ended__lt=timezone.now() - KEPT).delete()
    return Act.objects.create(
        unit=unit or uuid4(),
        kind=kind,
        details=details,
        person=person,
        scope=written(scope),
        assets=sorted(assets),
        total=len(assets),
    )


def begin_undo(scope: Scope, person: Person, kind: Kind, unit: UUID) -> Act | None:
    """Note that a person takes a unit back, if that is too much to be done at once; else return None.

    Raises
    ------
    ConflictError
        It was taken back before.
    """
    assets = TOUCHED[kind](unit)
    if len(assets) <= AT_ONCE:
        return None
    if kind is not Kind.UNDO_EDIT:  # of which what was left alone can still be taken back
        refuse_undone(unit)
    return begin(scope, person, kind, assets, unit=unit)


def go_on(number: int) -> bool:
    """Do the next part, or all at once where it is all or none; return whether there is another."""
    row = Act.objects.select_related("person").filter(pk=number, ended=None).first()
    if row is None:
        return False
    if row.kind in WHOLES:
        _do_all(row)
        return False
    return _do_part(number)


def fail(number: int, reason: str) -> None:
    """Say why the rest is not done; what is done stays, and can be taken back."""
    Act.objects.filter(pk=number, ended=None).update(ended=timezone.now(), failure=reason)


def recent(person: Person) -> QuerySet[Act]:
    """Return what is being done for a person, and what was not long ago, the newest first."""
    is_shown = Q(ended=None) | Q(ended__gt=timezone.now() - SHOWN)
    return Act.objects.filter(is_shown, person=person).defer("assets").order_by("-pk")


@transaction.atomic
def _do_part(number: int) -> bool:
    rows = Act.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(pk=number, ended=None).first()
    if row is None:
        return False
    row.changed += PARTS[Kind(row.kind)](row, row.assets[row.done : row.done + PART])
    row.done = min(row.done + PART, row.total)
    row.ended = timezone.now() if row.done == row.total else None
    row.save(update_fields=("done", "changed", "ended"))
    return row.ended is None


def _do_all(row: Act) -> None:
    with noting(row) as advance, transaction.atomic():
        changed, left = WHOLES[Kind(row.kind)](row, advance)
        over = {"done": F("total"), "changed": changed, "left": left, "ended": timezone.now()}
        if not Act.objects.filter(pk=row.pk, ended=None).update(**over):
            transaction.set_rollback(True)  # another worker has done it meanwhile
