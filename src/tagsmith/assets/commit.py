"""One batch of contents that are stored becomes rows, with the work that follows, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from tagsmith.assets.adoption import Adopted, Adopter, Batch
from tagsmith.assets.arrivals import Arrival
from tagsmith.assets.content import discard_unneeded
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.locks import lock_tree, share_content
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.storage import Storage

After = Callable[[list[int]], None]


@dataclass(frozen=True)
class Duplicate:
    """An asset that came in, and the path of another of the same bytes that the caller may see."""

    path: str
    of: str


@dataclass(frozen=True)
class Ingest:
    """Where contents go, and what follows: `after` gets ids in the transaction that makes or changes their rows."""

    storage: Storage
    after: After


def commit(batch: Batch, arrivals: Sequence[Arrival], ingest: Ingest) -> tuple[Adopted, list[Arrival]]:
    """Give the arrivals rows; return them, and the arrivals whose content an emptied trash has taken away."""
    with transaction.atomic(durable=True):
        lock_tree()
        share_content()
        gone = [one for one in arrivals if not one.in_place and not ingest.storage.exists(one.content)]
        adopted = Adopter(batch, [one for one in arrivals if one not in gone]).adopt()
        if ids := adopted.added + adopted.changed:
            ingest.after(ids)
            FOLLOWERS.changed(ids)
    discard_unneeded(ingest.storage, adopted.replaced)
    return adopted, gone


def duplicates_among(scope: Scope, adopted: Adopted) -> list[Duplicate]:
    """Return those that came in for which there is another of the same bytes; of two that came in, the later."""
    fresh = list(Asset.objects.filter(pk__in=adopted.added + adopted.changed).select_related("folder").order_by("pk"))
    same = live_assets(scope).filter(content__in={asset.content for asset in fresh}).select_related("folder")
    oldest = {asset.content: asset for asset in same.order_by("content", "pk").distinct("content")}
    newest = {asset.content: asset for asset in same.order_by("content", "-pk").distinct("content")}
    found = []
    for asset in fresh:
        other = oldest.get(asset.content)
        if other == asset and asset.pk in adopted.changed:
            other = newest[asset.content]
        if other is not None and other != asset:
            found.append(Duplicate(asset.path, other.path))
    return found
