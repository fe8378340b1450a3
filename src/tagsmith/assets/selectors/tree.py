"""The folder tree as far as it is open beside a folder: the topmost folders, and what lies along the way."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from tagsmith.assets.models import LIVE, Folder
from tagsmith.assets.naming import fold, steps_of
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import live_folders

SUGGESTED = 12


@dataclass(frozen=True)
class Branch:
    """A folder of the tree, whether folders lie in it, and those that are shown: of a folder on the way, all."""

    folder: Folder
    has_children: bool
    children: tuple["Branch", ...] = ()


def tree_to(scope: Scope, folder: Folder | None = None) -> list[Branch]:
    """Return the topmost folders that the caller may see, with all beside the way to a folder; one query."""
    is_top = Q(parent__path="") if scope.paths is None or "" in scope.paths else Q(path__in=scope.tops())
    open_paths = way_to(folder) if folder else []
    rows = _rows(live_folders(scope).filter(is_top | Q(parent__path__in=open_paths)))
    tops = {"", *scope.tops()}
    found: defaultdict[str, list[Branch]] = defaultdict(list)
    for row in rows:
        found["" if row.folder.path in tops else row.folder.path.rpartition("/")[0]].append(row)
    return _branches(found, "")


def branches_in(scope: Scope, folder: Folder) -> list[Branch]:
    """Return the folders directly in a folder, closed; one query."""
    return _rows(live_folders(scope).filter(parent=folder))


def way_to(folder: Folder) -> list[str]:
    """Return the paths on the way to a folder, its own last, without the root's."""
    steps = folder.path.split("/") if folder.path else []
    return ["/".join(steps[: count + 1]) for count in range(len(steps))]


def suggest_folders(scope: Scope, text: str, size: int = SUGGESTED) -> list[Folder]:
    """Return folders whose name holds the last step of what was typed, those near the top first."""
    above, _, name = text.strip().rpartition("/")
    rows = live_folders(scope).exclude(path="").filter(folded__contains=fold(name))
    if above:
        rows = rows.filter(path__istartswith=above)
    return sorted(rows.order_by("path")[: 10 * size], key=lambda one: (len(steps_of(one.path)), one.path))[:size]


def _rows(folders: QuerySet[Folder]) -> list[Branch]:
    below = Folder.objects.filter(LIVE, parent=OuterRef("pk"))
    rows = folders.annotate(has_children=Exists(below)).order_by("folded", "pk")
    return [Branch(row, row.has_children) for row in rows]


def _branches(found: Mapping[str, list[Branch]], path: str) -> list[Branch]:
    return [replace(one, children=tuple(_branches(found, one.folder.path))) for one in found.get(path, ())]
