"""Background work in batches: making assets ready after an import, and showing all to an encoder that is to serve."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.encoding import begin_lanes, end_lane, lane_at, next_batch, step, stop
from tagsmith.embeddings.models import Embedding, EncoderChange
from tagsmith.embeddings.preparation import Made, current
from tagsmith.errors import EncoderError
from tagsmith.queue.port import LAST, job

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


def part_or_pass_over(reason: str, lane: int, after: int, count: int) -> None:
    """Go on with single assets after a batch that was given up; pass the one over that was by itself already."""
    found = lane_at(lane, after)
    if found is None:
        return
    if count > 1:
        encode.enqueue(lane=lane, after=after, count=1)
        return
    batch = next_batch(found, 1)
    if step(found, batch, [Made(asset, failure=reason) for asset in batch.assets]):
        encode.enqueue(lane=lane, after=found.after, count=1)


@job("embeddings.encode", priority=LAST, given_up=part_or_pass_over)
def encode(lane: int, after: int, count: int) -> None:
    """Let the encoder that is to serve see some assets of a lane, and ask for those after them."""
    found = lane_at(lane, after)
    if found is None:
        return
    try:
        loaded = current().encoders.load(found.change.encoder)
    except EncoderError as error:
        stop(found.change, error.sentence)
        return
    batch = next_batch(found, count)
    made = current().encode(batch.assets, loaded.session)
    with transaction.atomic():
        if step(found, batch, made) and not found.done:
            encode.enqueue(lane=lane, after=found.after, count=min(2 * count, BATCH))
    if found.done:
        end_lane(found)


def enqueue_encoding(change: EncoderChange) -> None:
    """Ask for the whole library to be seen by the encoder of a change, in the caller's transaction."""
    for lane in begin_lanes(change):
        encode.enqueue(lane=lane.pk, after=lane.after, count=BATCH)
