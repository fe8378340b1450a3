"""`tagsmith import`: a folder of photos into the library, and everything that follows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tagsmith.cli.context import Load, note, note_skipped, progress

POLL = 0.5  # seconds between two looks at how far the preparation is


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
        from tagsmith.assets.adoption import Policy
        from tagsmith.assets.commit import Ingest
        from tagsmith.assets.ingest import import_tree
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.embeddings.jobs import enqueue_preparation
        from tagsmith.embeddings.preparation import current
        from tagsmith.queue.worker import run_worker

        with progress(0, "bringing in") as advance:
            report = import_tree(
                EVERYTHING,
                COMMAND_LINE,
                directory,
                folder,
                ingest=Ingest(current().storage, enqueue_preparation),
                in_place=in_place,
                on_same=Policy(on_same),
                progress=advance,
            )
        note_skipped(report.skipped)
        for duplicate in report.duplicates:
            note(f"{duplicate.path} has the same content as {duplicate.of}")
        with _preparation_shown(report.added + report.changed):
            run_worker(wait=False)
        failed = _failures()
    for path, reason in failed:
        note(f"{path}: {reason}")
    click.echo(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{len(report.duplicates):,} duplicates, {len(report.skipped) + len(failed):,} could not be read"
    )
    return 0 if report.added or report.changed or report.unchanged else 1


def _failures() -> list[tuple[str, str]]:
    from tagsmith.assets.models import Asset, State

    rows = Asset.objects.filter(state=State.FAILED, trashed__isnull=True).select_related("folder").order_by("pk")
    return [(asset.path, asset.failure) for asset in rows]


@contextmanager
def _preparation_shown(total: int) -> Iterator[None]:
    """Show how many assets are ready, as the database says, while the worker does its jobs."""
    from django.db import connection

    from tagsmith.assets.models import Asset, State

    over = threading.Event()

    def watch() -> None:
        try:
            with progress(total, "making ready") as advance:
                shown = 0
                while not over.wait(POLL):
                    ready = max(0, total - Asset.objects.filter(state=State.NEW).count())
                    for _ in range(ready - shown):
                        advance(None)
                    shown = max(shown, ready)
        finally:
            connection.close()

    watcher = threading.Thread(target=watch, name="progress")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
