"""Changing the metadata of many assets as one, and taking such a change back. One asset is edited in `assets`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from tagsmith.assets.edits import Edits, applied, checked_edits, restored
from tagsmith.assets.fields import as_stored
from tagsmith.assets.locks import lock_assets
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.services.writing import Advance, Outlook, Plan, Planned, Row, outlook, write
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor, undoing_of
from tagsmith.errors import ConflictError, NotFoundError
from tagsmith.sentences import Sentence, say

EDITED, REVERTED = "asset.edited", "asset.reverted"


@dataclass(frozen=True)
class Edited:
    """How many assets were changed, and the unit that takes it back."""

    count: int
    unit: UUID


@dataclass(frozen=True)
class Undone:
    """On how many assets a change was taken back, and how many keep something because people changed it since."""

    count: int
    left: int


def preview_edits(scope: Scope, assets: Sequence[int], edits: Edits) -> Outlook:
    """Return what edits would change; raises LibraryError for edits that cannot be made."""
    return outlook(scope, assets, _plan(checked_edits(edits)))


def edit_assets(
    scope: Scope,
    actor: Actor,
    assets: Sequence[int],
    edits: Edits,
    *,
    seen: str = "",
    unit: UUID | None = None,
    advance: Advance | None = None,
) -> Edited:
    """Change the metadata of assets, all or none; those that are gone, or not for this caller, are left out.

    `advance` is told how many more are written.

    Raises
    ------
    LibraryError
        The edits cannot be made; the message names the field.
    ConflictError
        `seen`, the state of a preview, is not what it would be now; the message says who changed something.
    """
    plan = _plan(checked_edits(edits))
    return carry_out(scope, actor, assets, plan, seen=seen, unit=unit, advance=advance)


@transaction.atomic
def carry_out(
    scope: Scope,
    actor: Actor,
    assets: Sequence[int],
    plan: Plan,
    *,
    seen: str = "",
    unit: UUID | None = None,
    advance: Advance | None = None,
) -> Edited:
    """Carry a plan out as one unit, unless what was seen of it has changed; raises ConflictError then."""
    unit, there = unit or uuid4(), lock_assets(assets)
    if seen and outlook(scope, there, plan).state != seen:
        raise ConflictError(_last_change(there))
    return Edited(write(scope, actor, EDITED, there, plan, unit=unit, advance=advance), unit)


@transaction.atomic
def undo_edits(scope: Scope, actor: Actor, unit: UUID, advance: Advance | None = None) -> Undone:
    """Take back what was changed as one unit, where nobody has changed it since.

    Raises
    ------
    NotFoundError
        Nothing was changed as this unit, or nothing that the caller may see.
    ConflictError
        It was taken back before.
    """
    back = _Undoing(unit)
    there = lock_assets(edits_left(unit).order_by("subject_id").values_list("subject_id", flat=True))
    count = write(scope, actor, REVERTED, there, back, unit=undoing_of(unit), advance=advance)
    if not back.seen and live_assets(scope).filter(pk__in=_over(unit)).exists():
        raise ConflictError("this was undone before")
    if not back.seen:
        raise NotFoundError(f"no change {unit}")
    return Undone(count, back.left)


def edits_left(unit: UUID) -> QuerySet[Entry]:
    """Return what was changed as one unit and has not been taken back."""
    return _entries(unit).exclude(subject_id__in=_over(unit))


class _Undoing:
    """Plans to take a unit back, and counts what is left alone."""

    def __init__(self, unit: UUID) -> None:
        self._unit = unit
        self.seen = self.left = 0

    def __call__(self, rows: Sequence[Row]) -> Iterator[Planned]:
        entries = _entries(self._unit).filter(subject_id__in=[row.asset for row in rows])
        said = {entry.subject_id: (entry.before or {}, entry.after or {}) for entry in entries}
        for row in rows:
            before, after = said[row.asset]
            new = restored(before, after, row.values)
            final = {**row.values, **new}
            self.seen += 1
            self.left += any(final[name] != as_stored(name, before[name]) for name in after)
            if new:
                yield Planned(row, new)


def _entries(unit: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(unit=unit, subject="asset", action=EDITED)


def _over(unit: UUID) -> QuerySet[Entry, Any]:
    return Entry.objects.filter(unit=undoing_of(unit)).values("subject_id")


def _plan(edits: Edits) -> Plan:
    def plan(rows: Sequence[Row]) -> Iterator[Planned]:
        for row in rows:
            if new := applied(edits, row.values):
                yield Planned(row, new)

    return plan


def _last_change(assets: Sequence[int]) -> Sentence:
    """Say who changed one of the assets last."""
    entries = Entry.objects.filter(subject="asset", subject_id__in=assets, action__startswith="asset.")
    last = entries.order_by("-at", "-pk").first()
    if last is None:
        return say("some of it was changed after you looked: look again at what will change")
    return say(
        "some of it was changed after you looked, the last by {who} at {at} UTC: look again at what will change",
        who=last.actor_name or say("somebody"),
        at=f"{last.at:%Y-%m-%d %H:%M}",
    )
