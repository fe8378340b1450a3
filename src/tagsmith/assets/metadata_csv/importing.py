"""What a file says into the library: all of it or nothing, as one unit that can be taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from tagsmith.assets.metadata_csv.cells import CUSTOM, is_same, present, read, shown
from tagsmith.assets.metadata_csv.matching import matched
from tagsmith.assets.metadata_csv.reading import Line, Sheet
from tagsmith.assets.scope import Scope
from tagsmith.assets.services.bulk_edit import EDITED, REVERTED, Edited, carry_out
from tagsmith.assets.services.writing import Outlook, Planned, Row, outlook
from tagsmith.audit.models import Entry
from tagsmith.audit.services import Actor
from tagsmith.errors import ConflictError, LibraryError
from tagsmith.sentences import say
from tagsmith.sheets import Problems

CHANGING = (EDITED, REVERTED, "asset.replaced")
MARGIN = timedelta(seconds=5)  # the log is written a little after the change that it tells of


@dataclass(frozen=True)
class Options:
    """What an import does with an empty cell, and with what was changed since the file was written."""

    clear: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class Findings:
    """What an import would do.

    `empty` counts cells that are empty where something is stored; `elsewhere` rows whose asset has another path than
    the file says: it was moved or renamed since, or the file is another library's.
    """

    outlook: Outlook
    empty: int
    elsewhere: int


def preview_import(scope: Scope, actor: Actor, sheet: Sheet, options: Options) -> Findings:
    """Return what an import would do; raises LibraryError as `import_metadata` does."""
    lines = matched(scope, sheet)
    plan = _Import(actor, lines, options)
    found = outlook(scope, sorted(lines), plan)
    plan.check()
    return Findings(found, plan.empty, plan.elsewhere)


@transaction.atomic
def import_metadata(scope: Scope, actor: Actor, sheet: Sheet, options: Options, *, seen: str = "") -> Edited:
    """Write what a file says of assets.

    Raises
    ------
    LibraryError
        A line is about no asset, or about the same as another, or the asset was changed since the file was written;
        the message names every such line, up to 20.
    ConflictError
        `seen`, the state of a preview, is not what it would be now.
    """
    lines = matched(scope, sheet)
    plan = _Import(actor, lines, options)
    done = carry_out(scope, actor, sorted(lines), plan, seen=seen)
    plan.check()
    return done


class _Import:
    """Plans what the lines say of their assets, and notes what is in the way."""

    def __init__(self, actor: Actor, lines: Mapping[int, Line], options: Options) -> None:
        self._actor, self._lines, self._options = actor, lines, options
        self._missing = set(lines)
        self._problems = Problems()
        self.empty = self.elsewhere = 0

    def __call__(self, rows: Sequence[Row]) -> Iterator[Planned]:
        planned = []
        for row in rows:
            line = self._lines[row.asset]
            self._missing.discard(row.asset)
            self.elsewhere += bool(line.path) and line.path != row.path
            if new := self._new(line, row):
                planned.append(Planned(row, new))
        if not self._options.overwrite:
            self._look_for_conflicts([one.row for one in planned])
        return iter(planned)

    def check(self) -> None:
        """Raise an error if anything was in the way."""
        self._problems.check(LibraryError)
        if self._missing:
            raise ConflictError("some of the assets were deleted meanwhile; nothing was imported")

    def _look_for_conflicts(self, rows: Sequence[Row]) -> None:
        """Note which of the assets somebody else has changed since the file was written."""
        known = {row.asset: row.path for row in rows if _is_later(row, self._lines[row.asset])}
        entries = Entry.objects.filter(subject="asset", subject_id__in=list(known), action__in=CHANGING)
        others = entries.exclude(actor_name=self._actor.shown).order_by("at", "pk")
        for asset, entry in {entry.subject_id: entry for entry in others}.items():
            line = self._lines[asset]
            if line.modified and entry.at > line.modified + MARGIN:
                said = {"path": known[asset], "who": entry.actor_name, "at": f"{entry.at:%Y-%m-%d %H:%M}"}
                problem = say("{path} was changed by {who} at {at} UTC, after the file was written", **said)
                self._problems.add(line.number, problem)

    def _new(self, line: Line, row: Row) -> dict[str, Any]:
        """Return the new values of the fields that a line changes."""
        new: dict[str, Any] = {}
        for name, cell in line.cells.items():
            now = present(name, row.values)
            if is_same(cell, shown(name, now)):
                continue
            if not cell.strip():
                self.empty += bool(shown(name, now))
            if cell.strip() or self._options.clear:
                _set(new, row, name, read(name, cell, now) if cell.strip() else None)
        return {name: value for name, value in new.items() if value != row.values[name]}


def _is_later(row: Row, line: Line) -> bool:
    return line.modified is not None and row.modified > line.modified


def _set(new: dict[str, Any], row: Row, name: str, value: Any) -> None:
    """Note a new value; None clears the field."""
    if not name.startswith(CUSTOM):
        new[name] = value if value is not None or name == "captured" else [] if name == "keywords" else ""
        return
    custom = new.setdefault("custom", dict(row.values["custom"]))
    if value is None:
        custom.pop(name[len(CUSTOM) :], None)
    else:
        custom[name[len(CUSTOM) :]] = value
