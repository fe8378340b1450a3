"""`tagsmith demo` as a real process, on a small folder per tag, with the fast encoder and a database of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from drawings import draw_tree
from integration.conftest import TAGSMITH
from integration.test_serve import COMMAND, fill_in, new_browser, new_folder

pytestmark = pytest.mark.req("A6f")


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    root = tmp_path_factory.mktemp("photos") / "Shapes"
    draw_tree(root / "round", ("disc", "star"), 15)
    draw_tree(root, ("stripes",), 15)
    draw_tree(root, ("grid",), 2)
    return root


@pytest.fixture(scope="module")
def make(tagsmith, photos):
    """Make a demo in a folder, without serving it."""

    def run(data, *arguments):
        return tagsmith("demo", "--data", data, "--photos", photos, "--no-serve", *arguments)

    return run


@pytest.fixture(scope="module")
def made(make, tmp_path_factory):
    """Give the folder of a demo that is complete, and what was said."""
    data = new_folder(tmp_path_factory)
    done = make(data)
    assert done.returncode == 0, done.stderr
    return data, done


def password_in(text):
    return re.search(r"Sign in as demo, with the password (\S+)", text)[1]


def lines(done):
    return [line.split() for line in done.stdout.splitlines()]


def check_complete(tagsmith, data):
    """See that everything is there once, and the library sound."""
    assert [line[1:3] for line in lines(tagsmith("model", "list", data=str(data)))[1:]] == [
        ["Kinds", "of"],
        ["Shapes", "Trained;"],
    ]
    (run,) = lines(tagsmith("run", "list", data=str(data)))[1:]
    assert "Success" in run
    found = tagsmith("search", "path:Shapes", "--limit", 100, data=str(data))
    assert "47 found" in found.stderr
    assert tagsmith("check", data=str(data)).returncode == 0


def test_own_photos_are_brought_in_taught_and_tagged(made, tagsmith):
    data, done = made
    assert "grid: 2 photos; a tag needs 10 examples" in done.stderr
    assert "47 added, 0 were there" in done.stdout
    assert "47 assets, 4 tags, 2 tag models, " in done.stdout
    rows = {line[-5]: line for line in lines(done) if line and line[-5:-4] and line[-5].startswith("default:")}
    assert rows.keys() == {"default:round", "default:round/disc", "default:round/star", "default:stripes"}
    assert int(rows["default:round"][-1]) > 0
    check_complete(tagsmith, data)


def test_parent_finds_what_has_the_tags_below(made, tagsmith):
    kinds = [tagsmith("search", f"tags:{name}", data=str(made[0])).stderr for name in ("round", "round/disc")]
    parent, child = (int(re.search(r"(\d+) found", said)[1]) for said in kinds)
    assert parent > child > 0


def test_second_time_everything_is_there_and_the_password_is_said_again(made, make, tagsmith):
    data, first = made
    again = make(data)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("The library is there already.\n")
    assert password_in(again.stdout) == password_in(first.stdout)
    assert (data / "demo-password").stat().st_mode & 0o777 == 0o600
    check_complete(tagsmith, data)


def test_demo_is_served_and_the_password_signs_in(made, environment, photos):
    command = [sys.executable, "-c", COMMAND, "demo", "--data", os.fspath(made[0]), "--photos", os.fspath(photos)]
    with subprocess.Popen([*command, "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = "".join(process.stdout.readline() for _ in range(4))
            address = re.search(r"Tagsmith is at (\S+)", said)[1]
            page = fill_in(new_browser(), f"{address}/sign-in/", username="demo", password=password_in(said))
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert "<h1>Home</h1>" in page


@pytest.fixture
def kill(environment, photos):
    """Make a demo until it says that a step begins."""

    def run(data, step):
        command = [*TAGSMITH, "demo", "--data", os.fspath(data), "--photos", os.fspath(photos), "--no-serve"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert any(line.startswith(step) for line in process.stdout)
            process.kill()

    return run


@pytest.mark.parametrize("step", ["bringing", "training"])
def test_demo_that_was_killed_goes_on_where_it_was(step, kill, make, tagsmith, tmp_path_factory):
    data = new_folder(tmp_path_factory)
    kill(data, step)
    done = make(data)
    assert done.returncode == 0, done.stderr
    assert "47 assets, 4 tags, 2 tag models, " in done.stdout
    check_complete(tagsmith, data)


def test_tags_of_too_few_different_photos_are_named(tagsmith, tmp_path_factory):
    data = new_folder(tmp_path_factory)
    photos = draw_tree(data.with_name("photos"), ("disc", "star"), 12)
    for path in sorted((photos / "star").iterdir())[1:]:
        shutil.copy(photos / "star" / "star-000.png", path)
    done = tagsmith("demo", "--data", data, "--photos", photos, "--no-serve")
    assert done.returncode == 1
    assert "star: 1 different example; a tag needs 10 to 50" in done.stderr
    assert "no tag model could be trained" in done.stderr


def test_port_in_use_is_said_before_anything_is_made(tagsmith, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = tagsmith("demo", "--data", tmp_path / "data", "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "another program serves there already" in done.stderr
    assert "make demo PORT=8001" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_own_database_is_left_alone(tagsmith, photos, tmp_path_factory):
    data = new_folder(tmp_path_factory)
    done = tagsmith("demo", "--data", data, "--photos", photos, "--no-serve", database_url="host=127.0.0.1 port=1")
    assert done.returncode == 0, done.stderr
    assert (data / "postgres").is_dir()
