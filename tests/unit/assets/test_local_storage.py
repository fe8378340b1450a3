"""Files by their content: kept byte for byte, once, whole or not at all."""

import hashlib
import io
import os
import resource
import time

import pytest

from tagsmith.assets.local_storage import ABANDONED_AFTER, LocalStorage
from tagsmith.assets.storage import BLOCK, digest_of
from tagsmith.errors import WriteError


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path / "data folder")


def files(storage):
    return sorted(path.relative_to(storage.folder).as_posix() for path in storage.folder.rglob("*") if path.is_file())


def sha(content):
    return hashlib.sha256(content).hexdigest()


class Failing(io.BytesIO):
    def read(self, size=-1):
        block = super().read(size)
        if not block:
            raise OSError(5, "Input/output error")
        return block


@pytest.fixture
def small_files():
    """No file may grow beyond 100,000 bytes, which the system reports much as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.req("L1b")
@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 1])
def test_original_is_kept_byte_for_byte_where_its_digest_says(storage, size):
    content = os.urandom(size)
    stored = storage.put(io.BytesIO(content))
    digest = sha(content)
    assert (stored.sha256, stored.size, stored.is_new) == (digest, size, True)
    assert files(storage) == [f"originals/{digest[:2]}/{digest[2:4]}/{digest}"]
    with storage.open(digest) as file:
        assert file.read() == content


@pytest.mark.req("L1b")
def test_identical_content_is_stored_once(storage):
    storage.put(io.BytesIO(b"same"))
    assert not storage.put(io.BytesIO(b"same")).is_new
    assert len(files(storage)) == 1


def test_stream_that_breaks_leaves_nothing_and_its_error_passes(storage):
    with pytest.raises(OSError, match="Input/output"):
        storage.put(Failing(b"half"))
    assert files(storage) == []


@pytest.mark.req("L1b")
def test_full_disk_names_the_file_and_leaves_nothing(storage, small_files):
    with pytest.raises(WriteError, match=r"originals/incoming/.*: File too large"):
        storage.put(io.BytesIO(bytes(200_000)))
    assert files(storage) == []


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "originals").write_text("in the way")
    with pytest.raises(WriteError, match="originals"):
        LocalStorage(tmp_path).put(io.BytesIO(b"a"))


def test_delete_takes_the_original_and_no_other(storage):
    kept, gone = (storage.put(io.BytesIO(content)).sha256 for content in (b"kept", b"gone"))
    storage.delete(gone)
    storage.delete(gone)
    assert storage.exists(kept)
    assert not storage.exists(gone)


@pytest.mark.req("L1b")
def test_renditions_lie_apart_and_go_together(storage):
    digest = sha(b"a")
    storage.put_rendition(digest, 512, b"large")
    storage.put_rendition(digest, 128, b"small")
    storage.put_rendition(sha(b"b"), 512, b"other")
    assert storage.rendition(digest, 512).read_bytes() == b"large"
    assert sorted(storage.contents()) == sorted([digest, digest, sha(b"b")])
    storage.delete_renditions(digest)
    assert list(storage.contents()) == [sha(b"b")]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ab", "A" * 64, "0" * 63 + "/"])
def test_only_a_digest_is_a_place(storage, name):
    with pytest.raises(ValueError, match="SHA-256"):
        storage.path(name)


def test_sweep_takes_what_a_crash_left_and_not_what_is_being_written(storage):
    storage.put(io.BytesIO(b"a"))
    old, new = (storage.folder / "originals" / "incoming" / name for name in ("old", "new"))
    for part in (old, new):
        part.touch()
    long_ago = time.time() - ABANDONED_AFTER - 60
    os.utime(old, (long_ago, long_ago))
    assert storage.sweep() == 1
    assert not old.exists()
    assert new.exists()


def test_digest_of_keeps_nothing():
    assert digest_of(io.BytesIO(b"abc")).sha256 == sha(b"abc")
