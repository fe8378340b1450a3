"""`tagsmith tag`: a run over folders and assets of the library, done here and now."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note, progress

if TYPE_CHECKING:
    from tagsmith.workflows.models import Run


def describes_run(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a command the arguments that describe a run."""
    for add in (
        click.option("--comment", default="", help="A comment on the run."),
        click.option("--title", default="", help="Title of the run."),
        click.option("--force", is_flag=True, help="Also what was tagged not long ago."),
        click.argument("paths", nargs=-1, required=True),
    ):
        command = add(command)
    return command


@click.command()
@describes_run
@click.pass_obj
def tag(load: Load, paths: tuple[str, ...], force: bool, title: str, comment: str) -> int:
    """Tag PATHS, folders of the library with all below them and single assets, with the live tag models.

    "/" is the whole library. Tagged are assets that never were, or were modified since, or whose last tagging
    is more than 24 hours ago, or before the newest live version. Ctrl-C pauses the run.
    """
    with load().library():
        return do_run(make_run(paths, force=force, title=title, comment=comment))


def make_run(
    paths: tuple[str, ...], *, force: bool, title: str, comment: str, then: Callable[["Run"], None] = lambda _: None
) -> "Run":
    """Make a run over these paths of the library, and do with it, in the same transaction, what comes then."""
    from django.db import transaction

    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.workflows.services import create_run

    folders, assets = _found(paths)
    with transaction.atomic():
        run = create_run(
            COMMAND_LINE, EVERYTHING, folders=folders, assets=assets, title=title, comment=comment, force=force
        )
        then(run)
    return run


def do_run(run: "Run") -> int:
    """Do what is left of a run in this process, with progress; return the exit status."""
    from django.utils import timezone

    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.workflows import services
    from tagsmith.workflows.models import Status
    from tagsmith.workflows.selectors import progress as progress_of

    numbers = services.plan(run.pk, timezone.now())
    run.refresh_from_db()
    so_far = progress_of(run, timezone.now())
    try:
        with progress(so_far.total - so_far.done, "tagging") as advance:
            for number in numbers:
                services.do_chunk(run.pk, number)
                for _ in run.chunks.get(number=number).assets:
                    advance(None)
    except KeyboardInterrupt:
        services.pause(COMMAND_LINE, run)
        note(f"paused; `tagsmith run resume {run.pk}` goes on")
        raise
    run.refresh_from_db()
    result = progress_of(run, timezone.now())
    skipped = "".join(f", {count:,} skipped ({reason})" for reason, count in run.skipped.items())
    click.echo(
        f"run {run.pk}: {result.done:,} looked at, {result.tagged:,} tagged, {result.changes:,} changes{skipped}"
    )
    return 0 if run.status == Status.SUCCESS else 1


def _found(paths: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Return the ids of the folders and of the assets at these paths of the library."""
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import find_asset
    from tagsmith.assets.selectors.folders import find_folder
    from tagsmith.errors import NotFoundError

    folders, assets = [], []
    for path in paths:
        clean = path.strip("/")
        try:
            folders.append(find_folder(EVERYTHING, clean).pk)
        except NotFoundError:
            assets.append(find_asset(EVERYTHING, clean).pk)
    return folders, assets
