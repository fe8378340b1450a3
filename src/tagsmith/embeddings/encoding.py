"""Going through the library for an encoder that is to serve: in lanes, each in order, a batch of a lane at a time.

A lane remembers in one transaction what a batch gave and where the next begins. So work goes on where it was when a
process died, nothing is done twice, and there are a few jobs at a time, not one for each batch of a large library.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from tagsmith.assets.models import Asset, State
from tagsmith.embeddings.models import Embedding, EncoderChange, Lane, Unencoded
from tagsmith.embeddings.preparation import Made, store_made, without_one

LANES = 16  # so many workers can share the work
LOOK = 500  # assets among which a batch is looked for: most have their vector already if this was tried before
FEW = 20  # files that cannot be read are nothing unusual;
SHARE = 0.05  # so large a part of them means that something else is wrong

_all_encoded: list[Callable[[int], None]] = []


def configure(all_encoded: Callable[[int], None]) -> None:
    """Say once, where the program is put together, what comes when a change's encoder has seen the library."""
    _all_encoded[:] = [all_encoded]


def unencoded(change: EncoderChange) -> QuerySet[Unencoded]:
    """Return the assets that the encoder of a change could not see, as they are now, with the reasons."""
    rows = Unencoded.objects.filter(change=change, content=F("asset__content"), asset__state=State.READY)
    return rows.select_related("asset__folder").order_by("asset")


def backlog(change: EncoderChange) -> QuerySet[Asset]:
    """Return the assets that the encoder of a change has still to see."""
    seen = Embedding.objects.filter(asset=OuterRef("pk"), encoder=change.encoder_id, content=OuterRef("content"))
    given_up = Unencoded.objects.filter(asset=OuterRef("pk"), change=change, content=OuterRef("content"))
    return Asset.objects.filter(~Exists(seen), ~Exists(given_up), state=State.READY)


def begin_lanes(change: EncoderChange) -> list[Lane]:
    """Begin with the library anew, in the caller's transaction; what there is will not be made again."""
    change.lanes.all().delete()
    change.assets, change.begun, change.failure = backlog(change).count(), timezone.now(), ""
    change.save(update_fields=("assets", "begun", "failure"))
    return Lane.objects.bulk_create(Lane(change=change, number=number) for number in range(LANES))


def lane_at(lane: int, after: int) -> Lane | None:
    """Return a lane that goes on after this asset; None if it is further, or nobody waits for it any more."""
    rows = Lane.objects.select_related("change__encoder").filter(pk=lane, after=after)
    return rows.filter(change__state=EncoderChange.State.OPEN, change__failure="").first()


@dataclass(frozen=True)
class Batch:
    """The next assets of a lane that lack a vector, and the last of all that were looked at for them, if any were."""

    assets: list[Asset]
    last: int | None


def next_batch(lane: Lane, count: int) -> Batch:
    """Return up to `count` of the next assets of a lane."""
    ready = Asset.objects.annotate(lane=F("id") % LANES).filter(state=State.READY, lane=lane.number, pk__gt=lane.after)
    looked = list(ready.order_by("pk")[:LOOK])
    lacking = without_one(lane.change.encoder, looked)
    if len(lacking) >= count:
        return Batch(lacking[:count], lacking[count - 1].pk)
    return Batch(lacking, looked[-1].pk if looked else None)


def step(lane: Lane, batch: Batch, made: Sequence[Made]) -> bool:
    """Store what a batch gave, in the caller's transaction, and let the lane go on after it, or be done.

    Return whether that happened: another worker may have been quicker.
    """
    if not Lane.objects.select_for_update().filter(pk=lane.pk, after=lane.after, done=False).exists():
        return False
    store_made(lane.change.encoder, made)
    failed = [one for one in made if one.vector is None]
    Unencoded.objects.bulk_create(
        [Unencoded(change=lane.change, asset=f.asset, content=f.asset.content, reason=f.failure) for f in failed],
        update_conflicts=True,
        unique_fields=["change", "asset"],
        update_fields=["content", "reason"],
    )
    lane.encoded += len(made)
    lane.done = batch.last is None
    lane.after = lane.after if batch.last is None else batch.last
    lane.save(update_fields=("encoded", "done", "after"))
    return True


def end_lane(lane: Lane) -> None:
    """Say so if all lanes are done. It may be said again after a crash."""
    if not Lane.objects.filter(change=lane.change, done=False).exists():
        for tell in _all_encoded:
            tell(lane.change_id)


def stop(change: EncoderChange, reason: str) -> None:
    """Let a change stand still until a person decides."""
    EncoderChange.objects.filter(pk=change.pk, state=EncoderChange.State.OPEN).update(failure=reason)


def too_many_unencoded(change: EncoderChange) -> str:
    """Return why so many files that cannot be read ask for a person; empty if they do not."""
    count, ready = unencoded(change).count(), Asset.objects.filter(state=State.READY).count()
    if change.lenient or count <= max(FEW, SHARE * ready):
        return ""
    return f"{count:,} of {ready:,} assets cannot be encoded; is the place where the originals lie there?"
