import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from tagsmith.embeddings import vector_file
from tagsmith.embeddings.cache import FEW, VectorCache, cache_of, configure
from tagsmith.embeddings.vector_file import SEGMENT

DIMENSION = 5


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "vectors"


@pytest.fixture
def cache(folder):
    return VectorCache(folder, "test", DIMENSION)


def file_in(folder):
    (file,) = folder.iterdir()
    return file


def contents(ids, name="content"):
    return np.array([f"{name}-{pk}".rjust(64, "0") for pk in ids], "S64")


def vectors(ids, seed=0):
    return np.stack([np.random.default_rng((seed, pk)).standard_normal(DIMENSION) for pk in ids]).astype(np.float16)


def add(cache, ids, name="content", seed=0, there=10**9):
    cache.add(np.array(ids), contents(ids, name), vectors(ids, seed), lambda: there)


def had(cache, ids, name="content"):
    """Return the vectors that a cache gives, by asset."""
    ids = np.array(ids)
    has, found = cache.read(cache.places(ids), contents(ids, name))
    return {int(pk): vector for pk, vector in zip(ids[has], found[has], strict=True)}


def has_exactly(cache, ids, asked=None, *, name="content", seed=0):
    """Tell whether it has the vectors of these assets, of all that are asked for."""
    found = had(cache, ids if asked is None else asked, name)
    return sorted(found) == sorted(ids) and all(
        np.array_equal(found[pk], vector) for pk, vector in zip(ids, vectors(ids, seed), strict=True)
    )


def test_what_was_added_is_found_whatever_else_is_asked_for(cache):
    add(cache, [7, 3, 5])
    assert has_exactly(cache, [3, 5, 7], [1, 3, 4, 5, 7, 9])
    add(cache, [1, 9])
    assert has_exactly(cache, [1, 3, 5, 7, 9], [1, 3, 4, 5, 7, 9])


def test_nothing_is_found_where_nothing_is(cache):
    assert had(cache, [1, 2]) == {}


def test_rows_of_many_segments_are_found_in_any_order(cache):
    ids = np.random.default_rng(0).permutation(np.arange(1, 3 * SEGMENT)).tolist()
    for start in range(0, len(ids), 700):
        add(cache, ids[start : start + 700])
    assert has_exactly(cache, list(range(1, 3 * SEGMENT)))


def test_other_processes_find_it(cache, folder):
    other = VectorCache(folder, "test", DIMENSION)
    assert had(other, [1, 2]) == {}
    add(cache, [1, 2])
    assert has_exactly(other, [1, 2])


def test_vector_of_another_content_is_never_given(cache, folder):
    add(cache, [1, 2])
    assert had(cache, [1, 2], "replaced") == {}
    add(VectorCache(folder, "test", DIMENSION), [1], "replaced", seed=1)
    assert has_exactly(cache, [1], [1, 2], name="replaced", seed=1)


def test_encoders_do_not_share(cache, folder):
    add(cache, [1])
    assert had(VectorCache(folder, "another", DIMENSION), [1]) == {}
    assert had(VectorCache(folder, "test", DIMENSION + 1), [1]) == {}
    assert has_exactly(cache, [1])


@pytest.mark.parametrize("size", [0, 10, 4096, 4100, 4096 + 8 * SEGMENT, 4096 + 8 * SEGMENT + 100])
def test_file_that_was_cut_short_gives_only_what_is_whole(cache, folder, size):
    ids = list(range(1, 41))
    add(cache, ids)
    assert has_exactly(cache, ids)
    for reader in (cache, VectorCache(folder, "test", DIMENSION)):
        os.truncate(file_in(folder), size)
        found = had(reader, ids)
        assert len(found) < len(ids)
        assert all(np.array_equal(found[pk], vectors([pk])[0]) for pk in found)
        add(reader, ids)
        assert has_exactly(reader, ids)


@pytest.mark.parametrize("seed", range(8))
def test_damage_anywhere_never_gives_a_wrong_vector(cache, folder, seed):
    ids = list(range(1, 101))
    add(cache, ids)
    file = file_in(folder)
    rng = np.random.default_rng(seed)
    raw = bytearray(file.read_bytes())
    for place in rng.integers(0 if seed == 0 else 4096, len(raw) - 300, 4):
        raw[place : place + 300] = rng.bytes(300) if seed % 2 else bytes(300)
    file.write_bytes(raw)
    found = had(VectorCache(folder, "test", DIMENSION), ids)
    assert all(np.array_equal(found[pk], vectors([pk])[0]) for pk in found)


def test_words_that_change_places_are_found_out(cache, folder):
    add(cache, [1])
    file = file_in(folder)
    raw = bytearray(file.read_bytes())
    start = 4096 + 8 * SEGMENT + 8
    raw[start : start + 16] = raw[start + 8 : start + 16] + raw[start : start + 8]
    raw[start + 64 : start + 80] = raw[start + 72 : start + 80] + raw[start + 64 : start + 72]
    file.write_bytes(raw)
    assert had(cache, [1]) == {}


@pytest.mark.parametrize("content", [b"", b"tagsmith vectors 0 of an earlier format\n", os.urandom(100_000)])
def test_file_of_something_else_is_replaced(cache, folder, content):
    add(cache, [1])
    file_in(folder).write_bytes(content)
    assert had(cache, [1]) == {}
    add(cache, [2])
    assert has_exactly(cache, [2], [1, 2])


def test_folder_in_place_of_the_file_is_no_error(cache, folder):
    add(cache, [1])
    file = file_in(folder)
    file.unlink()
    file.mkdir()
    assert had(cache, [1]) == {}
    add(cache, [1])
    assert had(cache, [1]) == {}


def test_file_that_is_deleted_while_in_use_is_begun_anew(cache, folder):
    add(cache, [1, 2])
    assert has_exactly(cache, [1, 2])
    file_in(folder).unlink()
    folder.rmdir()
    assert has_exactly(cache, [1, 2])  # it is still open
    add(cache, [3])
    assert has_exactly(cache, [3], [1, 3])
    assert has_exactly(VectorCache(folder, "test", DIMENSION), [3], [1, 2, 3])


def test_who_does_not_get_the_lock_does_not_cache_and_does_not_wait(cache, folder):
    add(cache, [1])
    with vector_file.VectorFile(folder, "test", DIMENSION).alone():
        add(cache, [2])
    assert has_exactly(cache, [1], [1, 2])


def test_full_disk_is_no_error(cache, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    add(cache, [1])
    monkeypatch.setattr(os, "pwrite", full)
    add(cache, [2])
    monkeypatch.setattr(os, "pwrite", lambda *_: 3)  # as much as fitted
    add(cache, [3])
    monkeypatch.undo()
    assert has_exactly(cache, [1], [1, 2, 3])
    add(cache, [2, 3])
    assert has_exactly(cache, [1, 2, 3])


def test_last_room_of_the_disk_is_left_to_others(cache, monkeypatch):
    add(cache, [1])
    monkeypatch.setattr(vector_file, "KEPT_FREE", 2**62)
    add(cache, [2])
    assert has_exactly(cache, [1], [1, 2])


def test_place_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "cache").touch()
    cache = VectorCache(tmp_path / "cache", "test", DIMENSION)
    add(cache, [1])
    assert had(cache, [1]) == {}


def test_file_that_is_mostly_useless_is_begun_anew_and_another_is_not(cache, folder):
    ids = list(range(1, 2 * FEW))
    add(cache, ids)
    add(cache, [2 * FEW, 2 * FEW + 1], there=FEW)
    assert file_in(folder).stat().st_size > SEGMENT * 80
    add(cache, list(range(3 * FEW, 6 * FEW)), there=FEW)  # at twice as many rows it is asked again
    assert file_in(folder).stat().st_size == vector_file.HEADER
    add(cache, [1])
    assert has_exactly(cache, [1], ids)


def test_rows_whose_writer_was_killed_before_naming_them_are_not_there(cache, folder):
    add(cache, [1])
    with killed_writer(folder, [2, 3], after=1):
        assert has_exactly(cache, [1], [1, 2, 3])
    add(cache, [2])
    assert has_exactly(cache, [1, 2], [1, 2, 3])


def test_rows_whose_writer_was_killed_after_naming_them_are_there(cache, folder):
    with killed_writer(folder, [2, 3], after=2):
        assert has_exactly(cache, [2, 3], [1, 2, 3])


def test_processes_that_add_at_once_lose_nothing_that_is_named(cache, folder):
    writers = [started(folder, range(first, 4000, 4)) for first in (1, 2)]
    for writer in writers:
        assert writer.wait(60) == 0
    found = had(cache, range(1, 4000))
    assert found
    assert all(np.array_equal(found[pk], vectors([pk])[0]) for pk in found)


def test_threads_share_one(cache):
    wrong = []

    def work(first):
        for pk in range(first, 400, 4):
            add(cache, [pk])
            found = had(cache, range(1, 400))
            wrong.extend(pk for pk in found if not np.array_equal(found[pk], vectors([pk])[0]))

    threads = [threading.Thread(target=work, args=(first,)) for first in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert had(cache, range(1, 400))
    assert not wrong


def test_nothing_is_cached_unless_configured(tmp_path):
    assert cache_of("test", DIMENSION) is None
    configure(tmp_path)
    try:
        assert cache_of("test", DIMENSION) is cache_of("test", DIMENSION)
        assert cache_of("test", DIMENSION) is not cache_of("another", DIMENSION)
    finally:
        configure(None)


def killed_writer(folder, ids, *, after):
    """Give a cache to which another process was adding until it was killed, after so many writes."""
    writer = started(folder, ids, f"kill_after({after})")
    assert writer.wait(60) == -signal.SIGKILL
    return writer


def started(folder, ids, before=""):
    """Start a process that adds vectors one by one, or at once if it shall be killed in the middle."""
    code = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_cache import VectorCache, DIMENSION, add, kill_after
ids = {list(ids)!r}
{before}
for some in ([ids] if {bool(before)} else [ids[start : start + 3] for start in range(0, len(ids), 3)]):
    add(VectorCache(Path({str(folder)!r}), "test", DIMENSION), some)
"""
    return subprocess.Popen([sys.executable, "-c", code])


def kill_after(writes):
    """Kill this process when it has written so often."""
    pwrite, done = os.pwrite, []

    def counted(*given):
        written = pwrite(*given)
        done.append(written)
        if len(done) == writes:
            os.kill(os.getpid(), signal.SIGKILL)
        return written

    os.pwrite = counted
