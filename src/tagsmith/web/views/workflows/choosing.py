"""The folder tree in which people tick what a run or a schedule is over."""

from collections.abc import Collection
from typing import Any

from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import find_folder, live_folders
from tagsmith.assets.selectors.tree import tree_to


def choices(scope: Scope, chosen: Collection[int]) -> dict[str, Any]:
    """Return what `folders.html` shows: the topmost folders, and those ticked that the closed tree does not show."""
    branches = tree_to(scope)
    tops = {one.folder.pk for one in branches}
    deeper = live_folders(scope).filter(pk__in=set(chosen) - tops).exclude(path="")
    whole = find_folder(scope, "") if scope.covers("") else None
    return {"whole": whole, "branches": branches, "chosen": set(chosen), "elsewhere": deeper.order_by("path")}
