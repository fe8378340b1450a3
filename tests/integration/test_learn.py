import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from drawings import draw, draw_tree
from integration.conftest import TAGSMITH


@pytest.mark.req("A6a")
def test_learn_writes_a_model_and_prints_the_quality_of_each_tag(tagsmith, drawn, tmp_path):
    done = tagsmith("learn", drawn / "teach", "-o", tmp_path / "m.tagsmith")
    assert done.returncode == 0
    assert (tmp_path / "m.tagsmith").stat().st_size > 10_000
    for tag in ("disc", "stripes", "star"):
        assert f"\n{tag} " in done.stdout
    assert "precision" in done.stdout
    assert "best tag right" in done.stdout


def test_learning_twice_gives_the_same_file(tagsmith, drawn, tmp_path):
    for name in ("a", "b"):
        tagsmith("learn", drawn / "teach", "-o", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.req("A6a", "M15c")
def test_nested_folder_is_a_hierarchical_tag(tagsmith, drawn, tmp_path):
    for kind in ("disc", "stripes"):
        shutil.copytree(drawn / "teach" / kind, tmp_path / "teach" / "shape" / kind)
    done = tagsmith("learn", tmp_path / "teach", "-o", tmp_path / "m")
    assert "shape/disc " in done.stdout


@pytest.mark.req("M1b")
def test_too_few_examples_are_refused_with_tag_and_count(tagsmith, tmp_path):
    draw_tree(tmp_path / "teach", ("disc", "star"), 10)
    (tmp_path / "teach/disc/disc-003.png").unlink()
    done = tagsmith("learn", tmp_path / "teach", "-o", tmp_path / "m")
    assert done.returncode == 1
    assert done.stderr == "tagsmith: disc: 9 different examples; a tag needs 10 to 50\n"
    assert not (tmp_path / "m").exists()


@pytest.mark.req("M1a")
def test_one_tag_is_refused(tagsmith, tmp_path):
    draw_tree(tmp_path / "teach", ("disc",), 10)
    assert "1 tag" in tagsmith("learn", tmp_path / "teach", "-o", tmp_path / "m").stderr


@pytest.mark.req("M1d")
def test_limits_are_settings(tagsmith, tmp_path):
    draw_tree(tmp_path / "teach", ("disc", "star"), 5)
    done = tagsmith("learn", tmp_path / "teach", "-o", tmp_path / "m", min_examples_per_tag="5")
    assert done.returncode == 0, done.stderr
    done = tagsmith("learn", tmp_path / "teach", "-o", tmp_path / "m", min_tags_per_model="3")
    assert "2 tags; a tag model has 3 to 50" in done.stderr


@pytest.mark.req("M1c")
def test_copies_count_once_and_are_named(tagsmith, drawn, tmp_path):
    teach = shutil.copytree(drawn / "teach", tmp_path / "teach")
    shutil.copy(teach / "disc/disc-000.png", teach / "disc/same.png")
    done = tagsmith("learn", teach, "-o", tmp_path / "m")
    assert f"skipped {teach}/disc/same.png: nearly the same image as {teach}/disc/disc-000.png" in done.stderr


@pytest.mark.req("M2a")
def test_an_image_under_two_tags_is_refused_for_the_second(tagsmith, drawn, tmp_path):
    teach = shutil.copytree(drawn / "teach", tmp_path / "teach")
    shutil.copy(teach / "disc/disc-000.png", teach / "star/again.png")
    done = tagsmith("learn", teach, "-o", tmp_path / "m")
    assert done.returncode == 0
    assert f"skipped {teach}/star/again.png: already teaches disc" in done.stderr


@pytest.mark.req("M2b", "M5b")
def test_independent_tags_may_share_an_image(tagsmith, drawn, tmp_path):
    teach = shutil.copytree(drawn / "teach", tmp_path / "teach")
    shutil.copy(teach / "disc/disc-000.png", teach / "star/again.png")
    done = tagsmith("learn", teach, "-o", tmp_path / "m", "--independent")
    assert done.returncode == 0
    assert "already teaches" not in done.stderr


@pytest.mark.req("L3c")
def test_every_bad_file_is_one_line_and_the_rest_goes_on(tagsmith, drawn, tmp_path):
    teach = shutil.copytree(drawn / "teach", tmp_path / "teach")
    (teach / "disc/empty.jpg").touch()
    (teach / "disc/text.png").write_text("no picture")
    (teach / "star/cut.png").write_bytes((teach / "star/star-000.png").read_bytes()[:300])
    (teach / "loose.png").write_bytes((teach / "star/star-000.png").read_bytes())
    (teach / "nothing").mkdir()
    latin = teach / os.fsdecode(b"caf\xe9")
    latin.mkdir()
    draw("disc", 1).save(latin / "a.png")
    (tmp_path / "outside.png").write_bytes((teach / "star/star-000.png").read_bytes())
    (teach / "disc/link.png").symlink_to(tmp_path / "outside.png")
    done = tagsmith("learn", teach, "-o", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("skipped")]
    assert len(lines) == 7
    for name in ("empty.jpg", "text.png", "cut.png", "loose.png", "nothing", "caf\\xe9", "link.png"):
        assert sum(name in line for line in lines) == 1, name


@pytest.mark.req("L3c")
def test_settings_limit_the_pixels(tagsmith, drawn, tmp_path):
    done = tagsmith("learn", drawn / "teach", "-o", tmp_path / "m", max_image_pixels="1000")
    assert "the limit is 1,000" in done.stderr


def test_missing_output_folder_is_said_before_the_work(tagsmith, drawn, tmp_path):
    done = tagsmith("learn", drawn / "teach", "-o", tmp_path / "no" / "m")
    assert done.returncode == 1
    assert done.stderr == f"tagsmith: {tmp_path}/no/m: No such file or directory\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_output_folder_is_one_line(tagsmith, drawn, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    done = tagsmith("learn", drawn / "teach", "-o", locked / "m")
    assert (done.returncode, done.stderr) == (1, f"tagsmith: {locked}/m: Permission denied\n")


def test_interrupt_leaves_nothing_half_written(environment, drawn, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    big = draw_tree(tmp_path / "teach", ("disc", "star"), 50)
    python, _, line = TAGSMITH
    heeding = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {line}"
    process = subprocess.Popen(  # run in the background, tests inherit that the signal is ignored
        [python, "-c", heeding, "learn", big, "-o", out / "m", "--encoder", "standard"], env=environment,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    status = Path(f"/proc/{process.pid}/status")
    while "Threads:\t1\n" in status.read_text():  # until it reads and encodes
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == "tagsmith: stopped; nothing half-written was left"
    assert list(out.iterdir()) == []


@pytest.mark.req("O5a")
def test_wrong_setting_is_named_at_start(tagsmith, drawn, tmp_path):
    done = tagsmith("learn", drawn / "teach", "-o", tmp_path / "m", max_tags_per_model="many")
    assert done.returncode == 1
    assert "TAGSMITH_MAX_TAGS_PER_MODEL" in done.stderr
    assert "'many'" in done.stderr


def test_unknown_encoder_names_those_there_are(tagsmith, drawn, tmp_path):
    done = tagsmith("learn", drawn / "teach", "-o", tmp_path / "m", "--encoder", "nope")
    assert "no encoder 'nope'; there are standard, fast" in done.stderr
