"""Which assets are in a collection: adding and taking out."""

from collections.abc import Collection as Some
from uuid import UUID, uuid4

from django.db import transaction

from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.audit.services import Actor
from tagsmith.collecting.models import Collection, Picked
from tagsmith.collecting.services import locked, said
from tagsmith.errors import BadInputError

ADDED, REMOVED = "assets added", "assets removed"
MOST = 20_000  # assets; more are hardly picked by hand, and a saved search finds them


@transaction.atomic
def add_assets(scope: Scope, actor: Actor, collection: Collection, assets: Some[int], unit: UUID | None = None) -> int:
    """Add assets in their order, after those that are there; return how many were not there yet.

    Raises
    ------
    BadInputError
        There would be too many.
    """
    row = locked(actor, collection)
    there = set(row.picked.values_list("asset_id", flat=True))
    wanted = set(live_assets(scope).filter(pk__in=assets).values_list("pk", flat=True)) - there
    if len(there) + len(wanted) > MOST:
        raise BadInputError("a collection holds at most {most:,} assets; a saved search finds any number", most=MOST)
    new = [Picked(collection=row, asset_id=asset) for asset in dict.fromkeys(assets) if asset in wanted]
    made = Picked.objects.bulk_create(new)
    if made:
        row.save(update_fields=("changed",))
        said(actor, ADDED, row, after={"picked": [[one.pk, one.asset_id] for one in made]}, unit=unit or uuid4())
    return len(made)


@transaction.atomic
def remove_assets(
    scope: Scope, actor: Actor, collection: Collection, assets: Some[int], unit: UUID | None = None
) -> int:
    """Take out assets that the caller may see; return how many. Nothing else happens to them."""
    row = locked(actor, collection)
    rows = row.picked.filter(asset__in=live_assets(scope).filter(pk__in=assets))
    gone = [list(one) for one in rows.order_by("pk").values_list("pk", "asset_id")]
    if gone:
        Picked.objects.filter(pk__in=[key for key, _ in gone]).delete()
        row.save(update_fields=("changed",))
        said(actor, REMOVED, row, before={"picked": gone}, unit=unit or uuid4())
    return len(gone)
