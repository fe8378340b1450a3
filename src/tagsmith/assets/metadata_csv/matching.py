"""Which assets the lines of a file are about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tagsmith.assets.metadata_csv.reading import Line, Sheet
from tagsmith.assets.naming import fold
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.assets.services.writing import BLOCK
from tagsmith.errors import LibraryError, NotFoundError
from tagsmith.sentences import say
from tagsmith.sheets import Problems


def matched(scope: Scope, sheet: Sheet) -> dict[int, Line]:
    """Return the lines by the assets that they are about.

    Raises
    ------
    LibraryError
        There is no such asset, or not for this caller, or two lines are about the same; the message names the lines.
    """
    problems = Problems()
    found: dict[int, Line] = {}
    for asset, line in (*_by_id(scope, sheet.lines, problems), *_by_path(scope, sheet.lines, problems)):
        first = found.setdefault(asset, line)
        if first is not line:
            line, first = sorted((line, first), key=lambda one: -one.number)  # noqa: PLW2901
            problems.add(line.number, say("this is the asset of line {line} again", line=first.number))
    problems.check(LibraryError)
    return found


def _by_id(scope: Scope, lines: Iterable[Line], problems: Problems) -> Iterator[tuple[int, Line]]:
    known = {line.asset: line for line in lines if line.asset is not None}
    ids, there = list(known), set[int]()
    for start in range(0, len(ids), BLOCK):
        there.update(live_assets(scope).filter(pk__in=ids[start : start + BLOCK]).values_list("pk", flat=True))
    for asset, line in known.items():
        if asset in there:
            yield asset, line
        else:
            problems.add(line.number, say("there is no asset {asset}", asset=asset))


def _by_path(scope: Scope, lines: Iterable[Line], problems: Problems) -> Iterator[tuple[int, Line]]:
    by_folder: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.asset is None:
            by_folder[line.path.rpartition("/")[0]].append(line)
    for folder, inside in by_folder.items():
        known = _names_in(scope, folder)
        for line in inside:
            asset = known.get(fold(line.path.rpartition("/")[2].strip()))
            if asset is None:
                problems.add(line.number, say("there is no asset {path}", path=line.path))
            else:
                yield asset, line


def _names_in(scope: Scope, path: str) -> dict[str, int]:
    """Return the assets directly in a folder by their folded names; none if there is no such folder."""
    try:
        folder = find_folder(scope, path)
    except NotFoundError:
        return {}
    return dict(live_assets(scope).filter(folder=folder).values_list("folded", "pk"))
