"""Names of folders and assets: what they may hold, how siblings are compared, how a second one is called."""

import os
import unicodedata
from pathlib import PurePath

from tagsmith.errors import LibraryError

LONGEST_NAME = 255
LONGEST_SUFFIX = 20
LONGEST_PATH = 2500  # bytes; an index row of PostgreSQL holds about 2,700
FORBIDDEN = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of characters, line and paragraph separators


def checked_name(name: str) -> str:
    """Return a name without outer spaces, in composed form (NFC); raises LibraryError if it cannot be one."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or clean in (".", ".."):
        raise LibraryError("{name!r} cannot be a name", name=name)
    if len(clean) > LONGEST_NAME:
        raise LibraryError("{name}…: a name has at most {longest} characters", name=clean[:40], longest=LONGEST_NAME)
    if "/" in clean:
        raise LibraryError("{name!r}: a name cannot hold '/'", name=clean)
    if any(unicodedata.category(character) in FORBIDDEN for character in clean):
        raise LibraryError("{name!r}: a name cannot hold control characters", name=clean)
    return clean


def imported_name(name: str) -> str:
    r"""Return the library's name for a file's: bytes that are not UTF-8 and control characters appear as \xNN.

    Raises
    ------
    LibraryError
        Nothing is left of it, or it is too long.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    escaped = (
        character.encode("unicode_escape").decode() if unicodedata.category(character) in FORBIDDEN else character
        for character in text
    )
    return checked_name("".join(escaped))


def fold(name: str) -> str:
    """Return what siblings are told apart by: upper and lower case are the same, as on most people's disks."""
    return unicodedata.normalize("NFC", name.casefold())


def numbered(name: str, number: int) -> str:
    """Return `a (2).jpg` for `a.jpg`, shortened where it would be too long."""
    suffix = PurePath(name).suffix
    suffix = suffix if len(suffix) <= LONGEST_SUFFIX else ""
    tail = f" ({number}){suffix}"
    return name.removesuffix(suffix)[: LONGEST_NAME - len(tail)] + tail


def join(parent: str, name: str) -> str:
    """Return the path of `name` in the folder `parent`; raises LibraryError if it is too long."""
    path = f"{parent}/{name}" if parent else name
    check_path_length(path, len(path.encode()))
    return path


def check_path_length(path: str, count: int) -> None:
    """Refuse a path of `count` bytes if that is too long."""
    if count > LONGEST_PATH:
        raise LibraryError("{path}…: a path has at most {longest:,} bytes", path=path[:80], longest=LONGEST_PATH)


def steps_of(path: str) -> tuple[str, ...]:
    """Return the names in a path, each checked; the empty path is the root's."""
    return tuple(checked_name(name) for name in path.split("/")) if path else ()
