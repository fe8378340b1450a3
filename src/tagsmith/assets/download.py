"""A selection of assets as one zip, written as it is read: neither memory nor disk holds the whole."""

import io
import zipfile
from collections.abc import Collection, Iterator

from tagsmith.assets.content import original_of
from tagsmith.assets.models import Asset
from tagsmith.assets.naming import fold, numbered
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.assets.storage import BLOCK, Storage
from tagsmith.errors import LibraryError, NotFoundError

LARGE = 1 << 31  # bytes; from here an entry has the long form


def zip_of(scope: Scope, asset_ids: Collection[int], storage: Storage) -> Iterator[bytes]:
    """Return the zip's bytes in blocks; every entry has its asset's name, the second of a name a number.

    Everything is checked before the first block.

    Raises
    ------
    NotFoundError
        An asset is not there, or not for this caller.
    LibraryError
        An original is missing; the message names it.
    """
    assets = list(live_assets(scope).filter(pk__in=asset_ids).select_related("folder").order_by("pk"))
    if len(assets) != len(set(asset_ids)):
        raise NotFoundError("some of the assets are not there")
    for asset in assets:
        if not original_of(asset, storage).is_file():
            raise LibraryError("{path}: its original is missing", path=asset.path)
    return _blocks(assets, storage)


class _Pipe(io.RawIOBase):
    """Takes what the zip writer writes, and gives it away once."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        content = bytes(block)  # type: ignore[call-overload]
        self._written.append(content)
        return len(content)

    def drain(self) -> bytes:
        content = b"".join(self._written)
        self._written.clear()
        return content


def _blocks(assets: Collection[Asset], storage: Storage) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # images are compressed already
        for asset, name in zip(assets, _names(assets), strict=True):
            entry = zipfile.ZipInfo(name, asset.modified.timetuple()[:6])
            with (
                original_of(asset, storage).open("rb") as source,
                archive.open(entry, "w", force_zip64=asset.size >= LARGE) as target,
            ):
                while block := source.read(BLOCK):
                    target.write(block)
                    yield pipe.drain()
    yield pipe.drain()


def _names(assets: Collection[Asset]) -> Iterator[str]:
    taken: set[str] = set()
    for asset in assets:
        name, number = asset.name, 1
        while fold(name) in taken:
            number += 1
            name = numbered(asset.name, number)
        taken.add(fold(name))
        yield name
