"""A new cluster, made beside its place and moved there whole; and what an old one must be to be used."""

import os
import shlex
import shutil
import tempfile
from pathlib import Path

from tagsmith.config.postgres.account import Account
from tagsmith.config.postgres.binaries import MAJOR, last_lines, program, run
from tagsmith.config.postgres.places import Places
from tagsmith.errors import DatabaseError

USER = "tagsmith"
SETTINGS_FILE = "tagsmith.conf"
_PART = {"prefix": ".postgres-", "suffix": ".part"}
_INCLUDE = f"""
# Tagsmith writes this file anew at each start. What stands below it, or is set by ALTER SYSTEM, wins.
include '{SETTINGS_FILE}'
"""


def make_cluster(places: Places, account: Account) -> None:
    """Make the cluster, unless there is one that can be used.

    Raises
    ------
    DatabaseError
        It is of another major version or no cluster at all, or it could not be made; nothing half-made is left.
    """
    for part in places.folder.glob("*".join(_PART.values())):
        shutil.rmtree(part, ignore_errors=True)  # somebody was killed while making it
    version = places.cluster / "PG_VERSION"
    if version.is_file():
        _check_version(places.cluster, version.read_text(encoding="utf-8", errors="replace").strip())
        _check_owner(places.cluster, account)
    elif _is_taken(places.cluster):
        raise DatabaseError(f"{places.cluster} is there, but is no database of PostgreSQL's: move it out of the way")
    else:
        _initialise(places, account)


def _check_version(cluster: Path, version: str) -> None:
    if version != str(MAJOR):
        raise DatabaseError(
            f"{cluster} was made by PostgreSQL {version}, and this release of Tagsmith has PostgreSQL {MAJOR}. "
            "Run `tagsmith backup` with the release that made it, then restore that into a new data folder."
        )


def _check_owner(cluster: Path, account: Account) -> None:
    if cluster.stat().st_uid != account.uid:
        raise DatabaseError(
            f"{cluster} belongs to another user than {account.name}, who would run PostgreSQL: "
            f"`chown -R {account.name} {shlex.quote(str(cluster))}`"
        )


def _is_taken(cluster: Path) -> bool:
    if cluster.is_symlink() or not cluster.is_dir():
        return os.path.lexists(cluster)
    return any(cluster.iterdir())


def _initialise(places: Places, account: Account) -> None:
    part = Path(tempfile.mkdtemp(**_PART, dir=places.folder))
    try:
        if not account.is_ours:
            os.chown(part, account.uid, account.gid)
        done = run(account, _initdb(part), cluster=part)
        if done.returncode == 0:
            done = run(account, ["tee", "-a", part / "postgresql.conf"], cluster=part, text=_INCLUDE)
        if done.returncode:
            raise DatabaseError(f"{places.cluster} could not be made:\n{last_lines(done.stdout)}")
        part.rename(places.cluster)
        _persist(places.folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _initdb(part: Path) -> list[str | Path]:
    return [
        program("initdb"),
        *("-D", part, "-U", USER, "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--locale=C.UTF-8"),
        *("-c", "listen_addresses=", "-c", "unix_socket_directories="),  # until tagsmith.conf names the folder
    ]


def _persist(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
