"""Which assets a run has to tag."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, Max, QuerySet, When

from tagsmith.assets.models import Asset, State
from tagsmith.sentences import say
from tagsmith.tagging.models import Change
from tagsmith.tagging.retag import Known, Trigger, Waiting, reason_to_tag
from tagsmith.training.models import Version

SKIPPED_RECENT = say("tagged not long ago")
SKIPPED_UNREADY = say("not prepared, or could not be read")
SKIPPED_GONE = say("in the trash, or gone")


@dataclass(frozen=True)
class Selection:
    """The assets to tag, in order, and how many others are skipped for which reason."""

    ids: list[int]
    skipped: Counter[str] = field(default_factory=Counter)


def select_to_tag(
    assets: QuerySet[Asset], now: datetime, trigger: Trigger, *, force: bool = False, waiting: Waiting | None = None
) -> Selection:
    """Return which of these assets, of which none is in the trash, a run has to tag by the re-tag rule."""
    newest = Version.objects.filter(live=True).aggregate(newest=Max("published"))["newest"]
    chosen: list[int] = []
    skipped: Counter[str] = Counter()
    for state, tagged, modified, ids in _alike(assets):
        if state != State.READY:
            skipped[SKIPPED_UNREADY] += len(ids)
        elif reason_to_tag(Known(tagged, modified, newest), now, trigger, force=force, waiting=waiting):
            chosen += ids
        else:
            skipped[SKIPPED_RECENT] += len(ids)
    return Selection(sorted(chosen), skipped)


def changes_of(unit: UUID) -> int:
    """Return how many smart tags a unit of work has changed, as long as its change log is kept."""
    return Change.objects.filter(unit=unit).count()


def _alike(assets: QuerySet[Asset]) -> Iterator[tuple[str, datetime | None, datetime, list[int]]]:
    """Yield groups of assets of which the rule says the same: state, last tagging, a modification, ids.

    A run looks at thousands of assets in one moment, so there are few groups, however large the library is.
    """
    is_later = Case(When(modified__gt=F("look__at"), then=True), default=False)
    groups = assets.order_by().annotate(is_later=is_later).values_list("state", "look__at", "is_later")
    for state, tagged, _, modified, ids in groups.annotate(some=Max("modified"), ids=ArrayAgg("pk")):
        yield state, tagged, modified, ids
