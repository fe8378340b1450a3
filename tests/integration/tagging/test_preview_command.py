"""A version is compared, its thresholds are set, and what training aims at is said, from the command line."""

import json

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def shapes(library, tmp_path):
    draw_tree(tmp_path / "teach", ("disc", "stripes", "star"), 12)
    draw_tree(tmp_path / "shop", ("disc", "stripes", "star", "grid"), 4, first=100)
    assert library("model", "import", tmp_path / "teach", "--title", "Shapes").returncode == 0
    assert library("import", tmp_path / "shop").returncode == 0
    return library


@pytest.mark.req("M10c", "M11d", "M11e")
def test_version_is_reviewed_and_its_thresholds_are_tried_and_set(shapes):
    said = shapes("model", "set", "1", "--review", "--target-precision", "0.8", "--prevalence", "0.5")
    assert said.returncode == 0, said.stderr
    assert "waits for a review before it is published: yes" in said.stdout
    refused = shapes("model", "set", "1", "--prevalence", "much")
    assert "'much' is neither a number nor 'estimate'" in refused.stderr
    assert "version 1 is waiting for a review" in shapes("model", "train", "1").stdout

    preview = shapes("model", "preview", "1")
    assert preview.returncode == 0, preview.stderr
    head, _, *rows = preview.stdout.splitlines()
    assert head.startswith("version 1 instead of no version: ")
    assert any(row.endswith(".png") for row in rows)
    document = json.loads(shapes("model", "preview", "1", "--json").stdout)
    assert (document["version"], document["against"], document["judged"], document["flips"]) == (1, None, 52, [])
    gained = {tag["tag"]: tag["gained"] for tag in document["tags"]}

    assert shapes("model", "publish", "1", "1").returncode == 0
    assert f"{sum(gained.values())} changes" in shapes("tag", "/").stdout
    assert "0 smart tags would change" in shapes("model", "preview", "1").stdout

    tried = shapes("model", "threshold", "1", "disc", "--what-if", "--apply", "1")
    assert [row.split()[:2] for row in tried.stdout.splitlines()[1:]] == [["as", "it"], ["what", "if"]]
    assert len(shapes("model", "threshold", "1", "disc", "--what-if").stdout.splitlines()) == 8
    changed = shapes("model", "threshold", "1", "disc", "--apply", "1")
    assert "`tagsmith tag --force /` looks at all of them now" in changed.stdout
    assert changed.stdout.splitlines()[1].split()[3:] == tried.stdout.splitlines()[2].split()[2:]
    shapes("tag", "--force", "/")
    assert shapes("model", "threshold", "1", "disc", "--clear").returncode == 0
    wrong = shapes("model", "threshold", "1", "disc", "--apply", "0.5", "--suggest", "0.6")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "tagsmith: suggest: 0.6 is above 0.5, from which the tag applies\n",
    )
    assert "alone" in shapes("model", "threshold", "1", "disc", "--clear", "--apply", "0.5").stderr
