"""Reading the audit log: what was done, the latest first, what was done together as one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from tagsmith.audit.models import LEADS, Entry
from tagsmith.audit.services import undoing_of
from tagsmith.errors import BadInputError

PAGE = 50
BATCH = 200  # rows
SLACK = timedelta(hours=1)  # by which entries' numbers may be in another order than their times


@dataclass(frozen=True)
class Which:
    """Which entries are meant; a blank says nothing. Times are the first that counts, and the first that does not."""

    who: str = ""
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    subject_id: int | None = None
    unit: UUID | None = None


@dataclass(frozen=True)
class Done:
    """The last entry of a unit, and how many of those that are meant it has."""

    entry: Entry
    count: int = 1


@dataclass(frozen=True)
class Page:
    """Some of what was done, and the word that asks for what was done before; empty at the end."""

    done: list[Done]
    after: str


def changes(which: Which, *, after: str = "", size: int = PAGE) -> Page:
    """Return a page of what was done, units as one; within one unit, or to one thing, each entry by itself.

    Raises
    ------
    BadInputError
        `after` is not where a page ended.
    """
    last, rows = _last(after), _meant(which)
    if which.unit or which.subject_id is not None:
        found = list(_before(rows, last)[: size + 1])
        page = [Done(entry) for entry in found[:size]]
    else:
        leads = rows.filter(LEADS)
        found = list(islice(_units(leads, last), size + 1))
        counts = _counts(leads, [entry.unit for entry in found[:size] if entry.unit])
        page = [Done(entry, counts.get(entry.unit, 1)) for entry in found[:size]]
    return Page(page, str(found[size - 1].pk) if len(found) > size else "")


def undoings(units: Collection[UUID]) -> dict[UUID | None, Entry]:
    """Return an entry of what took units back, by the units: who did so, and when."""
    known = {undoing_of(unit): unit for unit in units}
    rows = Entry.objects.filter(LEADS, unit__in=known).order_by("unit", "pk").distinct("unit")
    return {known[entry.unit]: entry for entry in rows if entry.unit}


def entries(which: Which) -> Iterator[Entry]:
    """Yield every entry that is meant, the latest first."""
    return _meant(which).order_by("-pk").iterator(chunk_size=2000)


def actors() -> list[str]:
    """Return the names of all who did anything, each found in one look at the index."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTORS)
        return [name for (name,) in cursor.fetchall()]


_ACTORS = """
WITH RECURSIVE known AS (
    (SELECT actor_name FROM audit_entry WHERE stands_for > 0 ORDER BY actor_name LIMIT 1)
    UNION ALL
    SELECT following.actor_name FROM known, LATERAL (
        SELECT actor_name FROM audit_entry WHERE stands_for > 0 AND actor_name > known.actor_name
         ORDER BY actor_name LIMIT 1
    ) AS following
)
SELECT actor_name FROM known
"""


def _meant(which: Which) -> QuerySet[Entry]:
    named = {
        "actor_name": which.who,
        "subject": which.subject,
        "action": which.action,
        "unit": which.unit,
        "subject_id": which.subject_id,
    }
    rows = Entry.objects.filter(**{field: value for field, value in named.items() if value not in ("", None)})
    if which.since:
        rows = rows.filter(at__gte=which.since)
        early = Entry.objects.filter(at__lt=which.since - SLACK).order_by("-at").values_list("pk", flat=True).first()
        rows = rows.filter(pk__gt=early) if early else rows
    if which.until:
        rows = rows.filter(at__lt=which.until)
        late = Entry.objects.filter(at__gte=which.until + SLACK).order_by("at").values_list("pk", flat=True).first()
        rows = rows.filter(pk__lt=late) if late else rows
    return rows


def _units(leads: QuerySet[Entry], last: int | None) -> Iterator[Entry]:
    """Yield the last entry of each unit, and those that have none; what pages before have shown is passed over."""
    seen: set[UUID] = set()
    place = last
    is_more = True
    while is_more:
        batch = list(_before(leads.exclude(unit__in=seen), place)[:BATCH])
        is_more = len(batch) == BATCH
        place = batch[-1].pk if batch else place
        new = {entry.unit for entry in batch if entry.unit} - seen
        shown = set(leads.filter(unit__in=new, pk__gte=last).values_list("unit", flat=True)) if last else set()
        for entry in batch:
            if entry.unit is None:
                yield entry
            elif entry.unit not in seen:
                seen.add(entry.unit)
                if entry.unit not in shown:
                    yield entry


def _before(rows: QuerySet[Entry], last: int | None) -> QuerySet[Entry]:
    return rows.filter(Q() if last is None else Q(pk__lt=last)).order_by("-pk")


def _counts(leads: QuerySet[Entry], units: Collection[UUID]) -> dict[UUID | None, int]:
    counted = leads.filter(unit__in=units).values("unit").annotate(count=Sum("stands_for"))
    return {row["unit"]: row["count"] for row in counted}


def _last(word: str) -> int | None:
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise BadInputError("{word!r} is not where a page ended", word=word[:40])
    return int(word)
