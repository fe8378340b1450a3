"""Whether rows and files agree, both ways."""

from collections.abc import Iterator

from tagsmith.assets.content import check
from tagsmith.assets.models import LIVE, Asset, State
from tagsmith.assets.prepare import has_rendition
from tagsmith.assets.storage import Storage
from tagsmith.operations.check.finding import Finding, Severity, named

REPAIR = "`tagsmith check --repair`"


def check_files(storage: Storage) -> Iterator[Finding]:
    """Compare every row with its files and every file with its rows."""
    found = check(storage)
    if found.missing:
        what = f"{len(found.missing):,} originals are missing: {named(found.missing)}"
        yield Finding(Severity.ERROR, what, "bring them back from a backup, or import the files again")
    if found.orphans:
        what = f"{len(found.orphans):,} files are needed by nothing: {named(found.orphans)}"
        yield Finding(Severity.WARNING, what, f"{REPAIR} deletes them")
    if bare := without_rendition(storage):
        paths = [asset.path for asset in bare]
        yield Finding(Severity.WARNING, f"{len(bare):,} renditions are missing: {named(paths)}", f"{REPAIR} makes them")
    if failed := Asset.objects.filter(LIVE, state=State.FAILED).count():
        yield Finding(Severity.NOTE, f"{failed:,} assets could not be read", "their pages say why; import them again")


def without_rendition(storage: Storage) -> list[Asset]:
    """Return the assets that are ready, but for their rendition."""
    rows = Asset.objects.filter(state=State.READY).select_related("folder").order_by("pk")
    return [asset for asset in rows.iterator(chunk_size=1000) if not has_rendition(asset, storage)]
