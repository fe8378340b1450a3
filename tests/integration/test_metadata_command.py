"""`tagsmith metadata` as a user has it: out into a spreadsheet, changed there, back in, and undone."""

import csv
import re

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def filled(library, tmp_path):
    draw_tree(tmp_path / "photos", ("disc", "star"), 2, first=100)
    done = library("import", tmp_path / "photos")
    assert done.returncode == 0, done.stderr
    return library


def unit_of(done, count):
    assert done.returncode == 0, done.stderr
    return re.fullmatch(rf"{count} changed; `tagsmith metadata undo (\S+)` takes it back\n", done.stdout)[1]


@pytest.mark.req("L6d")
def test_metadata_goes_through_a_spreadsheet_and_is_taken_back(filled, tmp_path):
    file = tmp_path / "metadata.csv"
    done = filled("metadata", "export", file, "--folder", "disc")
    assert (done.returncode, done.stderr) == (0, f"wrote {file}, 2 rows\n")
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [row["path"] for row in rows] == ["disc/disc-100.png", "disc/disc-101.png"]
    for row in rows:
        row |= {"title": "A round thing", "keywords": "round;red", "custom.shelf": "B4"}
    with file.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, rows[0].keys(), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    tried = filled("metadata", "import", file, "--dry-run").stdout
    assert tried.startswith("2 of 2 assets would change\n  title: on 2\n")
    assert "disc/disc-100.png\n  title: – → A round thing\n" in tried
    assert "round" not in filled("asset", "show", "disc/disc-100.png").stdout
    unit = unit_of(filled("metadata", "import", file), 2)
    shown = filled("asset", "show", "disc/disc-100.png").stdout
    assert "A round thing" in shown
    assert filled("search", "round thing").stdout.count("disc/") == 2
    assert filled("metadata", "undo", unit).stdout == "2 taken back\n"
    assert "A round thing" not in filled("asset", "show", "disc/disc-100.png").stdout
    assert "undone before" in filled("metadata", "undo", unit).stderr


@pytest.mark.req("L6a")
def test_many_assets_are_edited_at_once(filled):
    change = ("--set", "title=Shape", "--set", "custom.shelf=B4", "--add", "one", "--add", "two", "--clear", "rights")
    chosen = ("star/star-100.png", "--search", "path:disc")
    assert filled("metadata", "edit", *chosen, *change, "--dry-run").stdout == "3 of 3 assets would change\n"
    unit = unit_of(filled("metadata", "edit", *chosen, *change), 3)
    shown = filled("asset", "show", "star/star-100.png").stdout
    assert all(word in shown for word in ("Shape", "one, two", "shelf"))
    assert filled("metadata", "edit", "--folder", "/", "--remove", "ONE").stdout.startswith("3 changed")
    assert filled("metadata", "undo", unit).stdout == "3 taken back; 3 keep what was changed since\n"
    for wrong, said in (
        (("--set", "title"), "FIELD=VALUE"),
        (("--set", "titel=x"), "no field 'titel'"),
        (("--set", "captured=soon"), "is no date"),
        (("--set", "title=x", "--clear", "title"), "do one thing to it at a time"),
        ((), "say what to change"),
    ):
        done = filled("metadata", "edit", "--folder", "disc", *wrong)
        assert done.returncode != 0
        assert said in done.stderr
    assert "name assets" in filled("metadata", "edit", "--set", "title=x").stderr


@pytest.mark.req("L6e")
def test_what_is_wrong_with_a_file_is_told_by_file_and_line(filled, tmp_path):
    file = tmp_path / "metadata.csv"
    file.write_text("path,title\ndisc/disc-100.png,New\ndisc/no.png,x\n")
    done = filled("metadata", "import", file)
    assert (done.returncode, done.stderr) == (1, f"tagsmith: {file}: line 3: there is no asset disc/no.png\n")
    assert "New" not in filled("asset", "show", "disc/disc-100.png").stdout
    assert "No such file" in filled("metadata", "import", tmp_path / "none.csv").stderr
    assert "a query or a folder" in filled("metadata", "export", file, "disc", "--folder", "disc").stderr


@pytest.mark.req("T5b")
def test_audit_log_is_listed_in_words_and_as_csv(filled, tmp_path):
    filled("metadata", "edit", "--folder", "disc", "--set", "title=Round")
    shown = filled("audit", "list", "--subject", "asset", "--limit", "1")
    assert re.search(
        r"the command line  asset: metadata edited +disc/disc-\d+\.png and 1 more +[0-9a-f-]{36}\n", shown.stdout
    )
    after = re.search(r"more with --after (\d+)", shown.stderr)[1]
    assert "asset: imported" in filled("audit", "list", "--after", after).stdout
    assert "(title)" in filled("audit", "list", "--asset", "disc/disc-100.png").stdout
    assert "edited" not in filled("audit", "list", "--until", "2020-01-01").stdout
    file = tmp_path / "changes.csv"
    filled("audit", "list", "--action", "asset.edited", "--csv", file)
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 3
