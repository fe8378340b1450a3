"""`tagsmith tags block`, `unblock`, `blocked` and `lint` as a user has them."""

import json
import re

import pytest

from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def taxonomy(library, tmp_path):
    file = tmp_path / "tags.csv"
    file.write_text("id,title\nclothing/hat,Hats\ntoys/hat,\nmood/happy,Happy\n")
    assert library("tags", "import", file).returncode == 0
    return library


@pytest.mark.req("X5b")
def test_tags_are_blocked_from_words_and_files_listed_unblocked_and_that_is_undone(taxonomy, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text("id\nhats\nhat\nnothing\n")
    done = taxonomy("tags", "block", "happy", listed)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"tagsmith: {listed}: line 3: 'hat' may be default:clothing/hat or default:toys/hat: write which",
        f"tagsmith: {listed}: line 4: there is no tag 'nothing'",
    ]
    unit = re.fullmatch(r"2 put on the blocklist; `tagsmith tags undo (\S+)` takes it back\n", done.stdout)[1]
    assert json.loads(taxonomy("tags", "blocked", "--json").stdout) == ["default:clothing/hat", "default:mood/happy"]
    assert [line.split() for line in taxonomy("tags", "blocked").stdout.splitlines()[1:]] == [
        ["default:clothing/hat", "Hats"],
        ["default:mood/happy", "Happy"],
    ]
    out = tmp_path / "out.csv"
    taxonomy("tags", "blocked", out)
    assert taxonomy("tags", "unblock", out).stdout.startswith("2 taken off the blocklist; ")
    assert json.loads(taxonomy("tags", "blocked", "--json").stdout) == []
    assert taxonomy("tags", "block", "--below", "clothing").stdout.startswith("2 put on")
    assert taxonomy("tags", "undo", unit).stdout == "0 taken back\n"


@pytest.mark.req("X4e")
def test_advice_is_given_by_kind_as_lines_and_as_json(taxonomy):
    done = taxonomy("tags", "lint")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Cannot be seen:"
    assert lines[1].startswith("  mood (default:mood): “mood” is a mood or an emotion")
    assert lines[2].startswith("  Happy (default:mood/happy): “Happy” is a mood or an emotion")
    assert (
        "  hat (default:toys/hat): no asset has it, no image teaches it, and no tag model is to learn it; "
        in done.stdout
    )
    found = json.loads(taxonomy("tags", "lint", "--json").stdout)
    assert {one["kind"] for one in found} == {"unseen", "alike", "unused"}
    (alike,) = (one for one in found if one["kind"] == "alike")
    assert [tag["key"] for tag in alike["tags"]] == ["default:clothing/hat", "default:toys/hat"]
    assert alike["reason"]
    assert alike["remedy"]
