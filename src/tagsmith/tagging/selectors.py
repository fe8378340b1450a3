"""Which assets a run has to tag."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from tagsmith.assets.models import Asset, State
from tagsmith.tagging.retag import Known, Trigger, Waiting, reason_to_tag
from tagsmith.training.models import Version

SKIPPED_RECENT = "tagged not long ago"
SKIPPED_UNREADY = "not prepared, or could not be read"
SKIPPED_GONE = "in the trash, or gone"


@dataclass(frozen=True)
class Selection:
    """The assets to tag, in order, and how many others are skipped for which reason."""

    ids: list[int]
    skipped: Counter[str] = field(default_factory=Counter)


def select_to_tag(
    assets: Collection[int], now: datetime, trigger: Trigger, *, force: bool = False, waiting: Waiting | None = None
) -> Selection:
    """Return which of these assets a run has to tag, by the re-tag rule."""
    newest = Version.objects.filter(live=True).aggregate(newest=Max("published"))["newest"]
    rows = Asset.objects.filter(pk__in=assets, trashed__isnull=True).order_by("pk")
    selection = Selection([])
    found = 0
    for pk, state, modified, tagged in rows.values_list("pk", "state", "modified", "look__at").iterator():
        found += 1
        if state != State.READY:
            selection.skipped[SKIPPED_UNREADY] += 1
        elif reason_to_tag(Known(tagged, modified, newest), now, trigger, force=force, waiting=waiting):
            selection.ids.append(pk)
        else:
            selection.skipped[SKIPPED_RECENT] += 1
    if found < len(set(assets)):
        selection.skipped[SKIPPED_GONE] = len(set(assets)) - found
    return selection
