"""A written file is the old one or the new one, never a part of one."""

import resource
import stat
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tagsmith.atomic import check_writable, make_folder, write_whole
from tagsmith.errors import WriteError


@contextmanager
def full_disk(size):
    """No file can grow beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_content_is_written(tmp_path):
    write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"


def test_existing_file_is_replaced(tmp_path):
    for content in (b"a long first content", b"second"):
        write_whole(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o777])
def test_existing_file_keeps_its_permissions(tmp_path, mode):
    file = tmp_path / "file"
    file.touch()
    file.chmod(mode)
    write_whole(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_new_file_has_the_permissions_that_any_new_file_has(tmp_path):
    (tmp_path / "any").touch()
    write_whole(tmp_path / "file", b"")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_name_may_be_as_long_as_a_name_can_be(tmp_path):
    write_whole(tmp_path / ("n" * 255), b"content")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"content"


def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with full_disk(1000), pytest.raises(WriteError, match="file: File too large"):
        write_whole(file, b"n" * 5000)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(WriteError, match="nowhere/file: No such file or directory"):
        write_whole(tmp_path / "nowhere" / "file", b"")


def test_folder_in_the_place_of_the_file_stays(tmp_path):
    (tmp_path / "file").mkdir()
    with pytest.raises(WriteError, match="file"):
        write_whole(tmp_path / "file", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("path", [".", "/", ".."])
def test_path_that_names_no_file_is_refused(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WriteError):
        write_whole(Path(path), b"")
    assert not list(tmp_path.iterdir())


def test_folder_is_made_with_all_above_it(tmp_path):
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(WriteError, match="a/b: Not a directory"):
        make_folder(tmp_path / "a" / "b")


def test_check_leaves_no_trace(tmp_path):
    check_writable(tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_check_leaves_an_existing_file_as_it_is(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    check_writable(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize(("name", "reason"), [("nowhere/file", "No such file"), ("folder", "Is a directory")])
def test_check_refuses_what_could_not_be_written(tmp_path, name, reason):
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match=f"{name}: {reason}"):
        check_writable(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_reader_never_finds_half_a_file(tmp_path):
    file = tmp_path / "file"
    contents = [bytes([value]) * 100_000 for value in (1, 2)]
    write_whole(file, contents[0])

    def write():
        for turn in range(60):
            write_whole(file, contents[turn % 2])

    writer = threading.Thread(target=write)
    writer.start()
    found = set()
    while writer.is_alive():
        found.add(file.read_bytes())
    writer.join()
    assert found <= set(contents)
