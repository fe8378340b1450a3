"""Files that are there whole or not at all."""

import secrets
import stat
from pathlib import Path

from tagsmith.errors import WriteError


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that readers, and a crash in the middle, find the old file or the new one.

    An existing file keeps its permissions. Two writers at once leave the content of one of them.

    Raises
    ------
    WriteError
        The folder is missing or read-only, or the disk is full; nothing is left behind.
    """
    part = path.with_name(f".tagsmith-{secrets.token_hex(8)}.part")
    try:
        try:
            with part.open("xb") as file:
                file.write(content)
            if path.exists():
                _keep_mode(path, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{path}: {error.strerror}") from error


def _keep_mode(old: Path, new: Path) -> None:
    mode = stat.S_IMODE(old.stat().st_mode)
    if stat.S_IMODE(new.stat().st_mode) != mode:  # some file systems refuse any chmod
        new.chmod(mode)
