"""Launchers, schedules and runs for workers, from the command line."""

import pytest

from drawings import draw_tree
from integration.test_library import data, library  # noqa: F401 - fixtures


@pytest.fixture
def imported(library, tmp_path):
    draw_tree(tmp_path / "photos" / "travel", ("disc", "star"), 2)
    done = library("import", tmp_path / "photos")
    assert done.returncode == 0, done.stderr
    return library


@pytest.mark.req("W4a")
def test_launcher_is_set_inherited_and_listed(imported):
    done = imported("launcher", "set", "/", "import", "on")
    assert (done.returncode, done.stdout) == (0, "/: import is on (set for /)\n"), done.stderr
    assert imported("launcher", "set", "travel", "import", "off").stdout == "travel: import is off (set for travel)\n"
    inherits = imported("launcher", "set", "travel", "import", "inherit").stdout
    assert inherits == "travel: import is on (set for /)\n"
    default = imported("launcher", "set", "travel", "modification", "inherit").stdout
    assert default == "travel: modification is off (the default)\n"
    assert [line.split() for line in imported("launcher", "list").stdout.splitlines()[1:]] == [["/", "import", "on"]]


@pytest.mark.req("W4a")
def test_what_is_imported_with_a_launcher_on_is_tagged(imported, tmp_path):
    imported("launcher", "set", "travel", "import", "on")
    draw_tree(tmp_path / "photos" / "travel", ("grid",), 2, first=50)
    imported("import", tmp_path / "photos")
    assert imported("run", "show", "1").stdout.startswith("Import into travel/grid: Success\n2 of 2 done, ")


@pytest.mark.req("W4c")
def test_schedule_is_added_switched_off_and_removed(imported):
    wrong = imported("schedule", "add", "0 25 * * *", "travel")
    assert (wrong.returncode, wrong.stderr) == (1, "tagsmith: cron: '25' is no hour\n")
    assert imported("schedule", "add", "0 3 * * *", "travel").stdout.startswith("schedule 1: next at ")
    assert imported("schedule", "disable", "1").stdout == "schedule 1 is off\n"
    (line,) = imported("schedule", "list").stdout.splitlines()[1:]
    assert line.split() == ["1", "Periodic", "tagging", "0", "3", "*", "*", "*", "off", "travel"]
    assert imported("schedule", "enable", "1").stdout == "schedule 1 is on\n"
    assert imported("schedule", "remove", "1").returncode == 0
    again = imported("schedule", "remove", "1")
    assert (again.returncode, again.stderr) == (1, "tagsmith: no schedule 1\n")


@pytest.mark.req("W1a")
def test_run_is_left_to_workers(imported, tmp_path):
    done = imported("run", "start", "travel", "--comment", "why")
    assert done.stdout == "run 1 waits for a worker: Tag travel\n"
    assert "Queued" in imported("run", "list").stdout
    imported("import", tmp_path / "photos")  # it works until nothing is left to do
    assert imported("run", "show", "1").stdout.startswith("Tag travel: Success\n4 of 4 done, ")
