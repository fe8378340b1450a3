"""`tagsmith search --meaning` as a user has it: with an encoder that is brought along, and with one from a hub."""

import json
import os
import subprocess

import pytest
from PIL import Image

from integration.conftest import TAGSMITH
from integration.test_library import data, library  # noqa: F401 - fixtures
from unit.vision.conftest import Hub, hub  # noqa: F401 - a fixture
from unit.vision.onnx_files import network
from unit.vision.text_files import READ, SEEN, reading, renamed, text_network, tokenizer, widened

pytestmark = pytest.mark.req("S7b")
COLOURS = {"green": (20, 220, 40), "blue": (30, 20, 240), "red": (230, 30, 20)}
PLACE = "/onnx-community/siglip2-base-patch16-224-ONNX/resolve/main"


@pytest.fixture
def photos(tmp_path):
    """Give a folder of photos whose names say nothing of what they show."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, colour in enumerate(COLOURS.values()):
        Image.new("RGB", (80, 60), colour).save(folder / f"{number}.png")
    return folder


def listed(done):
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_phrase_finds_what_shows_it_as_a_table_and_as_json(library, photos, tmp_path):
    file = str(reading(tmp_path / "encoder", padding=0))
    empty = library("search", "--meaning", "red", encoder=file)
    assert (empty.returncode, empty.stdout) == (0, "path  cosine\n")
    assert library("import", photos, "--folder", "in", encoder=file).returncode == 0
    table = listed(library("search", "--meaning", "red", encoder=file))
    assert [row[0] for row in table] == ["path", "in/2.png", "in/1.png", "in/0.png"]
    assert float(table[1][1]) > 0.9 > float(table[2][1])
    lines = library("search", "green", "--meaning", "--json", "--limit", "1", encoder=file).stdout.splitlines()
    (line,) = map(json.loads, lines)
    assert (line["path"], sorted(line)) == ("in/0.png", ["asset", "cosine", "path"])
    cut = library("search", "--meaning", "red " * 9, encoder=file)
    assert cut.stderr == "only the beginning was read: the encoder takes no more words at once\n"
    shown = listed(library("encoder", "show", encoder=file))
    assert shown[1][:5] == ["colours", "serves", "4", "3", "yes"]
    blank = library("search", "--meaning", " ", encoder=file)
    assert (blank.returncode, blank.stderr) == (1, "tagsmith: say what the images are to show\n")
    (tmp_path / "encoder" / "text.onnx").unlink()
    gone = library("search", "--meaning", "red", encoder=file)
    assert (gone.returncode, gone.stderr) == (1, f"tagsmith: {tmp_path}/encoder/text.onnx: no such file\n")
    assert "colours cannot read text, and nobody search by meaning" in library("check", encoder=file).stdout


def test_encoder_that_does_not_read_is_named_with_the_commands(library):
    assert listed(library("encoder", "show"))[1][:5] == ["fast", "serves", "1280", "0", "no"]
    done = library("search", "--meaning", "red")
    assert done.returncode == 1
    assert done.stderr.startswith("tagsmith: the encoder that serves, fast, does not read text; `tagsmith encoders` ")
    assert "tagsmith encoder change" in done.stderr


@pytest.mark.parametrize("more", [("--facets",), ("--after", "x")])
def test_what_does_not_go_with_a_phrase_is_refused(tagsmith, more):
    refused = tagsmith("search", "--meaning", "red", *more)
    assert refused.returncode == 2
    assert "--meaning goes with --json and --limit alone" in refused.stderr


def test_encoder_is_fetched_by_name_without_a_library_and_says_that_it_does_not_read(tagsmith):
    done = tagsmith("encoder", "download", "fast")
    assert (done.returncode, done.stdout) == (0, "fast is here; it does not read text\n"), done.stderr


def test_list_of_encoders_says_which_read_text(tagsmith):
    rows = {line[0]: line for line in listed(tagsmith("encoders")) if line}
    assert ["yes" in rows[name] for name in ("standard", "siglip2-base", "mobileclip-s2")] == [False, True, True]


@pytest.fixture
def from_hub(environment, data, tmp_path, hub):
    """Run `tagsmith` with SigLIP 2, whose files a hub on this machine has: tiny networks of the same form."""
    names = {"image": "pixel_values", "embedding": "pooler_output"}
    rows = widened(READ, 768)
    hub.files |= {
        f"{PLACE}/onnx/vision_model.onnx": renamed(network(widened(SEEN.T, 768).T.copy()), names),
        f"{PLACE}/onnx/text_model.onnx": renamed(text_network(rows), {"meaning": "pooler_output"}),
        f"{PLACE}/tokenizer.json": tokenizer(),
    }
    settings = {"DATA": str(data), "DATABASE_URL": "", "ENCODER": "siglip2-base", "CACHE": str(tmp_path / "cache")}
    env = {**environment, **{f"TAGSMITH_{name}": value for name, value in settings.items()}}
    env |= {"HF_ENDPOINT": hub.endpoint, "NO_PROXY": "127.0.0.1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}

    def run(*arguments):
        command = [*TAGSMITH, *map(os.fspath, map(str, arguments))]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_text_half_is_downloaded_by_command_and_never_while_somebody_waits(from_hub, hub, photos):
    assert from_hub("import", photos, "--folder", "in").returncode == 0
    refused = from_hub("search", "--meaning", "red")
    assert refused.returncode == 1
    assert (
        "the half of siglip2-base that reads text is not on this machine yet: `tagsmith encoder download`"
        in refused.stderr
    )
    assert "what siglip2-base reads text with is not on this machine" in from_hub("check").stdout
    content = hub.files.pop(f"{PLACE}/tokenizer.json")
    failed = from_hub("encoder", "download")
    assert failed.returncode == 1
    assert "siglip2-base-patch16-224-ONNX/tokenizer.json cannot be downloaded: 404 " in failed.stderr
    hub.files[f"{PLACE}/tokenizer.json"] = content
    assert from_hub("encoder", "download").stdout == "siglip2-base is here, and reads text\n"
    hub.answers = False
    assert [row[0] for row in listed(from_hub("search", "--meaning", "Red"))][1] == "in/2.png"
    assert "reads text with" not in from_hub("check").stdout
