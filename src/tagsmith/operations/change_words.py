"""The audit log in plain words: what was done, by the subject and the action that entries hold."""

from collections.abc import Mapping
from typing import Any

from tagsmith.audit.models import Entry
from tagsmith.operations.admission import NAMELESS, OFF, OTHER, REFUSED, TAKEN, UNKNOWN
from tagsmith.sentences import Sentence, joined, say
from tagsmith.tagging.timeline import FIELDS

SUBJECTS = {
    "asset": say("Assets"),
    "folder": say("Folders"),
    "tag": say("Tags"),
    "tag model": say("Tag models"),
    "group": say("Groups that look alike"),
    "run": say("Runs"),
    "schedule": say("Schedules"),
    "report": say("Reports"),
    "collection": say("Collections"),
    "saved search": say("Saved searches"),
    "person": say("People"),
    "encoder": say("Encoder"),
}
WORDS: dict[tuple[str, str], Sentence] = {
    ("asset", "asset.imported"): say("imported"),
    ("asset", "asset.replaced"): say("content replaced"),
    ("asset", "asset.edited"): say("metadata edited"),
    ("asset", "asset.reverted"): say("edit of metadata undone"),
    ("asset", "asset.renamed"): say("renamed"),
    ("asset", "asset.moved"): say("moved"),
    ("asset", "asset.trashed"): say("put in the trash"),
    ("asset", "asset.restored"): say("taken back from the trash"),
    ("asset", "asset.deleted"): say("deleted for good"),
    ("asset", "promote"): say("smart tag promoted"),
    ("asset", "set tag"): say("tag set"),
    ("asset", "remove tag"): say("tag removed"),
    ("asset", "allow tag again"): say("tag allowed again"),
    ("asset", "accept suggestion"): say("suggestion accepted"),
    ("asset", "reject suggestion"): say("suggestion rejected"),
    ("asset", "keep tag removed"): say("removal of a tag confirmed"),
    ("asset", "undo moderation"): say("change of a tag undone"),
    ("folder", "folder.created"): say("created"),
    ("folder", "folder.renamed"): say("renamed"),
    ("folder", "folder.moved"): say("moved"),
    ("folder", "folder.trashed"): say("put in the trash"),
    ("folder", "folder.restored"): say("taken back from the trash"),
    ("folder", "folder.deleted"): say("deleted for good"),
    ("folder", "grant.added"): say("shown to somebody"),
    ("folder", "grant.removed"): say("no longer shown to somebody"),
    ("folder", "set launcher"): say("launcher set"),
    ("tag", "tag.create"): say("created"),
    ("tag", "tag.import"): say("changed by an import"),
    ("tag", "tag.move"): say("moved or renamed"),
    ("tag", "tag.merge"): say("merged"),
    ("tag", "tag.delete"): say("deleted"),
    ("tag", "tag.restore"): say("restored"),
    ("tag", "tag.title"): say("title changed"),
    ("tag", "tag.synonym"): say("synonym changed"),
    ("tag", "tag.description"): say("description changed"),
    ("tag", "tag.block"): say("put on the blocklist"),
    ("tag", "tag.unblock"): say("taken off the blocklist"),
    ("tag model", "create"): say("created"),
    ("tag model", "describe"): say("described"),
    ("tag model", "choose tags"): say("tags chosen"),
    ("tag model", "add examples"): say("examples added"),
    ("tag model", "remove examples"): say("examples removed"),
    ("tag model", "train"): say("submitted for training"),
    ("tag model", "publish"): say("version published"),
    ("tag model", "retire"): say("retired"),
    ("tag model", "set aims"): say("wanted precision set"),
    ("tag model", "set thresholds"): say("thresholds set"),
    ("tag model", "import version"): say("version imported"),
    ("group", "put aside"): say("put aside"),
    ("group", "show again"): say("shown again"),
    ("group", "make a tag of"): say("made a tag of"),
    ("run", "start"): say("started"),
    ("run", "pause"): say("paused"),
    ("run", "resume"): say("resumed"),
    ("run", "cancel"): say("cancelled"),
    ("run", "retry"): say("retried"),
    ("run", "undo"): say("undone"),
    ("schedule", "create"): say("created"),
    ("schedule", "update"): say("changed"),
    ("schedule", "enable"): say("switched on"),
    ("schedule", "disable"): say("switched off"),
    ("schedule", "delete"): say("deleted"),
    ("report", "report.created"): say("asked for"),
    ("report", "report.deleted"): say("deleted"),
    ("collection", "collection.created"): say("created"),
    ("collection", "collection.changed"): say("changed"),
    ("collection", "collection.deleted"): say("deleted"),
    ("collection", "collection.assets added"): say("assets added"),
    ("collection", "collection.assets removed"): say("assets taken out"),
    ("collection", "collection.undone"): say("change undone"),
    ("saved search", "saved search.created"): say("saved"),
    ("saved search", "saved search.changed"): say("changed"),
    ("saved search", "saved search.deleted"): say("deleted"),
    ("saved search", "saved search.undone"): say("change undone"),
    ("person", "person.added"): say("added"),
    ("person", "person.role"): say("role changed"),
    ("person", "person.password"): say("password changed"),
    ("person", "person.deactivated"): say("kept from signing in"),
    ("person", "person.activated"): say("allowed to sign in again"),
    ("person", "person.signed in"): say("signed in by the sign-in provider"),
    ("person", "person.refused"): say("refused at signing in"),
    ("person", "person.bound"): say("bound to the sign-in provider"),
    ("person", "person.unbound"): say("unbound from the sign-in provider"),
    ("person", "grant.removed"): say("a folder that is gone no longer shown to them"),
    ("encoder", "begin to change"): say("change begun"),
    ("encoder", "cancel the change"): say("change cancelled"),
    ("encoder", "retry the change"): say("change retried"),
    ("encoder", "change"): say("changed"),
    ("encoder", "forget vectors"): say("vectors forgotten"),
}
REASONS = {
    UNKNOWN: say("nobody here has this name"),
    OTHER: say("bound to another account there"),
    OFF: say("kept from signing in"),
    NAMELESS: say("without a name that can be used"),
    TAKEN: say("the name is somebody's, and it is not proven to be theirs"),
}
TELLING = ("person", "path", "key", "role", "setting", "version", "name", "title", "tag", "text", "encoder")


def kind_in_words(subject: str, action: str) -> str:
    """Return what was done; an action that has no words, as it is called."""
    return WORDS.get((subject, action), action)


def details(entry: Entry) -> str:
    """Return what an entry says further in a few words: the fields, or what it was before and after."""
    before, after = entry.before or {}, entry.after or {}
    if entry.action in {"asset.edited", "asset.reverted"}:
        return joined(", ", (FIELDS.get(name, name) for name in after))
    if entry.action == REFUSED:
        return REASONS.get(after.get("reason", ""), "")
    if entry.subject == "run":
        return ""  # what it is called says it, and in the reader's language
    for name in TELLING:
        was, now = before.get(name), after.get(name)
        if _is_short(was) and _is_short(now) and was != now:
            return f"{was} → {now}" if was and now else str(was or now)
    return str(after.get("tag") or before.get("tag") or "")


def name_in(entry: Entry) -> str:
    """Return what the thing was called that an entry is about, where the entry says it."""
    for state in (entry.after or {}, entry.before or {}):
        for name in _NAMES.get(entry.subject, ()):
            if state.get(name):
                return str(state[name])
    return ""


_NAMES: Mapping[str, tuple[str, ...]] = {
    "asset": ("path",),
    "folder": ("path", "name"),
    "tag": ("key",),
    "tag model": ("title",),
    "schedule": ("title",),
    "report": ("title",),
    "collection": ("name",),
    "saved search": ("name",),
    "person": ("username",),
    "encoder": ("encoder",),
}


def _is_short(value: Any) -> bool:
    return value is None or isinstance(value, str | int)
