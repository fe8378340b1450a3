"""Vectors cached in a file beside the database, from which all processes of this machine read them faster.

Nothing depends on it: what it lacks is read from the database, and it may be deleted at any time. A row is of an asset
and a content, and is used only if that is the content of the vector which the database has of the asset.
"""

import logging
import os
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagsmith.embeddings.vector_file import SEGMENT, VectorFile
from tagsmith.embeddings.wire import Contents, Halves, Ids
from tagsmith.errors import WriteError

FEW = 8 * SEGMENT  # rows, of which it does not matter how many are of no use

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """The file as it was when last looked at; it can be read also when another has taken its place.

    `ids` are in order, each with the place of its row; of several rows of an asset the latest is the last.
    """

    descriptor: int
    stamp: tuple[int, int, int]
    ids: Ids
    places: Ids

    def places_of(self, ids: Ids) -> Ids:
        """Return where the rows of assets are, -1 for none."""
        at = np.searchsorted(self.ids, ids, side="right") - 1
        return np.where(self.ids[at] == ids, self.places[at], -1) if len(self.ids) else np.full(len(ids), -1)


class VectorCache:
    """The cached vectors of one encoder. Threads may share it."""

    def __init__(self, folder: Path, identifier: str, dimension: int) -> None:
        self._file = VectorFile(folder, identifier, dimension)
        self._known: _Known | None = None
        self._lacked = True  # something, when it was last read

    def places(self, ids: Ids) -> Ids:
        """Return where the rows of assets are, for `read`; -1 for none. Looks at the file again if it must."""
        known = self._known
        if known is None or self._lacked or known.places_of(ids).min(initial=0) < 0:
            known = self._look()
        return np.full(len(ids), -1) if known is None else known.places_of(ids)

    def read(self, places: Ids, contents: Contents) -> tuple[NDArray[np.bool_], Halves]:
        """Return (assets,) of which it has the vector, and (assets, dimension) vectors; those of others are no use."""
        known = self._known
        rows = self._file.rows(known.descriptor if known else -1, places)
        has = self._file.holds(rows, contents)
        self._lacked = self._lacked or not has.all()
        return has, rows["vector"]

    def add(self, ids: Ids, contents: Contents, vectors: Halves, count_all: Callable[[], int]) -> None:
        """Cache vectors, unless somebody else is just adding some, or there is no room.

        Whenever the rows double, `count_all` is asked how many vectors the database has: if most rows have become
        useless, as assets were replaced or deleted, the file is started anew.
        """
        try:
            with self._file.alone() as descriptor:
                there = self._count(descriptor)
                if _doubles(there, len(ids)) and 2 * count_all() < there:
                    self._file.start_anew()
                else:
                    self._file.add(descriptor, there, ids, self._file.made(contents, vectors))
        except (OSError, WriteError) as error:
            log.debug("vectors are not cached: %s", error)

    def _look(self) -> _Known | None:
        """Get to know the file as it is now, if that is not known yet."""
        self._lacked = False
        known = self._known
        try:
            if known is None or known.stamp != _stamp(self._file.path.stat()):
                known = self._known = self._opened()
        except OSError:
            known = self._known = None
        return known

    def _opened(self) -> _Known:
        descriptor = self._file.opened()
        stamp = _stamp(os.fstat(descriptor))  # before the ids: what is added meanwhile is not missed later
        ids = self._file.ids(descriptor)
        places = np.argsort(ids, kind="stable")
        known = _Known(descriptor, stamp, ids[places], places)
        weakref.finalize(known, os.close, descriptor)  # when no thread reads from it any more
        return known

    def _count(self, descriptor: int) -> int:
        """Return how many rows the file has; those that are known need not be counted again."""
        known = self._known
        same = known is not None and known.stamp[0] == os.fstat(descriptor).st_ino
        since = len(known.ids) // SEGMENT * SEGMENT if known and same else 0
        return since + len(self._file.ids(descriptor, since))


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _doubles(there: int, more: int) -> bool:
    return there >= FEW and there.bit_length() < (there + more).bit_length()


_folder: list[Path] = []
_caches: dict[tuple[str, int], VectorCache] = {}


def configure(folder: Path | None) -> None:
    """Say once, where the program is put together, where vectors are cached; None is nowhere."""
    _folder[:] = [folder] if folder else []
    _caches.clear()


def cache_of(identifier: str, dimension: int) -> VectorCache | None:
    """Return the cache of an encoder's vectors, None if they are not cached."""
    if not _folder:
        return None
    return _caches.setdefault((identifier, dimension), VectorCache(_folder[0], identifier, dimension))
