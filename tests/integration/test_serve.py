"""`tagsmith serve` as a real process, with a data folder and a database of its own."""

import http.cookiejar
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from integration.workers import wait_until

PASSWORD = "correct horse battery"
COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where the tests run in a shell's background
from tagsmith.config.main import main
main()
"""
WEB, WORKER = "tagsmith.config.serve.web", "tagsmith.config.serve.worker"

pytestmark = pytest.mark.req("O1c")


class Served:
    """A `serve` that is ready."""

    def __init__(self, process, data, errors):
        self.process, self.data, self._errors = process, data, errors
        said = process.stdout.readline()
        assert said, errors.read_text()
        self.address = re.fullmatch(r"Tagsmith is at (http://127\.0\.0\.1:\d+)\n", said)[1]

    @property
    def errors(self):
        return self._errors.read_text()

    def is_well(self):
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/health/", timeout=5) as answer:
            return json.load(answer) == {"status": "ok"}
        return False

    def child(self, module):
        """The child of a module; none while it is being started again."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if module in child.cmdline():
                    return child
        return None

    def everything(self):
        """The processes of it, and of its database, which are nobody's children."""
        return [psutil.Process(self.process.pid), self.child(WEB), self.child(WORKER), *database(self.data)]


def database(data):
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and Path(process.cwd()).is_relative_to(data):
                found.append(process)
    return found


def is_over(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def new_folder(factory):
    folder = factory.mktemp("serve")
    for part in (folder, *folder.parents):
        if not part.stat().st_mode & 1:
            part.chmod(part.stat().st_mode | 0o111)
    return folder / "data"


@pytest.fixture(scope="module")
def start(environment):
    """Run `tagsmith serve` for as long as the context lasts."""

    @contextmanager
    def run(data, /, **settings):
        errors = data.with_name("errors.txt")
        with errors.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "serve", "--data", str(data), "--port", "0", "--workers", "1"],
                env={**environment, **{f"TAGSMITH_{name.upper()}": value for name, value in settings.items()}},
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        with process:
            try:
                yield Served(process, data, errors)
            finally:
                process.terminate()

    return run


@pytest.fixture(scope="module")
def served(start, tmp_path_factory):
    with start(new_folder(tmp_path_factory)) as running:
        yield running


@pytest.fixture(scope="module")
def stopped(start, tmp_path_factory):
    """A data folder that was served before and is not now."""
    data = new_folder(tmp_path_factory)
    with start(data):
        pass
    return data


def test_first_person_is_made_at_the_printed_address_and_signs_in(served):
    said = served.process.stdout.readline()
    address = re.match(r"Nobody can sign in yet: make the first administrator at (http://\S+/setup/\w+/)", said)[1]
    assert "Ada Lovelace" in fill_in(new_browser(), address, name="Ada Lovelace", again=PASSWORD)
    assert "Ada Lovelace" in fill_in(new_browser(), f"{served.address}/sign-in/")


def new_browser():
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def fill_in(browser, address, **fields):
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    filled = {"csrfmiddlewaretoken": token, "username": "ada", "password": PASSWORD, **fields}
    return browser.open(address, urllib.parse.urlencode(filled).encode()).read().decode()


def test_page_and_its_files_are_served(served):
    page = urllib.request.urlopen(served.address).read().decode()
    assert "<h1>Sign in</h1>" in page
    style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)[1]
    assert b"--accent" in urllib.request.urlopen(served.address + style).read()


def test_second_serve_of_the_same_folder_is_refused_with_who_holds_it(served, tagsmith):
    done = tagsmith("serve", "--data", served.data, "--port", 0)
    assert done.returncode == 1
    assert f"is served already: process {served.process.pid}, {served.address}" in done.stderr


def test_port_in_use_is_refused_with_what_to_do(tagsmith, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tagsmith("serve", "--data", tmp_path / "data", "--port", port)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}: another program serves there already" in done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--host", "192.0.2.1"), "192.0.2.1:0: this machine has no such address"),
        (("--host", "no.such.host.invalid"), "no.such.host.invalid:0: no host of this name"),
        (("--port", 99999), "TAGSMITH_PORT: Input should be less than or equal to 65535"),
    ],
)
def test_address_that_cannot_be_served_on_is_named(tagsmith, tmp_path, options, complaint):
    done = tagsmith("serve", "--data", tmp_path / "data", *("--port", 0, *options))
    assert (done.returncode, done.stdout) == (1, "")
    assert complaint in done.stderr


def test_what_keeps_the_web_server_from_starting_is_said_once(tagsmith, tmp_path):
    done = tagsmith("serve", "--port", 0, data=str(tmp_path), database_url="host=127.0.0.1 port=1 dbname=x")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("tagsmith: TAGSMITH_DATABASE_URL: the database cannot be reached")


@pytest.mark.parametrize("module", [WEB, WORKER])
def test_child_that_is_killed_is_started_again(served, module):
    wait_until(lambda: served.child(module))
    killed = served.child(module)
    killed.kill()
    wait_until(lambda: (child := served.child(module)) is not None and child.pid != killed.pid)
    wait_until(served.is_well)
    assert "ended (by SIGKILL); it starts again" in served.errors


def test_database_that_is_killed_is_started_again(served):
    wait_until(served.is_well)
    killed = psutil.Process(int((served.data / "postgres" / "postmaster.pid").read_text().split()[0]))
    before = served.child(WEB)
    killed.kill()
    wait_until(lambda: is_over(killed))
    wait_until(lambda: served.is_well() and served.child(WORKER) and served.child(WEB) != before)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_ends_everything_and_is_no_failure(start, stopped, asked):
    with start(stopped) as running:
        wait_until(lambda: running.child(WORKER))
        processes = running.everything()
        running.process.send_signal(asked)
        assert running.process.wait(60) == 0
        assert all(is_over(process) for process in processes)
        assert not database(stopped)
        assert running.errors == "tagsmith: stopped\n"


def test_second_interrupt_ends_what_does_not_stop_by_itself(start, stopped):
    with start(stopped) as running:
        wait_until(lambda: running.child(WORKER))
        web, worker = running.child(WEB), running.child(WORKER)
        worker.suspend()
        running.process.send_signal(signal.SIGINT)
        wait_until(lambda: is_over(web))
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) == 0
        assert is_over(worker)
        assert not database(stopped)


def test_nothing_outlives_a_supervisor_that_is_killed(start, stopped):
    with start(stopped) as running:
        wait_until(lambda: running.child(WORKER))
        processes = running.everything()
        running.process.kill()
        wait_until(lambda: all(is_over(process) for process in processes))
        wait_until(lambda: not database(stopped))
