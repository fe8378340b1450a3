"""`tagsmith model next` and `tagsmith model gaps` as a user has them."""

import json
import re

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def taught(library, tmp_path):
    """A library that is taught discs and stripes, and holds grids besides."""
    photos = draw_tree(tmp_path / "shapes", ("disc", "stripes"), 12)
    others = draw_tree(tmp_path / "others", ("grid",), 24)
    for command in (("model", "import", photos), ("import", others), ("model", "train", "1")):
        done = library(*command)
        assert done.returncode == 0, done.stderr
    return library


@pytest.mark.req("M13a", "M13b")
def test_what_to_label_next_and_what_fits_no_tag_are_listed(taught):
    done = taught("model", "next", "1", "--count", "3")
    assert done.returncode == 0, done.stderr
    heading, *rows, outlook = done.stdout.splitlines()
    assert heading.split() == ["path", "likeliest", "or"]
    assert [bool(re.match(r"grid/grid-\d+\.png +default:\w+ +default:\w+$", row)) for row in rows] == [True] * 3
    assert outlook == "how much their labels would help cannot be said"
    said = json.loads(taught("model", "next", "1", "--count", "3", "--json").stdout)
    assert [one["path"] for one in said["assets"]] == [row.split()[0] for row in rows]

    first, *_, last = taught("model", "gaps").stdout.splitlines()
    size = int(re.fullmatch(r"(\d+) assets look alike \(0\.\d\d\): make a tag\?", first)[1])
    assert 10 <= size <= 24
    assert last == "1 group among 24 of 24 assets without a tag"
    (group,) = json.loads(taught("model", "gaps", "--json").stdout)["groups"]
    assert group["size"] == size
    assert all(path.startswith("grid/") for path in group["samples"])
