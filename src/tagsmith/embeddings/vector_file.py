"""A file of vectors, each with the digest of what it was made of. Nothing here knows the database.

After a header come segments: the ids of the assets of its rows, then the rows. Rows are only ever added, each before
the id that leads to it, so that readers need no lock. They need not trust it either: a row that was cut off, half
written or damaged disagrees with its check, and is none. It is read and not mapped: a file that is cut short under a
mapping kills whoever looks at it.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from hashlib import sha256
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagsmith.atomic import make_folder, write_whole
from tagsmith.embeddings.wire import Contents, Halves, Ids

HEADER = 4096
SEGMENT = 1024  # rows
KEPT_FREE = 2**30  # bytes of the disk: what can be made again does not take the last of it

Rows = NDArray[Any]


class VectorFile:
    """The file of one encoder: how it is laid out, and how rows are read and added."""

    def __init__(self, folder: Path, identifier: str, dimension: int) -> None:
        name = sha256(identifier.encode()).hexdigest()
        self.path = folder / f"{name[:32]}.vectors"
        self.header = f"tagsmith vectors 1 {name} {dimension}\n".encode().ljust(HEADER)
        self.row = _row_type(dimension)

    def opened(self, flags: int = os.O_RDONLY) -> int:
        """Return a descriptor of the file; raises OSError if there is none, or one of something else."""
        descriptor = os.open(self.path, flags)
        with _closed_on_failure(descriptor):
            if os.pread(descriptor, HEADER, 0) != self.header:
                raise FileNotFoundError(errno.ENOENT, "no file of these vectors", str(self.path))
        return descriptor

    @contextmanager
    def alone(self) -> Iterator[int]:
        """Give a descriptor to whoever is alone in adding rows, of a new file if there is none.

        Raises
        ------
        OSError
            Somebody else is just adding some, which is not waited for; or there is little room on the disk.
        WriteError
            The file cannot be made.
        """
        try:
            descriptor = self.opened(os.O_RDWR)
        except FileNotFoundError:
            self.start_anew()
            descriptor = self.opened(os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            disk = os.fstatvfs(descriptor)
            if disk.f_bavail * disk.f_frsize < KEPT_FREE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            yield descriptor
        finally:
            os.close(descriptor)

    def start_anew(self) -> None:
        """Put an empty file in the place of what is there; raises WriteError. Who reads the old one may go on."""
        make_folder(self.path.parent)
        write_whole(self.path, self.header)

    def ids(self, descriptor: int, since: int = 0) -> Ids:
        """Return the assets of the rows from row `since` on, which begins a segment."""
        found = []
        for number in count(since // SEGMENT):
            read = os.pread(descriptor, 8 * SEGMENT, self._segment(number)).ljust(8 * SEGMENT, b"\0")
            ids = np.frombuffer(read, "<i8")
            unused = np.flatnonzero(ids == 0)
            found.append(ids[: unused[0]] if len(unused) else ids)
            if len(unused):
                break
        return np.concatenate(found)

    def rows(self, descriptor: int, places: Ids) -> Rows:
        """Return the rows at these places; zeros for what is not there, and where a place is below zero."""
        raw = np.zeros((len(places), self.row.itemsize), np.uint8)
        breaks = np.flatnonzero((np.diff(places) != 1) | (places[1:] % SEGMENT == 0)) + 1
        bounds = [0, *breaks.tolist(), len(places)]
        for start, stop in pairwise(bounds):
            if places[start] >= 0:
                with suppress(OSError):
                    os.preadv(descriptor, [raw[start:stop].data], self._place(int(places[start])))
        return raw.view(self.row)[:, 0]

    def made(self, contents: Contents, vectors: Halves) -> Rows:
        """Return rows to add."""
        rows = np.zeros(len(contents), self.row)
        rows["content"], rows["vector"] = contents, vectors
        rows["check"] = self._checks(rows)
        return rows

    def holds(self, rows: Rows, contents: Contents) -> NDArray[np.bool_]:
        """Return (rows,) which of them are whole, and of these contents."""
        return np.asarray((rows["content"] == contents) & (rows["check"] == self._checks(rows)))

    def add(self, descriptor: int, there: int, ids: Ids, rows: Rows) -> None:
        """Write rows after those that are there already; raises OSError where they do not fit."""
        room = SEGMENT - there % SEGMENT
        _write(descriptor, rows[:room].tobytes(), self._place(there))
        _write(descriptor, ids[:room].astype("<i8").tobytes(), self._segment(there // SEGMENT) + 8 * (there % SEGMENT))
        if len(ids) > room:
            self.add(descriptor, there + room, ids[room:], rows[room:])

    def _segment(self, number: int) -> int:
        return HEADER + number * SEGMENT * (8 + self.row.itemsize)

    def _place(self, row: int) -> int:
        return self._segment(row // SEGMENT) + 8 * SEGMENT + row % SEGMENT * self.row.itemsize

    def _checks(self, rows: Rows) -> NDArray[np.uint64]:
        """Return (rows,) sums of the words after the check, of which none is zero for a row of zeros."""
        words = rows.view(np.uint64).reshape(len(rows), self.row.itemsize // 8)
        return np.asarray(words[:, 1:] @ self._weights + np.uint64(1))

    @cached_property
    def _weights(self) -> NDArray[np.uint64]:
        """Odd numbers, another for each word: words that have changed places are found out too."""
        numbers = np.arange(1, self.row.itemsize // 8, dtype=np.uint64)
        return numbers * np.uint64(0x9E37_79B9_7F4A_7C15) | np.uint64(1)


def _row_type(dimension: int) -> np.dtype[Any]:
    """Return the layout of a row: whole words, the first of which is the check of the others."""
    fields = {"check": ("<u8", 0), "content": ("S64", 8), "vector": (("<f2", (dimension,)), 72)}
    formats, offsets = zip(*fields.values(), strict=True)
    size = -(-(72 + 2 * dimension) // 8) * 8
    return np.dtype({"names": list(fields), "formats": formats, "offsets": offsets, "itemsize": size})


def _write(descriptor: int, content: bytes, place: int) -> None:
    if os.pwrite(descriptor, content, place) < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _closed_on_failure(descriptor: int) -> Iterator[None]:
    try:
        yield
    except OSError:
        os.close(descriptor)
        raise
