"""What people and machines have changed, from the audit log, with the names of what they changed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset, Folder
from tagsmith.audit.models import Entry
from tagsmith.audit.selectors import PAGE, Done, Which, changes, entries
from tagsmith.collecting.models import Collection as Collected
from tagsmith.collecting.models import SavedSearch
from tagsmith.operations.change_words import details, kind_in_words, name_in
from tagsmith.reports.models import Report
from tagsmith.sentences import say
from tagsmith.sheets import written
from tagsmith.tagging.events import MACHINES
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import TagModel
from tagsmith.workflows.models import Run, Schedule

BLOCK = 1000  # rows of a file


@dataclass(frozen=True)
class Shown:
    """What was done: when, by whom, what, further words, on what; how many things, if it was done to several as one."""

    entry: Entry
    count: int
    what: str
    details: str
    on: str

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.entry.at

    @property
    def who(self) -> str:
        """Who did it: a person's name, or a machine in words."""
        return who_did(self.entry)


def who_did(entry: Entry) -> str:
    """Return who did something: a person's name, or a machine in words."""
    return MACHINES.get(entry.actor_name, entry.actor_name) or say("somebody")


def shown_changes(which: Which, *, after: str = "", size: int = PAGE) -> tuple[list[Shown], str]:
    """Return a page of what was done, the latest first, and the word for the next; raises BadInputError."""
    page = changes(which, after=after, size=size)
    return _shown(page.done), page.after


def changes_csv(which: Which) -> Iterator[bytes]:
    """Yield every entry as a row of CSV, the latest first, in blocks."""
    yield written([["at", "who", "what", "details", "subject", "id", "name", "unit"]])
    block: list[Entry] = []
    for entry in entries(which):
        block.append(entry)
        if len(block) == BLOCK:
            yield _rows(block)
            block = []
    yield _rows(block)


def _rows(some: Sequence[Entry]) -> bytes:
    rows = _shown([Done(entry) for entry in some])
    return written((_row(one) for one in rows), mark=False)


def _row(one: Shown) -> list[str]:
    entry = one.entry
    place = entry.subject, str(entry.subject_id), one.on, str(entry.unit or "")
    return [entry.at.isoformat(), one.who, one.what, one.details, *place]


def _shown(done: Sequence[Done]) -> list[Shown]:
    names = _names(one.entry for one in done if not name_in(one.entry))
    return [
        Shown(
            one.entry,
            one.count,
            kind_in_words(one.entry.subject, one.entry.action),
            details(one.entry),
            name_in(one.entry) or names.get((one.entry.subject, one.entry.subject_id), f"{one.entry.subject_id}"),
        )
        for one in done
    ]


def _names(some: Iterable[Entry]) -> Mapping[tuple[str, int], str]:
    """Return what things are called that their entries do not name: one query for each kind of thing."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entry in some:
        wanted[entry.subject].add(entry.subject_id)
    known = {}
    for subject, ids in wanted.items():
        if subject in _LOOK_UP:
            known.update({(subject, pk): name for pk, name in _LOOK_UP[subject](ids)})
    return known


def _asset_paths(ids: Collection[int]) -> list[tuple[int, str]]:
    return [(asset.pk, asset.path) for asset in Asset.objects.filter(pk__in=ids).select_related("folder")]


def _by_field(model: Any, field: str) -> Callable[[Collection[int]], Iterable[tuple[int, str]]]:
    def names(ids: Collection[int]) -> Iterable[tuple[int, str]]:
        return [(pk, name) for pk, name in model.objects.filter(pk__in=ids).values_list("pk", field)]

    return names


_LOOK_UP: Mapping[str, Callable[[Collection[int]], Iterable[tuple[int, str]]]] = {
    "asset": _asset_paths,
    "folder": _by_field(Folder, "path"),
    "tag": _by_field(Tag, "key"),
    "tag model": _by_field(TagModel, "title"),
    "run": _by_field(Run, "title"),
    "schedule": _by_field(Schedule, "title"),
    "report": _by_field(Report, "title"),
    "collection": _by_field(Collected, "name"),
    "saved search": _by_field(SavedSearch, "name"),
    "person": _by_field(Person, "username"),
}
