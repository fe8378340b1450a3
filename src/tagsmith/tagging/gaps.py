"""What no tag fits yet: assets without any tag that look alike, and so might be worth one."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.curation.models import HumanTag
from tagsmith.embeddings.preparation import current
from tagsmith.embeddings.selectors import read_all, read_sample
from tagsmith.learning.classifier import spread_evenly
from tagsmith.learning.clusters import SAMPLE as LIBRARY
from tagsmith.learning.clusters import find_clusters
from tagsmith.tagging.models import SmartTag
from tagsmith.training.models import Example

SAMPLE = 20_000  # assets among which groups are looked for, spread evenly over the library
SAMPLES = 12
GROUPS = 20


@dataclass(frozen=True)
class Alike:
    """Assets that look alike: their ids, some of them, and their mean cosine to the middle.

    Of both, those nearest the middle come first.
    """

    ids: list[int]
    assets: list[Asset]
    cohesion: float

    @property
    def size(self) -> int:
        """How many assets look alike."""
        return len(self.ids)


@dataclass(frozen=True)
class Gaps:
    """Groups that might be worth a tag, the largest first, among `searched` of all `untagged` assets."""

    groups: list[Alike]
    searched: int
    untagged: int


def find_gaps(scope: Scope, *, samples: int = SAMPLES, groups: int = GROUPS) -> Gaps:
    """Return groups of assets that look alike, have no tag of either kind, and teach none."""
    without, encoder = list(untagged(scope).order_by("pk").values_list("pk", flat=True)), current().encoder
    ids, vectors = read_all(encoder, spread_evenly(without, SAMPLE))
    found = find_clusters(vectors, read_sample(encoder, LIBRARY), most=groups)
    members = [ids[cluster.members].tolist() for cluster in found]
    assets = Asset.objects.select_related("folder").in_bulk([pk for group in members for pk in group[:samples]])
    alike = [
        Alike(group, [assets[pk] for pk in group[:samples]], cluster.cohesion)
        for group, cluster in zip(members, found, strict=True)
    ]
    return Gaps(alike, len(ids), len(without))


def untagged(scope: Scope) -> QuerySet[Asset]:
    """Return the assets that are ready, have no tag of either kind, and teach none."""
    rows = live_assets(scope).filter(state=State.READY)
    for tagged in (SmartTag, HumanTag, Example):
        rows = rows.exclude(Exists(tagged.objects.filter(asset=OuterRef("pk"))))
    return rows
