"""Reading the audit log: what was done, the latest first, what was done together as one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from tagsmith.audit.models import Entry
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
        found = []
        for entry in _leading(rows, last):
            found.append(entry)
            if len(found) > size:
                break
        counts = _counts(rows, [entry.unit for entry in found[:size] if entry.unit])
        page = [Done(entry, counts.get(entry.unit, 1)) for entry in found[:size]]
    return Page(page, str(found[size - 1].pk) if len(found) > size else "")


def entries(which: Which) -> Iterator[Entry]:
    """Yield every entry that is meant, the latest first."""
    return _meant(which).order_by("-pk").iterator(chunk_size=2000)


def actors() -> list[str]:
    """Return the names of all who did anything, each found in one look at the index."""
    names: list[str] = []
    while True:
        rows = Entry.objects.filter(actor_name__gt=names[-1]) if names else Entry.objects.all()
        following = rows.order_by("actor_name").values_list("actor_name", flat=True).first()
        if following is None:
            return names
        names.append(following)


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


def _leading(rows: QuerySet[Entry], last: int | None) -> Iterator[Entry]:
    """Yield the last entry of each unit, and those that have none; what pages before have shown is passed over."""
    seen: set[UUID] = set()
    place = last
    is_more = True
    while is_more:
        batch = list(_before(rows.exclude(unit__in=seen), place)[:BATCH])
        is_more = len(batch) == BATCH
        place = _place_behind(batch[-1]) if batch else place
        new = {entry.unit for entry in batch if entry.unit} - seen
        shown = set(rows.filter(unit__in=new, pk__gte=last).values_list("unit", flat=True)) if last else set()
        for entry in batch:
            if entry.unit is None:
                yield entry
            elif entry.unit not in seen:
                seen.add(entry.unit)
                if entry.unit not in shown:
                    yield entry


def _place_behind(entry: Entry) -> int:
    """Return where to go on behind an entry: behind its whole unit, if nothing else lies in between."""
    if entry.unit is None:
        return entry.pk
    found = Entry.objects.filter(unit=entry.unit).aggregate(first=Min("pk"), last=Max("pk"), count=Count("pk"))
    return found["first"] if found["count"] == found["last"] - found["first"] + 1 else entry.pk


def _before(rows: QuerySet[Entry], last: int | None) -> QuerySet[Entry]:
    return rows.filter(Q() if last is None else Q(pk__lt=last)).order_by("-pk")


def _counts(rows: QuerySet[Entry], units: Collection[UUID]) -> dict[UUID | None, int]:
    counted = rows.filter(unit__in=units).values("unit").annotate(count=Count("pk"))
    return {row["unit"]: row["count"] for row in counted}


def _last(word: str) -> int | None:
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise BadInputError("{word!r} is not where a page ended", word=word[:40])
    return int(word)
