"""What happened to the assets below a folder, grouped by unit of work, the latest first.

Below a small folder, all that happened to its assets is grouped. Below a large one nearly every unit did something, so
units are gone through from the latest back until a page is full: the history may be as long as it likes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from tagsmith.assets.models import LIVE, Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.audit.models import LEADS, Entry
from tagsmith.tagging.events import Place, Wanted
from tagsmith.tagging.models import Change

ENTRY, CHANGE = "entry", "change"
MANY = 5000  # assets, from which on a folder is large
BATCH = 64  # entries that lead
UNITS = 16
BATCHES = 8
SLACK = timedelta(minutes=10)  # by which the last change of a unit by number may be before its last by time
EVER = datetime.max.replace(tzinfo=UTC)

Group = dict[str, Any]
Batches = Iterable[tuple[Q, datetime]]  # rows of some units, and a moment after which neither they nor others have any
Grouping = Callable[[Q], QuerySet[Any, Any]]


@dataclass(frozen=True)
class Below:
    """The assets below a folder, but for those in the trash."""

    folder: Folder

    @property
    def assets(self) -> QuerySet[Asset, Any]:
        """Return their numbers."""
        path = self.folder.path
        return live_assets(Scope((path,)) if path else EVERYTHING).values("pk")

    @cached_property
    def are_many(self) -> bool:
        """Whether the folder is large; no more are looked at than that takes."""
        return self.assets[MANY : MANY + 1].exists()


def grouped_entries(below: Below, of_tags: Collection[str], wanted: Wanted) -> list[Group]:
    """Return the latest groups of audit entries: of a unit, or alone, an action, and a tag where `of_tags` has that."""
    tag = Coalesce(KeyTextTransform("tag", "after"), KeyTextTransform("tag", "before"))
    rows = Entry.objects.filter(subject="asset", subject_id__in=below.assets).annotate(
        single=Case(When(unit=None, then=F("pk"))), tag=Case(When(action__in=of_tags, then=tag))
    )

    def group(which: Q) -> QuerySet[Any, Any]:
        groups = rows.filter(which).values("unit", "single", "action", "tag")
        assets = Count("subject_id", distinct=True)
        return groups.annotate(last=Max("at"), number=Max("pk"), who=Max("actor_name"), assets=assets)

    batches = _batches_of_entries(wanted.before) if below.are_many else [(Q(), EVER)]
    return _latest(batches, group, ENTRY, wanted)


def grouped_changes(below: Below, wanted: Wanted) -> list[Group]:
    """Return the latest groups of changes of smart tags: of a unit and a version; their assets are not counted."""
    rows = Change.objects.filter(asset__in=below.assets)
    if not below.folder.path:  # of all assets, it is quicker to say which are not meant
        rows = Change.objects.exclude(asset__in=Asset.objects.exclude(LIVE).values("pk"))
    rows = rows.annotate(version=Coalesce("after_version", "before_version"))

    def group(which: Q) -> QuerySet[Any, Any]:
        groups = rows.filter(which).values("unit", "version")
        return groups.annotate(last=Max("at"), number=Max("pk"), changes=Count("pk"))

    batches = _batches_of_changes(wanted.before) if below.are_many else [(Q(), EVER)]
    return _latest(batches, group, CHANGE, wanted)


def earlier(before: Place | None, source: str, *, at: str = "at", pk: str = "pk") -> Q:
    """Return the condition of rows of a source that stand before a place."""
    if before is None:
        return Q()
    same_moment = Q(**{at: before.at})
    if source == before.source:
        return Q(**{f"{at}__lt": before.at}) | (same_moment & Q(**{f"{pk}__lt": before.pk}))
    return Q(**{f"{at}__lt": before.at}) | (same_moment if source < before.source else Q(pk__in=()))


def _latest(batches: Batches, group: Grouping, source: str, wanted: Wanted) -> list[Group]:
    """Return the latest groups; no batch is looked at if it is earlier than enough groups, or than the floor.

    After some that did not suffice, as nearly all is done elsewhere, everything is grouped after all.
    """

    def groups(which: Q) -> list[Group]:
        some = group(which).filter(earlier(wanted.before, source, at="last", pk="number"))
        return list(some.order_by("-last", "-number")[: wanted.size])

    found: list[Group] = []
    for number, (which, latest) in enumerate(batches):
        enough = sum(one["last"] > latest for one in found) >= wanted.size
        if enough or (wanted.floor and latest < wanted.floor.at):
            break
        if number == BATCHES:
            return groups(Q())
        found += groups(which)
    return sorted(found, key=lambda one: (one["last"], one["number"]), reverse=True)[: wanted.size]


def _batches_of_entries(before: Place | None) -> Iterator[tuple[Q, datetime]]:
    leads = Entry.objects.filter(LEADS, subject="asset").order_by("-at", "-pk")
    if before is not None:
        leads = leads.filter(at__lte=before.at)
    seen = set()
    batch = list(leads.values_list("at", "pk", "unit")[:BATCH])
    while batch:
        units = {unit for _, _, unit in batch if unit}
        yield Q(unit__in=units) | Q(pk__in=[one for _, one, unit in batch if not unit]), batch[0][0]
        at, pk, _ = batch[-1]
        seen |= units
        following = leads.filter(Q(at__lt=at) | Q(pk__lt=pk), at__lte=at).exclude(unit__in=seen)
        batch = list(following.values_list("at", "pk", "unit")[:BATCH])


def _batches_of_changes(before: Place | None) -> Iterator[tuple[Q, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_UNITS)
        units = [(unit, last) for unit, first, last in cursor if before is None or first <= before.at + SLACK]
    for start in range(0, len(units), UNITS):
        yield Q(unit__in=[unit for unit, _ in units[start : start + UNITS]]), units[start][1] + SLACK


# each unit with when it began and ended, found in three looks at the index
_UNITS = """
WITH RECURSIVE known AS (
    (SELECT unit FROM tagging_change ORDER BY unit LIMIT 1)
    UNION ALL
    SELECT following.unit FROM known, LATERAL (
        SELECT unit FROM tagging_change WHERE unit > known.unit ORDER BY unit LIMIT 1
    ) AS following
)
SELECT known.unit, first.at, last.at
  FROM known,
       LATERAL (SELECT at FROM tagging_change WHERE unit = known.unit ORDER BY id LIMIT 1) AS first,
       LATERAL (SELECT at FROM tagging_change WHERE unit = known.unit ORDER BY id DESC LIMIT 1) AS last
 ORDER BY last.at DESC
"""
