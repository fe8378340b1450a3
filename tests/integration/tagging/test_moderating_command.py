"""`tagsmith asset` as a user has it: shown, moderated over selections and search results, and undone."""

import re

import pytest

from drawings import draw, draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def tagged(library, model, tmp_path):
    """A library of six discs and six stars with their smart tags."""
    draw_tree(tmp_path / "photos", ("disc", "star"), 6, first=100)
    for command in (("import", tmp_path / "photos"), ("model", "import", model, "--publish"), ("tag", "/")):
        done = library(*command)
        assert done.returncode == 0, done.stderr
    return library


DISC = "disc/disc-100.png"


def unit_of(done):
    assert done.returncode == 0, done.stderr
    return re.fullmatch(r"\d+ changed; `tagsmith asset undo (\S+)` takes it back\n", done.stdout)[1]


def said(library, path=DISC):
    """Return the lines on an asset's tags, by what they are."""
    done = library("asset", "show", path)
    assert done.returncode == 0, done.stderr
    _, own, smart, rejected = re.split(r"^(?:Tags|Smart Tags|Rejected):\n", done.stdout, flags=re.MULTILINE)
    return own.split("\n")[:-1], smart.split("\n")[:-1], rejected.split("\n")[:-1]


@pytest.mark.req("T1b", "T2c")
def test_asset_is_shown_and_moderated_and_each_is_undone(tagged):
    shown = tagged("asset", "show", DISC).stdout
    assert shown.startswith(f"{DISC}\n  asset: ")
    assert "  image: PNG, 160 × " in shown
    own, smart, rejected = said(tagged)
    assert (own, rejected) == ([], [])
    assert re.fullmatch(r"  \d+\.\d %  default:disc \(shapes, version 1\)", smart[0])

    promoting = unit_of(tagged("asset", "promote", DISC, "--tag", "disc"))
    assert said(tagged) == (["  default:disc (promoted)"], [], [])
    assert tagged("asset", "undo", promoting).stdout == "1 taken back\n"
    assert said(tagged) == ([], smart, [])

    unit_of(tagged("asset", "remove", DISC, "--tag", "disc"))
    tagged("tag", "/", "--force")
    assert said(tagged)[2] == ["  default:disc"]
    assert "  default:disc" not in "".join(said(tagged)[1])
    unit_of(tagged("asset", "allow", DISC, "--tag", "disc"))
    tagged("tag", "/", "--force")
    assert said(tagged) == ([], smart, [])

    assert tagged("asset", "promote", DISC, "--tag", "star").stdout == "0 changed\n"
    unit_of(tagged("asset", "set", DISC, "--tag", "star"))
    assert said(tagged)[0] == ["  default:star"]


@pytest.mark.req("T2b")
def test_whole_search_result_is_moderated_as_one_unit_and_undone(tagged):
    done = tagged("asset", "set", "star/star-100.png", "--tag", "stripes", "--search", "path:disc")
    assert done.stdout.startswith("7 changed; ")
    found = tagged("search", "tags:stripes path:disc", "--limit", "100")
    assert found.stderr == "6 found\n"
    assert tagged("asset", "undo", unit_of(done)).stdout == "7 taken back\n"
    assert tagged("search", "tags:stripes path:disc").stderr == "0 found\n"


def test_what_cannot_be_done_is_refused_before_anything_changes(tagged):
    nothing = tagged("asset", "remove", "--tag", "disc")
    assert (nothing.returncode, "name assets, or give --search" in nothing.stderr) == (2, True)
    unclear = tagged("asset", "remove", "--tag", "disc", "--search", "disc width:wide")
    assert unclear.returncode == 1
    assert "“width:wide” could not be understood" in unclear.stderr
    unknown = tagged("asset", "set", DISC, "--tag", "no such")
    assert (unknown.returncode, unknown.stderr) == (1, "tagsmith: no tag default:no such\n")
    missing = tagged("asset", "set", DISC, "disc/none.png", "--tag", "star")
    assert (missing.returncode, missing.stderr) == (1, "tagsmith: no asset 'disc/none.png'\n")
    assert said(tagged)[0] == []
    assert said(tagged)[2] == []


@pytest.mark.req("T3c")
def test_rejection_outlives_a_replaced_content_and_is_listed_for_review(tagged, tmp_path):
    tagged("asset", "remove", DISC, "--tag", "disc")
    assert tagged("asset", "review").stdout.splitlines()[1:] == []
    draw("disc", 500).save(tmp_path / "photos" / DISC)
    assert "1 changed" in tagged("import", tmp_path / "photos").stdout
    tagged("tag", "/")
    own, smart, rejected = said(tagged)
    assert (own, rejected) == ([], ["  default:disc"])
    assert "default:disc" not in "".join(smart)
    (listed,) = tagged("asset", "review").stdout.splitlines()[1:]
    assert listed.split()[:2] == [DISC, "default:disc"]
    assert tagged("asset", "keep", DISC, "--tag", "disc").stdout == "1 changed\n"
    assert tagged("asset", "review").stdout.splitlines()[1:] == []
    assert said(tagged)[2] == ["  default:disc"]
