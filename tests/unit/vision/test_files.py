"""Image files are found in folders; what is passed over is named, and one bad folder stops nothing."""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from tagsmith.vision.files import Skipped, find_images, is_image_name, shown, walk

NOBODY = 65534


def touch(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(root):
    """Images and what was skipped with its reason, by their path below the root."""
    images, skipped = find_images([root])
    return [path.relative_to(root).as_posix() for path in images], {
        item.path.relative_to(root).as_posix(): item.reason for item in skipped
    }


@contextmanager
def as_ordinary_user():
    """Permissions count, for root too."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder `here`, which an ordinary user reaches whatever lies above."""
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return Path("here")


@pytest.fixture
def locked(here):
    """A folder that will have no permissions, beside one that has."""
    touch(here / "locked" / "a.png", here / "open" / "b.png")
    yield here / "locked"
    (here / "locked").chmod(0o755)


def test_images_come_in_order_of_their_names(tmp_path):
    touch(tmp_path / "b.png", tmp_path / "a.JPG", tmp_path / "z" / "1.webp", tmp_path / "c" / "2.heic")
    assert found(tmp_path)[0] == ["a.JPG", "b.png", "c/2.heic", "z/1.webp"]


def test_other_files_are_passed_over(tmp_path):
    touch(tmp_path / "notes.txt", tmp_path / "a.png.xmp", tmp_path / "png", tmp_path / "a.png")
    assert found(tmp_path) == (["a.png"], {})


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    touch(tmp_path / ".a.png", tmp_path / ".thumbs" / "b.png", tmp_path / "c.png")
    assert found(tmp_path) == (["c.png"], {})


def test_named_file_is_taken_whatever_it_is_called(tmp_path):
    touch(tmp_path / "photo", tmp_path / ".hidden.png")
    paths = [tmp_path / "photo", tmp_path / ".hidden.png", tmp_path / "missing.png"]
    assert find_images(paths) == (paths, [])


def test_paths_keep_the_order_in_which_they_are_named(tmp_path):
    touch(tmp_path / "folder" / "b.png", tmp_path / "a.png")
    paths = [tmp_path / "folder", tmp_path / "a.png"]
    assert find_images(paths)[0] == [tmp_path / "folder" / "b.png", tmp_path / "a.png"]


def test_link_within_the_tree_is_followed(tmp_path):
    touch(tmp_path / "real" / "a.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "real" / "a.png")
    assert found(tmp_path) == (["b.png", "real/a.png"], {})


def test_link_out_of_the_tree_is_named(tmp_path):
    touch(tmp_path / "outside.png", tmp_path / "tree" / "a.png")
    (tmp_path / "tree" / "b.png").symlink_to("../outside.png")
    assert found(tmp_path / "tree") == (["a.png"], {"b.png": "a link that leads out of the folder is not followed"})


def test_link_to_a_folder_is_named(tmp_path):
    touch(tmp_path / "real" / "a.png")
    (tmp_path / "again").symlink_to("real")
    (tmp_path / "round").symlink_to(".")
    reason = "a link to a folder is not followed"
    assert found(tmp_path) == (["real/a.png"], {"again": reason, "round": reason})


def test_tree_may_itself_be_a_link(tmp_path):
    touch(tmp_path / "real" / "a.png")
    (tmp_path / "real" / "b.png").symlink_to("a.png")
    (tmp_path / "tree").symlink_to("real")
    assert found(tmp_path / "tree") == (["a.png", "b.png"], {})


@pytest.mark.req("L3c")
@pytest.mark.parametrize("target", ["a.png", "nowhere.png"])
def test_link_to_nothing_is_left_to_the_decoder_to_refuse(tmp_path, target):
    (tmp_path / "a.png").symlink_to(target)
    touch(tmp_path / "b.png")
    assert found(tmp_path) == (["a.png", "b.png"], {})


@pytest.mark.req("L3c")
def test_folder_that_cannot_be_listed_is_named_and_the_others_are_read(locked):
    locked.chmod(0)
    with as_ordinary_user():
        images, skipped = find_images([locked.parent])
    assert images == [locked.parent / "open" / "b.png"]
    assert skipped == [Skipped(locked, "the folder cannot be read: Permission denied")]


@pytest.mark.req("L3c")
def test_folder_whose_files_cannot_be_seen_is_left_to_the_decoder_to_refuse(locked):
    locked.chmod(0o444)
    with as_ordinary_user():
        images, skipped = find_images([locked.parent])
    assert images == [locked / "a.png", locked.parent / "open" / "b.png"]
    assert skipped == []


@pytest.mark.req("L3c")
def test_named_file_that_cannot_be_seen_is_left_to_the_decoder_to_refuse(locked):
    locked.chmod(0)
    with as_ordinary_user():
        assert find_images([locked / "a.png"]) == ([locked / "a.png"], [])


def test_name_that_is_not_utf8_is_found(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    path.touch()
    assert list(walk(tmp_path)) == [path]


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "ä.tif", "a.b.png"])
def test_extension_makes_an_image(name):
    assert is_image_name(name)


@pytest.mark.parametrize("name", ["jpg", ".jpg", ".a.jpg", "a.jpg.txt", "a.", "", "a.svg"])
def test_other_names_make_none(name):
    assert not is_image_name(name)


def test_shown_can_always_be_printed():
    assert shown(Path(os.fsdecode(b"caf\xe9/\xc3\xa9.png"))) == "caf\\xe9/é.png"
