"""`tagsmith model import` as a user has it."""

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures

pytestmark = pytest.mark.req("M15e")


def test_model_file_serves_in_a_library(library, model, drawn):
    done = library("model", "import", model, "--publish")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tag model 1: shapes, 3 tags; version 1 is live\n"
    assert library("import", drawn / "library").returncode == 0
    tagged = library("tag", "/").stdout
    assert int(tagged.split()[5]) >= 12, tagged
    waiting = library("model", "import", model, "--title", "Again")
    assert waiting.stdout.endswith("version 1 waits: `tagsmith model publish 2 1` makes it live\n")


def test_model_file_of_another_encoder_than_the_serving_one_is_refused(library, model):
    refused = library("model", "import", model, encoder="standard")
    assert refused.returncode == 1
    assert "taught with the encoder fast" in refused.stderr
    assert "this library's is standard" in refused.stderr


def test_folder_per_tag_comes_in_and_can_be_trained(library, tmp_path):
    photos = draw_tree(tmp_path / "shapes", ("disc", "star"), 11)
    (photos / "disc" / "bad.png").write_text("no picture")
    done = library("model", "import", photos, "--folder", "teach/shapes", "--title", "Shapes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "default:disc: 11 examples",
        "default:star: 11 examples",
        "tag model 1: Shapes; `tagsmith model train 1` trains it",
    ]
    assert "teach/shapes/disc/bad.png: not an image that Tagsmith reads" in done.stderr
    assert "version 1 is live" in library("model", "train", "1").stdout


def test_folder_that_cannot_be_a_model_leaves_nothing(library, tmp_path):
    photos = draw_tree(tmp_path / "shapes", ("disc",), 2)
    draw_tree(photos / ("x" * 201), ("star",), 1)
    done = library("model", "import", photos)
    assert done.returncode == 1
    assert "a tag's name has at most 200 characters" in done.stderr
    assert library("model", "list").stdout.splitlines()[1:] == []
    assert library("search", "disc").stderr == "0 found\n"
