"""A library from the command line: import, teach, tag, undo, check."""

import csv
import shutil

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def filled(library, tmp_path):
    draw_tree(tmp_path / "photos" / "teach", ("disc", "stripes", "star"), 12)
    draw_tree(tmp_path / "photos" / "shop", ("disc", "stripes", "star", "grid"), 5, first=100)
    (tmp_path / "photos" / "shop" / "bad.jpg").write_text("no picture")
    done = library("import", tmp_path / "photos")
    assert done.returncode == 0, done.stderr
    assert "shop/bad.jpg: not an image that Tagsmith reads" in done.stderr
    assert done.stdout == "57 added, 0 changed, 0 unchanged, 0 duplicates, 1 could not be read\n"
    return library


@pytest.mark.req("L2a", "L2d")
def test_second_import_adds_only_what_is_new_or_changed(filled, tmp_path):
    draw_tree(tmp_path / "photos" / "shop", ("grid",), 1, first=200)
    done = filled("import", tmp_path / "photos")
    assert done.stdout == "1 added, 0 changed, 57 unchanged, 0 duplicates, 1 could not be read\n"


@pytest.mark.req("W1a", "W5a", "M9a")
def test_library_is_taught_tagged_and_undone(filled, tmp_path):
    assert filled("model", "create", "Shapes", "teach/disc", "teach/stripes", "teach/star").returncode == 0
    assert "version 1 is live" in filled("model", "train", "1").stdout
    assert "Trained; version 1 live" in filled("model", "list").stdout
    tagged = filled("tag", "shop").stdout
    assert tagged.startswith("run 1: 20 looked at, ")
    assert tagged.endswith("1 skipped (not prepared, or could not be read)\n")
    assert "20 skipped (tagged not long ago)" in filled("tag", "shop").stdout
    assert filled("run", "show", "1").stdout.startswith("Tag shop: Success\n20 of 20 done, ")
    assert "changes taken back" in filled("run", "undo", "1").stdout
    again = filled("run", "undo", "1")
    assert (again.returncode, again.stderr) == (1, "tagsmith: 'Tag shop' was undone before\n")
    exported = tmp_path / "shapes.tagsmith"
    assert filled("model", "export", "1", exported).returncode == 0
    assert filled("apply", exported, tmp_path / "photos" / "shop" / "disc").returncode == 0


@pytest.mark.req("M9b")
def test_training_that_cannot_be_done_says_why(filled):
    filled("model", "create", "Too few", "shop/disc", "shop/star")
    done = filled("model", "train", "1")
    assert done.returncode == 1
    assert "default:disc: 5 different examples; a tag needs 10 to 50" in done.stderr
    assert "Failed; default:disc: 5" in filled("model", "list").stdout


def test_check_names_what_is_missing(filled, data):
    assert filled("check").returncode == 0
    original = next(path for path in sorted((data / "files" / "originals").rglob("*")) if path.is_file())
    original.unlink()
    done = filled("check")
    assert done.returncode == 1
    assert done.stdout.startswith("error: 1 originals are missing: ")


@pytest.mark.req("X3a")
def test_taxonomy_comes_in_and_goes_out(library, tmp_path):
    file = tmp_path / "tags.csv"
    file.write_text("id,title:en,title:de,synonyms:en\nshoe/boot,Boot,Stiefel,gumboot\n", encoding="utf-8")
    assert library("tags", "import", file).returncode == 0
    assert library("tags", "export", tmp_path / "out.csv").returncode == 0
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(text.splitlines())}
    assert rows["default:shoe/boot"]["title:de"] == "Stiefel"
    assert "default:shoe" in rows


@pytest.mark.req("X3a")
def test_wrong_taxonomy_file_names_its_lines_and_changes_nothing(library, tmp_path):
    file = tmp_path / "tags.csv"
    file.write_text("id\nshoe\nshoe\n", encoding="utf-8")
    done = library("tags", "import", file)
    assert done.returncode == 1
    assert f"tagsmith: {file}: " in done.stderr
    assert "3" in done.stderr


def test_originals_can_stay_in_place(library, tmp_path, data):
    photos = draw_tree(tmp_path / "photos", ("disc",), 3)
    assert library("import", photos, "--in-place").returncode == 0
    assert not [path for path in (data / "files").rglob("*.png") if path.is_file()]
    shutil.rmtree(photos)
    assert library("check").returncode == 1
