"""An asset in lines of text, as `tagsmith asset show` prints it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagsmith.assets.models import Asset


def metadata_lines(asset: "Asset") -> Iterator[str]:
    """Yield what is known of an asset, without what is empty."""
    size = f"{asset.width} × {asset.height}" if asset.width else ""
    facts = {
        "asset": str(asset.pk),
        "state": f"{asset.get_state_display()}{f': {asset.failure}' if asset.failure else ''}",
        "image": ", ".join(filter(None, (asset.format, size, f"{asset.size:,} bytes"))),
        "title": asset.title,
        "description": asset.description,
        "keywords": ", ".join(asset.keywords),
        "creator": asset.creator,
        "rights": asset.rights,
        "captured": f"{asset.captured:%Y-%m-%d %H:%M} UTC" if asset.captured else "",
        **{str(name): str(value) for name, value in asset.custom.items()},
        "imported": f"{asset.imported:%Y-%m-%d %H:%M} UTC",
        "modified": f"{asset.modified:%Y-%m-%d %H:%M} UTC",
    }
    yield asset.path
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)


def tag_lines(asset: "Asset") -> Iterator[str]:
    """Yield the tags that people set, then the smart tags by descending confidence, then what was rejected."""
    own = asset.human_tags.order_by("tag__key").values_list("tag__key", "promoted")
    yield "Tags:"
    yield from (f"  {key}{' (promoted)' if promoted else ''}" for key, promoted in own)
    smart = asset.smart_tags.order_by("-confidence", "tag__key").select_related("tag", "version__model")
    yield "Smart Tags:"
    yield from (
        f"  {one.confidence / 10:.1f} %  {one.tag.key} ({one.version.model.title}, version {one.version.number})"
        for one in smart
    )
    yield "Rejected:"
    yield from (f"  {key}" for key in asset.rejections.order_by("tag__key").values_list("tag__key", flat=True))
