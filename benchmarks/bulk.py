"""Seconds of editing the metadata of many assets at once, of taking it back, and of the way through a CSV file.

The library is that of `search.py`. What search looks through is made anew by jobs, which are timed apart.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scratch import large_library
from search import make_library

MANY = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edit", type=int, default=MANY, help="how many assets are edited")
    with large_library(parser) as options:
        make_library(options.assets)
        edit_and_undo(options.edit)


def edit_and_undo(count: int) -> None:
    from tagsmith.assets.edits import Edit, Mode
    from tagsmith.assets.models import LIVE, Asset
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.services.bulk_edit import edit_assets, preview_edits, undo_edits
    from tagsmith.audit.services import COMMAND_LINE

    assets = list(Asset.objects.filter(LIVE).order_by("pk").values_list("pk", flat=True)[:count])
    edits = {
        "title": Edit(Mode.REPLACE, "A new title"),
        "keywords": Edit(Mode.APPEND, ["summer"]),
        "custom": Edit(Mode.APPEND, {"campaign": "24"}),
    }
    with timed("preview"):
        seen = preview_edits(EVERYTHING, assets, edits).state
    with timed("edit"):
        done = edit_assets(EVERYTHING, COMMAND_LINE, assets, edits, seen=seen)
    with timed("undo"):
        undone = undo_edits(EVERYTHING, COMMAND_LINE, done.unit)
    print(f"{done.count:,} edited, {undone.count:,} taken back")
    through_csv(assets)
    if count <= MANY:
        search(assets)
    list_changes()


def through_csv(assets: list[int]) -> None:
    from tagsmith.assets.metadata_csv import Options, export_metadata, import_metadata, preview_import, read_sheet
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE

    with timed("CSV: writing"):
        content = b"".join(export_metadata(EVERYTHING, assets))
    changed = content.replace(b".jpg,", b".jpg,From a sheet: ")
    with timed("CSV: reading"):
        sheet = read_sheet(changed)
    with timed("CSV: preview"):
        seen = preview_import(EVERYTHING, COMMAND_LINE, sheet, Options()).outlook.state
    with timed("CSV: import"):
        done = import_metadata(EVERYTHING, COMMAND_LINE, sheet, Options(), seen=seen)
    print(f"{len(content) / 2**20:.1f} MiB, {done.count:,} changed")


def list_changes() -> None:
    """The page of changes: everything, and by somebody who did little."""
    from tagsmith.audit.models import Entry
    from tagsmith.audit.selectors import Which
    from tagsmith.audit.services import Actor, record
    from tagsmith.operations.changes import shown_changes

    record(Actor(name="somebody rare"), "report.created", "report", 1, after={"title": "x"})
    print(f"{Entry.objects.count():,} entries")
    for what, which in (
        ("changes", Which()),
        ("changes by one", Which(who="somebody rare")),
        ("changes of a kind", Which(subject="report", action="report.created")),
    ):
        with timed(what):
            shown_changes(which)


def search(assets: list[int]) -> None:
    from tagsmith.search.services import reindex

    with timed("the searched texts"):
        reindex(assets)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what:20} {time.perf_counter() - start:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
