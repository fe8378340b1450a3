"""What has happened, in one order from several places: kinds of events, pages of them, and a sentence for each."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from tagsmith.assets.cursor import Cursor
from tagsmith.errors import LibraryError
from tagsmith.sentences import Sentence, fill, forms, say

PAGE = 50


class What(StrEnum):
    """Kinds of events."""

    IMPORTED = auto()
    REPLACED = auto()
    EDITED = auto()
    REVERTED = auto()
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
    LAUNCHER_SET = auto()
    RUN_STARTED = auto()
    RUN_ENDED = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Event:
    """What happened when, and who did it: a person, a tag model, or a machine by the name of what it does.

    `count` is how many of a folder's assets it happened to, or how many of their smart tags; None where it happened to
    the one thing whose events these are. `details` holds what the kind's sentence names.
    """

    at: datetime
    who: str
    what: What
    details: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None


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
        raise LibraryError("{word!r} is not where a page ended", word=word[:40])


Placed = tuple[Place, Event]


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for: the latest `size` before a place. Those before `floor` are not: enough are later."""

    before: Place | None
    size: int
    floor: Place | None = None


Source = Callable[[Wanted], Iterable[Placed]]


def page(sources: Iterable[Source], after: str, size: int) -> Events:
    """Return a page of the events of all sources, the latest first; raises LibraryError if `after` is not ours."""
    before, found = Place.read(after) if after else None, list[Placed]()
    for source in sources:
        floor = found[size][0] if len(found) > size else None
        found += source(Wanted(before, size + 1, floor))
        found.sort(key=lambda placed: placed[0], reverse=True)
        del found[size + 1 :]
    word = found[size - 1][0].word if len(found) > size else ""
    return Events([event for _, event in found[:size]], word)


def sentence(event: Event) -> Sentence:
    """Return an event in words."""
    who = MACHINES.get(event.who, event.who) or say("somebody")
    if event.count is None:
        return fill(_ONE[event.what], who=who, **event.details)
    return fill(_MANY.get(event.what, _MANY[What.OTHER]), who=who, count=event.count, **event.details)


MACHINES = {
    "command line": say("the command line"),
    "launcher": say("a launcher"),
    "schedule": say("a schedule"),
    "periodic": say("a schedule"),
    "on demand": "Tagsmith",
    "training": say("a training"),
    "sign-in provider": say("the sign-in provider"),
}
_ONE = {
    What.IMPORTED: forms("{who} imported it"),
    What.REPLACED: forms("{who} gave it new content"),
    What.EDITED: forms("{who} edited {fields}"),
    What.REVERTED: forms("{who} took back an edit of {fields}"),
    What.RENAMED: forms("{who} renamed it from {before} to {after}"),
    What.MOVED: forms("{who} moved it from {before} to {after}"),
    What.TRASHED: forms("{who} put it in the trash"),
    What.RESTORED: forms("{who} took it back from the trash"),
    What.CREATED: forms("{who} created it"),
    What.PROMOTED: forms("{who} promoted the smart tag {tag}"),
    What.TAG_SET: forms("{who} set the tag {tag}"),
    What.TAG_REMOVED: forms("{who} removed the tag {tag}"),
    What.TAG_ALLOWED: forms("{who} allowed the tag {tag} again"),
    What.SUGGESTION_ACCEPTED: forms("{who} accepted the suggested tag {tag}"),
    What.SUGGESTION_REJECTED: forms("{who} rejected the suggested tag {tag}"),
    What.SMART_TAG_GIVEN: forms("{who} gave the smart tag {tag}, confidence {confidence:.0%} (version {version})"),
    What.SMART_TAG_CHANGED: forms(
        "{who} changed the smart tag {tag} from {before:.0%} to {confidence:.0%} (version {version})"
    ),
    What.SMART_TAG_TAKEN: forms("{who} took away the smart tag {tag}, confidence {before:.0%} (version {version})"),
    What.LAUNCHER_SET: forms("{who} set a launcher"),
    What.RUN_STARTED: forms("{who} started the run {title}"),
    What.RUN_ENDED: forms("{who} ended the run {title}: {status}"),
    What.OTHER: forms("{who} did: {action}"),
}
_MANY = {
    What.IMPORTED: forms("{who} imported {count:,} asset", "{who} imported {count:,} assets"),
    What.REPLACED: forms("{who} gave new content to {count:,} asset", "{who} gave new content to {count:,} assets"),
    What.EDITED: forms("{who} edited {count:,} asset", "{who} edited {count:,} assets"),
    What.REVERTED: forms("{who} took back an edit of {count:,} asset", "{who} took back an edit of {count:,} assets"),
    What.RENAMED: forms("{who} renamed {count:,} asset", "{who} renamed {count:,} assets"),
    What.MOVED: forms("{who} moved {count:,} asset", "{who} moved {count:,} assets"),
    What.TRASHED: forms("{who} put {count:,} asset in the trash", "{who} put {count:,} assets in the trash"),
    What.RESTORED: forms(
        "{who} took {count:,} asset back from the trash", "{who} took {count:,} assets back from the trash"
    ),
    What.PROMOTED: forms(
        "{who} promoted the smart tag {tag} on {count:,} asset",
        "{who} promoted the smart tag {tag} on {count:,} assets",
    ),
    What.TAG_SET: forms("{who} set the tag {tag} on {count:,} asset", "{who} set the tag {tag} on {count:,} assets"),
    What.TAG_REMOVED: forms(
        "{who} removed the tag {tag} from {count:,} asset", "{who} removed the tag {tag} from {count:,} assets"
    ),
    What.TAG_ALLOWED: forms(
        "{who} allowed the tag {tag} again on {count:,} asset", "{who} allowed the tag {tag} again on {count:,} assets"
    ),
    What.SUGGESTION_ACCEPTED: forms(
        "{who} accepted the suggested tag {tag} on {count:,} asset",
        "{who} accepted the suggested tag {tag} on {count:,} assets",
    ),
    What.SUGGESTION_REJECTED: forms(
        "{who} rejected the suggested tag {tag} on {count:,} asset",
        "{who} rejected the suggested tag {tag} on {count:,} assets",
    ),
    What.SMART_TAGS: forms("{who} changed {count:,} smart tag", "{who} changed {count:,} smart tags"),
    What.OTHER: forms("{who} did to {count:,} asset: {action}", "{who} did to {count:,} assets: {action}"),
}
