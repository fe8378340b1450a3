"""A CSV file of metadata as it is read, before the library is asked: its lines, and all that is wrong with them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from tagsmith.assets.metadata_csv.cells import CUSTOM, FIELDS, ID, MODIFIED, PATH, column, read_moment
from tagsmith.errors import BadInputError, LibraryError
from tagsmith.sentences import say
from tagsmith.sheets import Problems, decoded, rows, unguarded


@dataclass(frozen=True)
class Line:
    """What a file says of one asset: on which line, of which asset, and its cells by column."""

    number: int
    asset: int | None
    path: str
    modified: datetime | None
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The lines of a file, no asset's id twice."""

    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """Return what a file says; its separator is found out, columns are known by their names.

    Raises
    ------
    LibraryError
        With every problem of the file on a line of its own, up to 20.
    """
    problems = Problems()
    try:
        found = rows(decoded(content), problems.add)
    except BadInputError as error:
        raise LibraryError(error.sentence) from error
    number, names = next(found, (1, []))
    columns = _columns(number, names, problems)
    problems.check(LibraryError)
    reading = _Reading(columns, problems)
    for number, row in found:
        reading.read(number, row)
    problems.check(LibraryError)
    return Sheet(tuple(reading.lines))


@dataclass
class _Reading:
    columns: Sequence[str]
    problems: Problems
    lines: list[Line] = field(default_factory=list)
    _known: dict[int, int] = field(default_factory=dict)

    def read(self, number: int, row: Sequence[str]) -> None:
        """Read a row, or note what is wrong with it."""
        if any(cell.strip() for cell in row[len(self.columns) :]):
            count = {"cells": len(row), "columns": len(self.columns)}
            self.problems.add(number, say("{cells} cells, but the first line names {columns}", **count))
        cells = dict(zip(self.columns, map(unguarded, [*row, *[""] * len(self.columns)]), strict=False))
        try:
            line = _line(number, cells)
        except LibraryError as error:
            self.problems.add(number, error.sentence)
            return
        self.lines.append(line)
        if line.asset is not None and self._known.setdefault(line.asset, number) != number:
            place = {"asset": line.asset, "line": self._known[line.asset]}
            self.problems.add(number, say("asset {asset} is on line {line} already", **place))


def _columns(number: int, names: Sequence[str], problems: Problems) -> list[str]:
    """Return the columns by their names; those without one at the end do not count."""
    named = [name for place, name in enumerate(names) if any(one.strip() for one in names[place:])]
    found: list[str] = []
    for name in named:
        try:
            found.append(column(unguarded(name)))
        except LibraryError as error:
            problems.add(number, error.sentence)
    for name in sorted({one for one in found if found.count(one) > 1}):
        problems.add(number, say("the column {name!r} is there twice", name=name))
    if ID not in found and PATH not in found:
        problems.add(number, say("there is no column id and none path: one of them says which asset a row is"))
    elif not any(name in FIELDS or name.startswith(CUSTOM) for name in found):
        problems.add(number, say("there is no column with metadata"))
    return found


def _line(number: int, cells: dict[str, str]) -> Line:
    asset, path = _id(cells.pop(ID, "").strip()), cells.pop(PATH, "").strip().strip("/")
    if asset is None and not path:
        raise LibraryError("neither an id nor a path says which asset this is")
    modified, captured = cells.pop(MODIFIED, "").strip(), cells.get("captured", "").strip()
    if captured:
        read_moment(captured)
    return Line(number, asset, path, read_moment(modified) if modified else None, cells)


def _id(cell: str) -> int | None:
    if not cell:
        return None
    with suppress(ValueError):
        if cell.isascii() and 0 < (number := int(cell)) < 2**63:
            return number
    raise LibraryError("{cell!r} is no id of an asset", cell=cell[:40])
