"""`tagsmith search` as a user has it: what was imported is found, with the reason."""

import json

import pytest

from drawings import draw
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.mark.req("S1a", "S1b", "S5d")
def test_what_was_imported_is_found_by_its_file_name(library, tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number, name in enumerate(("red boat.png", "blue boat.png", "car.png")):
        draw("disc", number).save(photos / name)
    assert library("import", photos, "--folder", "in").returncode == 0
    table = library("search", "boats width:wide")
    assert table.returncode == 0, table.stderr
    assert table.stdout.splitlines() == [
        "path              found in  why",
        "in/red boat.png   metadata  boats: file name",
        "in/blue boat.png  metadata  boats: file name",
    ]
    assert table.stderr.splitlines() == ["“width:wide” could not be understood and was left out.", "2 found"]
    first = library("search", "boats", "--json", "--limit", "1")
    assert json.loads(first.stdout)["why"] == [{"term": "boats", "where": "file name"}]
    word = first.stderr.split()[-1]
    rest = library("search", "boats", "--json", "--limit", "1", "--after", word)
    assert json.loads(rest.stdout)["path"] == "in/blue boat.png"
    assert library("search", "boats", "--after", "x").returncode == 1
    facets = library("search", "boats", "--facets")
    assert [line.split() for line in facets.stdout.splitlines() if not line.startswith("date")] == [
        ["by", "value", "assets", "filter"],
        ["folder", "in", "2", 'path:"in/"'],
        ["type", "PNG", "2", "type:png"],
        ["orientation", "portrait", "2", "orientation:portrait"],
        ["width", "..999", "2", "width:..999"],
        ["status", "ready", "2", "status:ready"],
    ]
    assert facets.stderr == "counted over 2 found\n"
    lines = library("search", "car", "--facets", "--json").stdout.splitlines()
    assert json.loads(lines[1]) == {"by": "type", "value": "PNG", "assets": 1, "filter": "type:png"}
    anew = library("reindex")
    assert (anew.returncode, anew.stderr) == (0, "3 assets are searched as they are now\n")
