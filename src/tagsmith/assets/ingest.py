"""Bringing files into the library: a tree of this machine, or one upload.

Files are stored first, then their rows and the follow-up work come to be in one transaction per batch. So a crash
leaves contents without a row, which the next import finds, and never a row without its content.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.db import transaction

from tagsmith.assets.adoption import Batch, Policy
from tagsmith.assets.arrivals import Arrival, Found, find, take
from tagsmith.assets.commit import Duplicate, Ingest, commit, duplicates_among
from tagsmith.assets.models import LIVE, Asset, State
from tagsmith.assets.naming import checked_name, steps_of
from tagsmith.assets.origins import origin_of
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.folders import get_folder
from tagsmith.assets.services.folders import create_folder
from tagsmith.audit.services import Actor
from tagsmith.errors import ConflictError, LibraryError, WriteError
from tagsmith.sentences import say
from tagsmith.vision.files import Skipped, shown, walk

BATCH = 100
GONE = say("its content was deleted meanwhile; import it again")

Progress = Callable[[Path], None]


@dataclass
class Report:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: list[Duplicate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True)
class Uploaded:
    """The asset that an upload became, whether it was there with this content, and others of the same bytes."""

    asset_id: int
    is_unchanged: bool
    duplicates: list[Duplicate]


def import_tree(
    scope: Scope,
    actor: Actor,
    root: Path,
    into: str,
    *,
    ingest: Ingest,
    in_place: bool = False,
    on_same: Policy = Policy.REPLACE,
    progress: Progress = lambda _: None,
) -> Report:
    """Bring the image files below `root` into the folder of the path `into`, which is made where it is missing.

    A file whose size and time are those of the last import is not read again; one that could not be made ready then is
    tried again. Files that cannot be read are in the report, by name with the reason. With `in_place` the originals
    stay where they lie. `progress` is told of each file once it has been looked at; what it raises ends the import.

    Raises
    ------
    LibraryError
        `root` is no folder, or originals in place are to be kept beside what has overwritten them.
    NotFoundError
        The caller may not see the folder.
    WriteError
        The storage is full; what was stored before is in the library.
    """
    if not root.is_dir():
        raise LibraryError("{path}: no such folder", path=shown(root))
    if in_place and on_same is not Policy.REPLACE:
        raise LibraryError("an original that stays in place is overwritten there; only 'replace' can be done")
    folder = create_folder(scope, actor, into)
    batch = Batch(actor, on_same, uuid4(), folder.path, origin_of(root))
    steps = steps_of(folder.path)
    run = _TreeImport(scope, batch, ingest, progress, in_place=in_place)
    for files in _chunks(walk(root)):
        run.take_in([file if isinstance(file, Skipped) else find(file, root, steps) for file in files])
    return run.report


def upload(
    scope: Scope,
    actor: Actor,
    folder_id: int,
    name: str,
    stream: BinaryIO,
    *,
    ingest: Ingest,
    on_same: Policy = Policy.KEEP_BOTH,
) -> Uploaded:
    """Bring one file into a folder.

    Raises
    ------
    LibraryError
        The name cannot be one.
    NotFoundError
        There is no such folder, or not for this caller.
    ConflictError
        The same content was deleted in this moment; try again.
    WriteError
        The storage is full.
    """
    clean = checked_name(name)
    folder = get_folder(scope, folder_id)
    stored = ingest.storage.put(stream)
    arrival = Arrival(steps_of(folder.path), clean, stored.sha256, stored.size)
    adopted, _ = commit(Batch(actor, on_same, uuid4()), [arrival], ingest)
    ids = adopted.added + adopted.changed + adopted.unchanged
    if not ids:
        raise ConflictError("{name}: {gone}", name=clean, gone=GONE)
    return Uploaded(ids[0], bool(adopted.unchanged), duplicates_among(scope, adopted))


class _TreeImport:
    def __init__(self, scope: Scope, batch: Batch, ingest: Ingest, progress: Progress, *, in_place: bool) -> None:
        self.report = Report()
        self._scope, self._batch, self._ingest, self._progress = scope, batch, ingest, progress
        self._storage = None if in_place else ingest.storage

    def take_in(self, files: Sequence[Found | Skipped]) -> None:
        """Store what is new or changed among some files, and give it rows."""
        seen = _seen(self._batch, [file for file in files if isinstance(file, Found)])
        self.report.unchanged += len(seen)
        self._batch.claimed.update(seen.values())
        _try_again(list(seen.values()), self._ingest)
        taken: dict[Arrival, Path] = {}
        try:
            for file in files:
                if isinstance(file, Skipped):
                    self.report.skipped.append(file)
                elif file.origin not in seen:
                    self._take(file, taken)
                self._progress(file.path)
        finally:  # what is stored gets its rows, also when the disk is full
            if taken:
                self._adopt(taken)

    def _take(self, file: Found, taken: dict[Arrival, Path]) -> None:
        try:
            arrival = take(file, self._storage)
        except WriteError as error:
            raise WriteError("{path} cannot be stored: {reason}", path=shown(file.path), reason=error) from error
        if isinstance(arrival, Skipped):
            self.report.skipped.append(arrival)
        else:
            taken[arrival] = file.path

    def _adopt(self, taken: dict[Arrival, Path]) -> None:
        adopted, gone = commit(self._batch, list(taken), self._ingest)
        self.report.added += len(adopted.added)
        self.report.changed += len(adopted.changed)
        self.report.unchanged += len(adopted.unchanged)
        self.report.duplicates += duplicates_among(self._scope, adopted)
        self.report.skipped += [Skipped(taken[arrival], GONE) for arrival in gone]


def _seen(batch: Batch, files: Iterable[Found]) -> dict[str, int]:
    """Return the assets whose files have the size and time that they had at the last import, by origin."""
    now = {file.origin: (file.size, file.changed) for file in files}
    rows = Scope((batch.into,)).assets(Asset.objects.filter(LIVE, origin__in=now).exclude(origin=""))
    seen = rows.order_by("pk").values_list("pk", "origin", "size", "origin_changed")
    return {origin: pk for pk, origin, size, changed in seen if now[origin] == (size, changed)}


def _try_again(ids: Sequence[int], ingest: Ingest) -> None:
    """Have those made ready that could not be: a disk was full, or an original out of reach."""
    with transaction.atomic():
        failed = Asset.objects.filter(pk__in=ids, state=State.FAILED).order_by("pk").select_for_update(no_key=True)
        again = list(failed.values_list("pk", flat=True))
        if again:
            Asset.objects.filter(pk__in=again).update(state=State.NEW, failure="")
            ingest.after(again)


def _chunks(files: Iterable[Path | Skipped]) -> Iterator[list[Path | Skipped]]:
    rest = iter(files)
    while chunk := list(itertools.islice(rest, BATCH)):
        yield chunk
