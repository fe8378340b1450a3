"""The folder of the server's socket: short, for a socket's path holds about 100 bytes, and ours alone."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from tagsmith.config.postgres.account import Account
from tagsmith.errors import DatabaseError

PORT = 5432
PRIVATE = 0o700
LONGEST = 70
_NAMES = (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock")


def make_socket_folder(account: Account) -> Path:
    """Return a new folder that the account alone can enter; raises DatabaseError.

    Not in the folder of the login session, unless there is nothing else: it goes when the user logs out.
    """
    reasons = []
    for place in ("/tmp", "/var/tmp", os.environ.get("XDG_RUNTIME_DIR")):  # noqa: S108 - the name is random
        if not place or len(place) > LONGEST:
            continue
        try:
            folder = Path(tempfile.mkdtemp(prefix="tagsmith-", dir=place))
        except OSError as error:
            reasons.append(f"{place}: {error.strerror}")
            continue
        if not account.is_ours:
            os.chown(folder, account.uid, account.gid)
        return folder
    raise DatabaseError(f"no place for the database's socket: {'; '.join(reasons)}")


def is_private(folder: Path, account: Account) -> bool:
    """Tell whether a folder is still the account's alone, and neither a link nor somebody else's in its place."""
    try:
        return _private(folder.lstat(), account)
    except OSError:
        return False


def remove_socket_folder(folder: Path, account: Account) -> None:
    """Take away a socket folder; one that is not the account's alone, or holds something else, stays as it is."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if not _private(os.fstat(descriptor), account):
                return
            for name in _NAMES:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=descriptor)  # in the very folder that was checked
        finally:
            os.close(descriptor)
        folder.rmdir()


def _private(found: os.stat_result, account: Account) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == PRIVATE
