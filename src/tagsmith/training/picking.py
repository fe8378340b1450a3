"""Choosing examples: what the assets at hand teach in a tag model already, and those that carry the tag."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from tagsmith.assets.cursor import Cursor
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import Page, live_assets
from tagsmith.curation.models import HumanTag
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import Example, TagModel


def taught_by(model: TagModel, assets: Iterable[Asset]) -> dict[int, list[Tag]]:
    """Return the tags that each of these assets teaches in a tag model; assets that teach none are left out."""
    rows = Example.objects.filter(model=model, asset__in=[asset.pk for asset in assets]).select_related("tag")
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    for example in rows.order_by("tag__key"):
        found[example.asset_id].append(example.tag)
    return dict(found)


def set_on(scope: Scope, tag: Tag, *, after: str = "", size: int = 60) -> Page:
    """Return a page of the assets on which people set a tag, those imported last first."""
    has = HumanTag.objects.filter(asset=OuterRef("pk"), tag=tag)
    rows = live_assets(scope).filter(Exists(has)).select_related("folder").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=Cursor.read(after).pk)
    found = list(rows[: size + 1])
    more = Cursor(found[size - 1].pk, found[size - 1].folded).written() if len(found) > size else ""
    return Page(found[:size], more)


def examples_of(scope: Scope, model: TagModel, tag: Tag) -> list[Asset]:
    """Return the assets that teach a tag in a tag model, the first added first."""
    rows = live_assets(scope).filter(teaches__model=model, teaches__tag=tag).select_related("folder")
    return list(rows.order_by("teaches__added", "teaches__pk"))
