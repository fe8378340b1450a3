"""`tagsmith import`: a folder of photos into the library, and everything that follows."""

from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note, note_skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagsmith.assets.ingest import Report
    from tagsmith.assets.models import Asset
    from tagsmith.operations.bringing_in import Standing


@click.command("import")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--folder", default="", help="Folder of the library to bring them into; made where missing.")
@click.option("--in-place", is_flag=True, help="Leave the originals where they lie.")
@click.option(
    "--on-same",
    type=click.Choice(("replace", "version", "both")),
    default="replace",
    show_default=True,
    help="Another content at the same path: replace it, keep it as an earlier version, or keep both.",
)
@click.pass_obj
def import_(load: Load, directory: Path, folder: str, in_place: bool, on_same: str) -> int:
    """Bring the photos in DIRECTORY, with all below it, into the library, and make them ready.

    A second import of the same folder adds only what is new or changed. The exit status is 0 unless nothing could
    be brought in.
    """
    with load().library():
        report, failed = bring_tree(directory, folder, in_place=in_place, on_same=on_same)
    click.echo(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{len(report.duplicates):,} duplicates, {len(report.skipped) + len(failed):,} could not be read"
    )
    return 0 if report.added or report.changed or report.unchanged else 1


def bring_tree(
    directory: Path, folder: str, *, in_place: bool = False, on_same: str = "replace"
) -> "tuple[Report, list[Asset]]":
    """Bring a folder into the library that is open, with all that follows; name what could not be used.

    Returns
    -------
    report, failed
        What the import did, and the assets that could not be read.
    """
    from tagsmith.assets.adoption import Policy
    from tagsmith.assets.commit import Ingest
    from tagsmith.assets.ingest import Progress, import_tree
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.embeddings.preparation import current
    from tagsmith.operations.bringing_in import BringingIn
    from tagsmith.queue.worker import run_worker
    from tagsmith.workflows.jobs import launch_due

    def bring(ingest: Ingest, progress: Progress) -> "Report":
        return import_tree(
            EVERYTHING,
            COMMAND_LINE,
            directory,
            folder,
            ingest=ingest,
            in_place=in_place,
            on_same=Policy(on_same),
            progress=progress,
        )

    with _bars() as show:
        importing = BringingIn(directory, current().storage, bring, show)
        report = importing.run()
    failed = importing.waiting.failed()
    _note(report, failed)
    if left := importing.waiting.look():
        note(f"{left:,} are not ready yet: `tagsmith check` says why")
    launch_due(timedelta())
    run_worker(wait=False)  # what launchers have started
    return report, failed


def _note(report: "Report", failed: "list[Asset]") -> None:
    note_skipped(report.skipped)
    for duplicate in report.duplicates:
        note(f"{duplicate.path} has the same content as {duplicate.of}")
    for asset in failed:
        note(f"{asset.path}: {asset.failure}")


@contextmanager
def _bars() -> "Iterator[Callable[[Standing], None]]":
    """Show on a terminal how many files came in and how many assets are ready; stay quiet in a pipe."""
    from tqdm import tqdm

    bar = partial(tqdm, unit=" images", disable=None, leave=False, dynamic_ncols=True)
    with bar(desc="bringing in") as files, bar(desc="making ready") as assets:

        def show(now: "Standing") -> None:
            for one, done, total in ((files, now.looked, now.files), (assets, now.ready, now.assets)):
                one.total = total
                one.update(done - one.n)
                one.refresh()

        yield show
