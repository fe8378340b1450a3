"""`tagsmith import`, `similar`, `timeline` and `check` from the command line."""

import os
import signal
import subprocess

import psycopg
import pytest

from drawings import draw_tree
from integration.conftest import TAGSMITH
from integration.test_library import data, library, own_database  # noqa: F401 - fixtures
from integration.workers import wait_until


@pytest.fixture
def photos(tmp_path):
    return draw_tree(tmp_path / "photos", ("disc", "star"), 5)


@pytest.mark.req("L2d", "L7", "L8b", "O3d", "S7e")
def test_photos_come_in_and_are_found_told_of_and_checked(library, photos, tmp_path):
    (photos / "bad.jpg").write_text("no picture")
    done = library("import", photos)
    assert done.stdout == "11 added, 0 changed, 0 unchanged, 0 duplicates, 1 could not be read\n", done.stderr
    assert "bad.jpg: not an image that Tagsmith reads" in done.stderr

    other = draw_tree(tmp_path / "other", ("grid",), 1)
    again = library("import", other)
    assert (again.stdout, again.stderr) == ("1 added, 0 changed, 0 unchanged, 0 duplicates, 0 could not be read\n", "")

    found = library("similar", "disc/disc-000.png", "--count", 4).stdout.splitlines()
    assert len(found) == 4
    assert "disc-000" not in "".join(found)
    assert found == sorted(found, reverse=True)

    by_image = library("similar", "--image", photos / "disc" / "disc-000.png", "--count", 1)
    assert by_image.stdout == "1.000  disc/disc-000.png\n", by_image.stderr
    bad = library("similar", "--image", photos / "bad.jpg")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr.startswith(f"tagsmith: {photos / 'bad.jpg'}: not an image that Tagsmith reads")

    told = library("timeline", "disc/disc-000.png")
    assert told.stdout.endswith(" UTC  the command line imported it\n"), told.stderr
    assert "the command line imported 11 assets" in library("timeline").stdout

    checked = library("check")
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("note: 1 assets could not be read")


@pytest.mark.req("L2d")
def test_import_that_is_interrupted_goes_on_when_it_is_run_again(tagsmith, environment, own_database, photos, data):
    draw_tree(photos, ("grid", "stripes"), 150)
    settings = {"data": str(data), "database_url": own_database}
    assert tagsmith("user", "list", **settings).returncode == 0
    with psycopg.connect(own_database, autocommit=True) as connection:

        def count(where="true"):
            return connection.execute(f"SELECT count(*) FROM assets_asset WHERE {where}").fetchone()[0]

        process = subprocess.Popen(
            [*TAGSMITH, "import", os.fspath(photos)],
            env={**environment, **{f"TAGSMITH_{name.upper()}": value for name, value in settings.items()}},
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: count("state = 'ready'") > 0)
        process.send_signal(signal.SIGINT)
        assert "tagsmith: stopped" in process.communicate(timeout=60)[1]
        assert process.returncode == 130
        assert count("state = 'ready'") < 310
        done = tagsmith("import", photos, **settings)
        assert done.returncode == 0, done.stderr
        assert count("state = 'ready'") == count() == 310
