"""`tagsmith collection` from the command line."""

import re

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.mark.req("L9b", "L9e")
def test_assets_are_collected_listed_taken_out_and_put_back(library, tmp_path):
    library("import", draw_tree(tmp_path / "photos", ("disc", "star"), 2))
    for name in ("ada", "bob"):
        library("user", "add", name, "--role", "editor", "--password", "correct horse battery")
    ada = ("--as", "ada")
    done = library("collection", "add", "Round things", "disc/disc-001.png", "disc/disc-000.png", *ada)
    assert (done.returncode, done.stdout.partition(";")[0]) == (0, "2 added"), done.stderr
    shown = library("collection", "show", "round things", *ada).stdout
    assert shown == "disc/disc-001.png\ndisc/disc-000.png\n"
    line = library("collection", "list", *ada).stdout.splitlines()[1]
    assert line.split() == ["Round", "things", "2", "private", "ada"]
    assert "Round" not in library("collection", "list", "--as", "bob").stdout
    hidden = library("collection", "show", "Round things", "--as", "bob")
    assert (hidden.returncode, hidden.stderr) == (1, "tagsmith: there is no collection 'Round things'\n")
    assert library("collection", "add", "Round things", "--search", "star", *ada).stdout.startswith("2 added")
    gone = library("collection", "remove", "Round things", "disc/disc-001.png", *ada).stdout
    assert gone.startswith("1 taken out; `tagsmith collection undo ")
    unit = re.search(r"undo (\S+)", gone)[1]
    assert library("collection", "undo", unit, *ada).stdout == "Round things is as it was before\n"
    assert library("collection", "show", "Round things", *ada).stdout.splitlines()[0] == "disc/disc-001.png"
