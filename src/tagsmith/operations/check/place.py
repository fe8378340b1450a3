"""Whether there is room in the data folder, and permission to write there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tagsmith.atomic import check_writable, make_folder
from tagsmith.errors import WriteError
from tagsmith.operations.check.finding import Finding, Severity

GB = 2**30
LITTLE = 2 * GB
NEXT_TO_NOTHING = GB // 4


def check_place(folder: Path) -> Iterator[Finding]:
    """Look whether the data folder can be written and how much is free there."""
    try:
        make_folder(folder)
        check_writable(folder / "file")
    except WriteError as error:
        yield Finding(Severity.ERROR, f"the data folder cannot be written: {error}", "give Tagsmith's user the folder")
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        severity = Severity.ERROR if free < NEXT_TO_NOTHING else Severity.WARNING
        yield Finding(severity, f"{free / GB:.1f} GB are free in {folder}", "make room before the disk is full")
