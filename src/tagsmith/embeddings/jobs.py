"""The background work after an import: making assets ready, in batches."""

from collections.abc import Sequence

from tagsmith.embeddings.preparation import current
from tagsmith.queue.port import job

BATCH = 32  # assets; what a killed worker loses at most


@job("embeddings.make_ready")
def make_ready(assets: list[int]) -> None:
    """Make some assets ready."""
    current().make_ready(assets)


def enqueue_preparation(ids: Sequence[int]) -> None:
    """Ask for assets to be made ready, in the caller's transaction."""
    for start in range(0, len(ids), BATCH):
        make_ready.enqueue(assets=list(ids[start : start + BATCH]))
