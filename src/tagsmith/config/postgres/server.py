"""The server's processes: asked, started and stopped. Whoever calls this holds the gate."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tagsmith.config.postgres.account import Account
from tagsmith.config.postgres.binaries import last_lines, program, run
from tagsmith.config.postgres.connection import complaint, is_on_its_way
from tagsmith.config.postgres.creation import SETTINGS_FILE
from tagsmith.config.postgres.locks import claimed, is_held
from tagsmith.config.postgres.machine import measure
from tagsmith.config.postgres.places import Places, Record
from tagsmith.config.postgres.sockets import PORT, make_socket_folder, remove_socket_folder
from tagsmith.config.postgres.tuning import conf_text, server_settings
from tagsmith.errors import DatabaseError, TagsmithError

RECOVERY = 600  # seconds; after a crash the server reads back what it had not yet written
PATIENCE = 30
PAUSE = 0.05
LONGEST_LOG = 10 * 2**20


def ensure(places: Places, account: Account, *, lasting: bool) -> None:
    """Return when the server answers, having started it if no process of it was left; raises DatabaseError."""
    begun = time.monotonic()
    while (reason := complaint(places, account)) is not None:
        with claimed(places.life) as life:
            failure = None if life is None else _launch(places, account, life, lasting=lasting)
        if failure is not None and not is_held(places.life):
            _forget(places, account)
            raise DatabaseError(f"{places.cluster} cannot be started:\n{failure}")
        waited = time.monotonic() - begun
        if waited > RECOVERY:
            raise DatabaseError(f"the database in {places.folder} is not ready after {RECOVERY} s: try again later")
        if life is None and waited > PATIENCE and not is_on_its_way(places, account):
            raise DatabaseError(_unreachable(places, reason))
        time.sleep(PAUSE)


def halt(places: Places, account: Account) -> None:
    """Stop the server, return when its last process is gone, and take its socket folder away; raises DatabaseError."""
    begun = time.monotonic()
    while is_held(places.life) or complaint(places, account) is None:
        if postmaster(places) is not None:  # else pg_ctl could hit a process that got its number since
            done = run(account, _pg_ctl("stop", "-m", "fast"), cluster=places.cluster)
            if done.returncode and postmaster(places) is not None:
                raise DatabaseError(f"{places.cluster} cannot be stopped:\n{last_lines(done.stdout)}")
        if time.monotonic() - begun > RECOVERY:
            raise DatabaseError(_unreachable(places, "its last process does not end"))
        time.sleep(PAUSE)
    _forget(places, account)


def postmaster(places: Places) -> int | None:
    """Return the number of the server's first process; none if it is gone, whoever has its number now."""
    try:
        number = int((places.cluster / "postmaster.pid").read_bytes().split(b"\n")[0])
        return number if _serves(psutil.Process(number), places.cluster) else None
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None


def _serves(process: psutil.Process, cluster: Path) -> bool:
    """Tell a server of this cluster, which has made it its working folder, from a dead one and from other programs."""
    if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
        return False
    return cluster.samefile(process.cwd())


def _launch(places: Places, account: Account, life: int, *, lasting: bool) -> str | None:
    """Start a server that inherits the lock on its life; returns what the log says if it did not come up."""
    _forget(places, account)
    if postmaster(places) is None:  # its number may belong to another program now, and PostgreSQL would believe it
        (places.cluster / "postmaster.pid").unlink(missing_ok=True)
    record = Record(make_socket_folder(account), lasting)
    try:
        record.save(places)
        _write_settings(places, account, record)
    except TagsmithError:
        remove_socket_folder(record.socket, account)
        raise
    with _log(places) as log:
        end = os.fstat(log).st_size
        failed = run(account, _pg_ctl("start"), cluster=places.cluster, output=log, keep=(life,)).returncode
    return last_lines(places.log.read_bytes()[end:]) if failed else None


def _pg_ctl(action: str, *options: str) -> list[str | Path]:
    return [program("pg_ctl"), action, "-s", "-w", "-t", str(RECOVERY), *options]


def _write_settings(places: Places, account: Account, record: Record) -> None:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": os.fspath(record.socket),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        **server_settings(measure(places.folder)),
    }
    file = places.cluster / SETTINGS_FILE
    done = run(account, ["tee", file], cluster=places.cluster, text=conf_text(settings))  # root is not to write there
    if done.returncode:
        raise DatabaseError(f"{file} cannot be written:\n{last_lines(done.stdout)}")


@contextmanager
def _log(places: Places) -> Iterator[int]:
    """Open the log to write at its end; a long one, or another user's, is set aside."""
    old = places.log.with_name(f"{places.log.name}.1")
    with suppress(FileNotFoundError):
        if places.log.stat().st_size > LONGEST_LOG or not os.access(places.log, os.W_OK):
            places.log.replace(old)
    descriptor = os.open(places.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _forget(places: Places, account: Account) -> None:
    record = Record.load(places)
    if record is not None:
        remove_socket_folder(record.socket, account)
    places.record.unlink(missing_ok=True)


def _unreachable(places: Places, reason: str) -> str:
    number = postmaster(places)
    which = f"process {number}" if number else "its processes"
    return (
        f"a database server for {places.folder} is running, but cannot be used: {reason}. "
        f"Perhaps it was started in a container, or the folder was moved meanwhile. End {which} and try again."
    )
