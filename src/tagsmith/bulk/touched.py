"""Which assets an undo is about: those that a unit touched, from the audit log and the trash."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from tagsmith.assets.models import Folder
from tagsmith.assets.services.bulk_edit import edits_left
from tagsmith.assets.services.trash import trashed_as
from tagsmith.assets.services.undo_moves import moves
from tagsmith.audit.models import Entry
from tagsmith.bulk.models import Kind
from tagsmith.tagging.moderation import moderated


def _tagged(unit: UUID) -> list[int]:
    return _assets(moderated(unit))


def _moved(unit: UUID) -> list[int]:
    return _assets(moves(unit).filter(action="asset.moved"))


def _trashed(unit: UUID) -> list[int]:
    """Return nothing of a folder's unit: it comes back as a whole, with all that is in it."""
    return [] if Folder.objects.filter(trashing=unit).exists() else trashed_as(unit)


def _edited(unit: UUID) -> list[int]:
    return _assets(edits_left(unit))


def _assets(entries: QuerySet[Entry]) -> list[int]:
    return list(entries.order_by("subject_id").values_list("subject_id", flat=True).distinct())


TOUCHED: Mapping[Kind, Callable[[UUID], list[int]]] = {
    Kind.UNDO_TAG: _tagged,
    Kind.UNDO_MOVE: _moved,
    Kind.UNDO_TRASH: _trashed,
    Kind.UNDO_EDIT: _edited,
}
