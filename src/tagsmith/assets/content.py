"""Rows and the files they need: where an asset's original is, what no row needs, what is missing."""

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from tagsmith.assets.locks import lock_content
from tagsmith.assets.models import Asset, AssetVersion
from tagsmith.assets.origins import path_of
from tagsmith.assets.storage import Storage

CHUNK = 500


@dataclass(frozen=True)
class Findings:
    """Originals that rows need and that are not there, by path in the library, and digests that no row needs."""

    missing: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def original_of(asset: Asset, storage: Storage) -> Path:
    """Return the file that holds an asset's original."""
    return path_of(asset.origin) if asset.in_place else storage.path(asset.content)


def check(storage: Storage) -> Findings:
    """Compare all rows with all files. What a running import has stored, but not committed, counts as an orphan."""
    assets = Asset.objects.select_related("folder").order_by("pk").iterator(chunk_size=CHUNK)
    missing = [asset.path for asset in assets if not original_of(asset, storage).is_file()]
    versions = AssetVersion.objects.select_related("asset__folder").order_by("pk").iterator(chunk_size=CHUNK)
    missing += [f"{version.asset.path} (earlier)" for version in versions if not storage.exists(version.content)]
    return Findings(missing, sorted(_orphans(storage)))


def remove_orphans(storage: Storage) -> int:
    """Delete the files that no row needs, and what crashes left half-written; return how many digests went."""
    storage.sweep()
    orphans = _orphans(storage)
    discard_unneeded(storage, orphans)
    return len(orphans)


def discard_unneeded(storage: Storage, contents: Iterable[str]) -> None:
    """Delete those of the originals that no row needs, with their renditions.

    Call it after the rows' transaction: were that undone, the files would be missed.
    """
    for chunk in _chunks(contents):
        with transaction.atomic():
            lock_content()
            originals, renditions = _needed(chunk)
            for sha256 in set(chunk) - originals:
                storage.delete(sha256)
            for sha256 in set(chunk) - renditions:
                storage.delete_renditions(sha256)


def _orphans(storage: Storage) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(storage.contents()):
        found |= set(chunk) - _needed(chunk)[1]
    return found


def _needed(contents: Collection[str]) -> tuple[set[str], set[str]]:
    """Return which of the contents are needed in the storage itself, and which by any row at all."""
    rows = Asset.objects.filter(content__in=contents)
    versions = set(AssetVersion.objects.filter(content__in=contents).values_list("content", flat=True))
    copied = set(rows.filter(in_place=False).values_list("content", flat=True))
    return copied | versions, set(rows.values_list("content", flat=True)) | versions


def _chunks(contents: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(contents)
    while chunk := list(itertools.islice(rest, CHUNK)):
        yield chunk
