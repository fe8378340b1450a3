"""What the machine, or the container that it is, gives to the server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tagsmith.config.postgres.tuning import Machine

_UNLIMITED = 2**60  # how cgroup v1 says "max" differs by page size; all of it is above


def measure(folder: Path) -> Machine:
    """Return what there is for a server whose data lie in a folder."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared = Path("/dev/shm")  # noqa: S108 - only its size is asked
    return Machine(
        memory=min([total, *memory_limits()]),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        free_disk=shutil.disk_usage(folder).free,
        shared_memory=shutil.disk_usage(shared).total if shared.is_dir() else None,
    )


def memory_limits(root: Path = Path("/")) -> list[int]:
    """Return the memory limits, in bytes, of all control groups that this process is in."""
    try:
        groups = (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return []
    found = []
    for path in limit_files(groups):
        try:
            found.append(limit_in((root / path).read_text(encoding="utf-8", errors="replace")))
        except OSError:  # this version of control groups is not in use, or the group is not to be seen from inside
            continue
    return [limit for limit in found if limit is not None]


def limit_files(groups: str) -> list[str]:
    """Return which files may state a limit, given /proc/self/cgroup: those of a group and of all groups around it."""
    files = []
    for line in groups.splitlines():
        _, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if not controllers:
            files += [f"sys/fs/cgroup{part}/memory.max" for part in _around(group)]
        elif "memory" in controllers.split(","):
            files += [f"sys/fs/cgroup/memory{part}/memory.limit_in_bytes" for part in _around(group)]
    return files


def limit_in(text: str) -> int | None:
    """Return the bytes that a limit file states; none if it says that there is no limit."""
    stated = text.strip()
    return int(stated) if stated.isdecimal() and 0 < int(stated) < _UNLIMITED else None


def _around(group: str) -> Iterator[str]:
    parts = [part for part in group.split("/") if part and part != ".."]
    for count in range(len(parts), -1, -1):
        yield "".join(f"/{part}" for part in parts[:count])
