"""What each kind of act does: to a part of its assets, or to all of them, where it is all or none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tagsmith.assets.edits import Edit, Edits, Mode, checked_edits
from tagsmith.assets.fields import as_logged, as_stored
from tagsmith.assets.models import Asset
from tagsmith.assets.services.assets import move_assets
from tagsmith.assets.services.bulk_edit import edit_assets, undo_edits
from tagsmith.assets.services.trash import restore_assets, trash_assets
from tagsmith.assets.services.undo_moves import undo_some_moves
from tagsmith.assets.services.writing import Advance
from tagsmith.audit.services import Actor, undoing_of
from tagsmith.bulk.models import Act, Kind
from tagsmith.errors import ConflictError
from tagsmith.tagging import moderation
from tagsmith.tagging.scopes import read
from tagsmith.taxonomy.models import Tag

Assets = Sequence[int]
HOW = {
    "set": moderation.set_tag,
    "remove": moderation.remove,
    "promote": moderation.promote,
    "allow": moderation.allow_again,
}


def edits_as_stored(edits: Edits) -> dict[str, Any]:
    """Return edits as an act's details hold them; raises LibraryError for edits that cannot be made."""
    checked = checked_edits(edits)
    return {field: {"mode": edit.mode.value, "value": as_logged(edit.value)} for field, edit in checked.items()}


def _edits(stored: Mapping[str, Any]) -> Edits:
    return {field: Edit(Mode(one["mode"]), as_stored(field, one["value"])) for field, one in stored.items()}


def _tag(row: Act, assets: Assets) -> int:
    tag = Tag.objects.filter(pk=row.details["tag"]).first()
    if tag is None:
        raise ConflictError("{tag} was deleted meanwhile", tag=row.details["key"])
    return HOW[row.details["how"]](read(row.scope), Actor(row.person), assets, tag, row.unit)


def _undo_tag(row: Act, assets: Assets) -> int:
    return moderation.undo_moderation(read(row.scope), Actor(row.person), row.unit, assets)


def _move(row: Act, assets: Assets) -> int:
    return move_assets(read(row.scope), Actor(row.person), assets, row.details["into"], row.unit)


def _undo_move(row: Act, assets: Assets) -> int:
    return undo_some_moves(read(row.scope), Actor(row.person), row.unit, assets)


def _trash(row: Act, assets: Assets) -> int:
    trash_assets(read(row.scope), Actor(row.person), assets, row.unit)
    return Asset.objects.filter(pk__in=assets, trashing=row.unit).count()


def _undo_trash(row: Act, assets: Assets) -> int:
    return restore_assets(read(row.scope), Actor(row.person), assets, undoing_of(row.unit))


def _edit(row: Act, advance: Advance) -> tuple[int, int]:
    edits, seen = _edits(row.details["edits"]), row.details["seen"]
    scope, actor = read(row.scope), Actor(row.person)
    return edit_assets(scope, actor, row.assets, edits, seen=seen, unit=row.unit, advance=advance).count, 0


def _undo_edit(row: Act, advance: Advance) -> tuple[int, int]:
    undone = undo_edits(read(row.scope), Actor(row.person), row.unit, advance)
    return undone.count, undone.left


PARTS: Mapping[Kind, Callable[[Act, Assets], int]] = {
    Kind.TAG: _tag,
    Kind.MOVE: _move,
    Kind.TRASH: _trash,
    Kind.UNDO_TAG: _undo_tag,
    Kind.UNDO_MOVE: _undo_move,
    Kind.UNDO_TRASH: _undo_trash,
}
# of each, how many assets were changed, and how many an undo has left alone
WHOLES: Mapping[Kind, Callable[[Act, Advance], tuple[int, int]]] = {Kind.EDIT: _edit, Kind.UNDO_EDIT: _undo_edit}
