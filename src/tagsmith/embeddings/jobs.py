"""The background work after an import: making assets ready, in batches."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.models import Embedding
from tagsmith.embeddings.preparation import current
from tagsmith.queue.port import job

BATCH = 32  # assets; what a killed worker loses at most


def part_or_fail(reason: str, assets: list[int]) -> None:
    """Make each asset of a batch that was given up ready by itself; fail the one that was by itself already.

    So a file over which workers die takes no other asset with it. One that has a vector stays as it is.
    """
    if len(assets) > 1:
        for asset in assets:
            make_ready.enqueue(once=f"make asset {asset} ready", assets=[asset])
        return
    vector = Embedding.objects.filter(asset=OuterRef("pk"), content=F("asset__content"))
    unready = Asset.objects.filter(~Exists(vector), pk__in=assets)
    unready.exclude(state=State.FAILED).update(state=State.FAILED, failure=reason)


@job("embeddings.make_ready", given_up=part_or_fail)
def make_ready(assets: list[int]) -> None:
    """Make some assets ready."""
    current().make_ready(assets)


def enqueue_preparation(ids: Sequence[int]) -> None:
    """Ask for assets to be made ready, in the caller's transaction."""
    for start in range(0, len(ids), BATCH):
        make_ready.enqueue(assets=list(ids[start : start + BATCH]))
