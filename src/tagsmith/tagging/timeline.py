"""What has happened to an asset, and in a folder: from the audit log, and from the change log of smart tags.

`workflows.timeline` adds the runs and makes pages of it.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import Scope
from tagsmith.audit.models import Entry
from tagsmith.sentences import joined, say
from tagsmith.tagging.events import Event, Place, Placed, Source, Wanted, What
from tagsmith.tagging.models import Change
from tagsmith.tagging.units import CHANGE, ENTRY, Below, earlier, grouped_changes, grouped_entries
from tagsmith.training.models import Version

KINDS = {
    "asset.imported": What.IMPORTED,
    "asset.replaced": What.REPLACED,
    "asset.edited": What.EDITED,
    "asset.reverted": What.REVERTED,
    "asset.renamed": What.RENAMED,
    "asset.moved": What.MOVED,
    "asset.trashed": What.TRASHED,
    "asset.restored": What.RESTORED,
    "folder.created": What.CREATED,
    "folder.renamed": What.RENAMED,
    "folder.moved": What.MOVED,
    "folder.trashed": What.TRASHED,
    "folder.restored": What.RESTORED,
    "promote": What.PROMOTED,
    "set tag": What.TAG_SET,
    "remove tag": What.TAG_REMOVED,
    "allow tag again": What.TAG_ALLOWED,
    "accept suggestion": What.SUGGESTION_ACCEPTED,
    "reject suggestion": What.SUGGESTION_REJECTED,
    "set launcher": What.LAUNCHER_SET,
}
OF_TAGS = {
    What.PROMOTED,
    What.TAG_SET,
    What.TAG_REMOVED,
    What.TAG_ALLOWED,
    What.SUGGESTION_ACCEPTED,
    What.SUGGESTION_REJECTED,
}
ON_TAGS = [action for action, what in KINDS.items() if what in OF_TAGS]
FIELDS = {
    "title": say("title"),
    "description": say("description"),
    "creator": say("creator"),
    "rights": say("rights"),
    "captured": say("capture date"),
    "keywords": say("keywords"),
    "custom": say("further fields"),
}
ELSEWHERE = say("elsewhere")  # instead of a path that the caller may not see


def asset_sources(scope: Scope, asset: Asset) -> list[Source]:
    """Return where the events of an asset come from; the caller has looked whether it may be seen."""
    return [partial(_entries, scope, "asset", asset.pk), partial(_changes, asset.pk)]


def folder_sources(scope: Scope, folder: Folder) -> list[Source]:
    """Return where the events of a folder come from: its own, and those of all assets below it, by unit of work."""
    below = Below(folder)
    return [
        partial(_entries, scope, "folder", folder.pk),
        partial(_grouped_entries, below),
        partial(_grouped_changes, below),
    ]


def _entries(scope: Scope, subject: str, pk: int, wanted: Wanted) -> Iterable[Placed]:
    rows = Entry.objects.filter(earlier(wanted.before, ENTRY), subject=subject, subject_id=pk).order_by("-at", "-pk")
    for row in rows[: wanted.size]:
        what = KINDS.get(row.action, What.OTHER)
        yield Place(row.at, ENTRY, row.pk), Event(row.at, row.actor_name, what, _details(scope, what, row))


def _details(scope: Scope, what: What, row: Entry) -> Mapping[str, Any]:
    before, after = row.before or {}, row.after or {}
    if what in (What.RENAMED, What.MOVED):
        return {"before": _path(scope, before), "after": _path(scope, after)}
    if what in (What.EDITED, What.REVERTED):
        return {"fields": joined(", ", (FIELDS.get(name, name) for name in after)), "before": before, "after": after}
    if what in OF_TAGS:
        return {"tag": (after or before).get("tag", "")}
    return {"action": row.action}


def _path(scope: Scope, state: Mapping[str, Any]) -> str:
    path = str(state.get("path", ""))
    return path if scope.covers(path) else ELSEWHERE  # an asset's path lies within a subtree if its folder's does


def _changes(asset: int, wanted: Wanted) -> Iterable[Placed]:
    rows = Change.objects.filter(earlier(wanted.before, CHANGE), asset=asset).order_by("-at", "-pk")
    versions = ("before_version__model", "after_version__model")
    for row in rows.select_related("tag", *versions)[: wanted.size]:
        yield Place(row.at, CHANGE, row.pk), _smart_tag_event(row)


def _smart_tag_event(row: Change) -> Event:
    what = What.SMART_TAG_CHANGED
    if row.before is None:
        what = What.SMART_TAG_GIVEN
    elif row.after is None:
        what = What.SMART_TAG_TAKEN
    version = row.after_version or row.before_version
    details = {
        "tag": row.tag.key,
        "confidence": _share(row.after),
        "before": _share(row.before),
        "version": version.number if version else "?",
    }
    return Event(row.at, version.model.title if version else "", what, details)


def _share(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000


def _grouped_entries(below: Below, wanted: Wanted) -> Iterable[Placed]:
    """One event per unit, action and tag; what has no unit stands alone."""
    for group in grouped_entries(below, ON_TAGS, wanted):
        what = KINDS.get(group["action"], What.OTHER)
        details = {"tag": group["tag"], "action": group["action"]}
        yield (
            Place(group["last"], ENTRY, group["number"]),
            Event(group["last"], group["who"], what, details, group["assets"]),
        )


def _grouped_changes(below: Below, wanted: Wanted) -> Iterable[Placed]:
    """One event per unit of work and version."""
    found = grouped_changes(below, wanted)
    titles = dict(Version.objects.filter(pk__in={one["version"] for one in found}).values_list("pk", "model__title"))
    for group in found:
        yield (
            Place(group["last"], CHANGE, group["number"]),
            Event(group["last"], titles.get(group["version"], ""), What.SMART_TAGS, {}, group["changes"]),
        )
