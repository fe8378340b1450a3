"""`tagsmith asset why` as a user has it."""

import json

import pytest
from PIL import Image

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures

DISC = "shapes/disc/disc-000.png"


@pytest.fixture
def taught(library, tmp_path):
    photos = draw_tree(tmp_path / "shapes", ("disc", "stripes"), 12)
    for command in (("model", "import", photos), ("model", "train", "1")):
        done = library(*command)
        assert done.returncode == 0, done.stderr
    return library


@pytest.mark.req("M14a", "M14b")
def test_tag_is_explained_by_its_examples_and_by_a_lit_image(taught, tmp_path, data):
    lit = tmp_path / "lit.png"
    done = taught("asset", "why", DISC, "disc", "--heat", lit)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{DISC} by shapes, version 1"
    assert lines[1].startswith("default:disc: ")
    assert lines[2] == f"  1.000  {DISC}"
    assert lines[7].startswith("default:stripes: ")
    assert all("shapes/stripes/" in line for line in lines[8:])
    with Image.open(lit) as image, Image.open(tmp_path / DISC) as original:
        assert (image.format, image.size) == ("PNG", original.size)

    said = json.loads(taught("asset", "why", DISC, "disc", "--json").stdout)
    assert (said["asset"], said["version"], said["rival"]["tag"]) == (DISC, 1, "default:stripes")
    assert said["verdict"]["nearest"][0] == {"name": "disc-000.png", "cosine": 1.0, "asset": DISC}

    for original in (data / "files" / "originals").rglob("*"):
        if original.is_file():
            original.unlink()
    gone = taught("asset", "why", DISC, "disc", "--heat", lit)
    assert (gone.returncode, gone.stderr) == (
        1,
        f"tagsmith: {DISC}: its original cannot be read: no such file\n",
    )
