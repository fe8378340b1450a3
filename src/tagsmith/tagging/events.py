"""What has happened, in one order from several places: kinds of events, pages of them, and a sentence for each."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from tagsmith.assets.cursor import Cursor
from tagsmith.errors import LibraryError

PAGE = 50


class What(StrEnum):
    """Kinds of events."""

    IMPORTED = auto()
    REPLACED = auto()
    EDITED = auto()
    RENAMED = auto()
    MOVED = auto()
    TRASHED = auto()
    RESTORED = auto()
    CREATED = auto()
    PROMOTED = auto()
    TAG_SET = auto()
    TAG_REMOVED = auto()
    TAG_ALLOWED = auto()
    SUGGESTION_ACCEPTED = auto()
    SUGGESTION_REJECTED = auto()
    SMART_TAG_GIVEN = auto()
    SMART_TAG_CHANGED = auto()
    SMART_TAG_TAKEN = auto()
    SMART_TAGS = auto()  # of many assets, by one unit of work
    RUN_STARTED = auto()
    RUN_ENDED = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Event:
    """What happened when, and who did it: a person, a tag model, or a machine by the name of what it does.

    `assets` is how many of a folder's assets it happened to; None where it happened to the one thing whose events
    these are. `details` holds what the kind's sentence names.
    """

    at: datetime
    who: str
    what: What
    details: Mapping[str, Any] = field(default_factory=dict)
    assets: int | None = None


@dataclass(frozen=True)
class Events:
    """Some events, the latest first, and the word that asks for earlier ones; empty at the end."""

    events: list[Event]
    after: str


@dataclass(frozen=True, order=True)
class Place:
    """Where an event stands among all; of those of one moment, that of the higher `source` is the later."""

    at: datetime
    source: str
    pk: int

    @property
    def word(self) -> str:
        """What a client hands back for the events before this one."""
        return Cursor(self.pk, f"{self.source} {self.at.isoformat()}").written()

    @classmethod
    def read(cls, word: str) -> "Place":
        """Return the place of a word; raises LibraryError if we never wrote it."""
        cursor = Cursor.read(word)
        source, _, at = cursor.name.partition(" ")
        with suppress(ValueError):
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is not None:
                return cls(moment, source, cursor.pk)
        raise LibraryError(f"{word[:40]!r} is not where a page ended")


Placed = tuple[Place, Event]
Source = Callable[[Place | None, int], Iterable[Placed]]  # events before a place, latest first, at least so many


def page(sources: Iterable[Source], after: str, size: int) -> Events:
    """Return a page of the events of all sources, the latest first; raises LibraryError if `after` is not ours."""
    before = Place.read(after) if after else None
    found = [placed for source in sources for placed in source(before, size + 1)]
    found.sort(key=lambda placed: placed[0], reverse=True)
    word = found[size - 1][0].word if len(found) > size else ""
    return Events([event for _, event in found[:size]], word)


def sentence(event: Event) -> str:
    """Return an event in plain English."""
    if event.assets is None:
        text = _ONE[event.what].format(**event.details)
    else:
        count = f"{event.assets:,} asset{'' if event.assets == 1 else 's'}"
        text = _MANY.get(event.what, _MANY[What.OTHER]).format(count=count, **event.details)
    return f"{event.who or 'somebody'} {text}"


_ONE = {
    What.IMPORTED: "imported it",
    What.REPLACED: "gave it new content",
    What.EDITED: "edited {fields}",
    What.RENAMED: "renamed it from {before} to {after}",
    What.MOVED: "moved it from {before} to {after}",
    What.TRASHED: "put it in the trash",
    What.RESTORED: "took it back from the trash",
    What.CREATED: "created it",
    What.PROMOTED: "promoted the smart tag {tag}",
    What.TAG_SET: "set the tag {tag}",
    What.TAG_REMOVED: "removed the tag {tag}",
    What.TAG_ALLOWED: "allowed the tag {tag} again",
    What.SUGGESTION_ACCEPTED: "accepted the suggested tag {tag}",
    What.SUGGESTION_REJECTED: "rejected the suggested tag {tag}",
    What.SMART_TAG_GIVEN: "gave the smart tag {tag}, confidence {confidence} (version {version})",
    What.SMART_TAG_CHANGED: "changed the smart tag {tag} from {before} to {confidence} (version {version})",
    What.SMART_TAG_TAKEN: "took away the smart tag {tag}, confidence {before} (version {version})",
    What.RUN_STARTED: "started the run {title}",
    What.RUN_ENDED: "ended the run {title}: {status}",
    What.OTHER: "did: {action}",
}
_MANY = {
    What.IMPORTED: "imported {count}",
    What.REPLACED: "gave new content to {count}",
    What.EDITED: "edited {count}",
    What.RENAMED: "renamed {count}",
    What.MOVED: "moved {count}",
    What.TRASHED: "put {count} in the trash",
    What.RESTORED: "took {count} back from the trash",
    What.PROMOTED: "promoted the smart tag {tag} on {count}",
    What.TAG_SET: "set the tag {tag} on {count}",
    What.TAG_REMOVED: "removed the tag {tag} from {count}",
    What.TAG_ALLOWED: "allowed the tag {tag} again on {count}",
    What.SUGGESTION_ACCEPTED: "accepted the suggested tag {tag} on {count}",
    What.SUGGESTION_REJECTED: "rejected the suggested tag {tag} on {count}",
    What.SMART_TAGS: "changed {changes:,} smart tags of {count}",
    What.OTHER: "did to {count}: {action}",
}
