"""`tagsmith run`: starting runs, what runs there are, and steering them."""

from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table
from tagsmith.cli.tag import describes_run, make_run

if TYPE_CHECKING:
    from tagsmith.workflows.models import Run


@click.group()
def run() -> None:
    """Start, list, show, pause, resume, cancel, retry and undo runs."""


@run.command()
@describes_run
@click.pass_obj
def start(load: Load, paths: tuple[str, ...], force: bool, title: str, comment: str) -> None:
    """Let workers tag PATHS, folders of the library with all below them and single assets.

    As `tagsmith tag`, but it does not wait: `tagsmith worker` processes do it.
    """
    with load().library():
        from tagsmith.workflows.jobs import enqueue_run

        item = make_run(paths, force=force, title=title, comment=comment, then=enqueue_run)
        click.echo(f"run {item.pk} waits for a worker: {item.title}")


@run.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
@click.pass_obj
def list_(load: Load, limit: int) -> None:
    """List runs: status, how far, what they did."""
    with load().library():
        from django.utils import timezone

        from tagsmith.workflows.models import Run, Status
        from tagsmith.workflows.selectors import progress

        rows = []
        for item in Run.objects.order_by("-pk")[:limit]:
            now = progress(item, timezone.now())
            status = Status(item.status).label + (", undone" if item.undone else "")
            rows.append(
                (str(item.pk), item.title, status, f"{now.done}/{now.total}", str(now.tagged), str(now.changes))
            )
        print_table(("run", "title", "status", "done", "tagged", "changes"), rows, "rllrrr")


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def show(load: Load, number: int) -> None:
    """Show a run: progress, rate, time left, what was skipped and what failed."""
    with load().library():
        from django.utils import timezone

        from tagsmith.workflows.models import Status
        from tagsmith.workflows.selectors import progress

        item = _find(number)
        now = progress(item, timezone.now())
        click.echo(f"{item.title}: {Status(item.status).label}{', undone' if item.undone else ''}")
        click.echo(f"{now.done:,} of {now.total:,} done, {now.tagged:,} tagged, {now.changes:,} changes")
        if now.rate is not None:
            left = f", about {now.left:.0f} s left" if now.left else ""
            click.echo(f"{now.rate:.0f} assets/s{left}")
        for reason, count in item.skipped.items():
            click.echo(f"skipped: {count:,} {reason}")
        if item.failure:
            click.echo(f"failed: {now.failed:,} ({item.failure})")


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def pause(load: Load, number: int) -> None:
    """Let a run rest after what is being done."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows import services

        services.pause(COMMAND_LINE, _find(number))
        click.echo(f"run {number} is paused")


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def resume(load: Load, number: int) -> int:
    """Go on, here and now, with a run that is paused or whose process was killed."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.cli.tag import do_run
        from tagsmith.workflows import services

        item = _find(number)
        services.resume(COMMAND_LINE, item)
        return do_run(item)


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def cancel(load: Load, number: int) -> None:
    """End a run; what it did stays, and can be undone."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows import services

        services.cancel(COMMAND_LINE, _find(number))
        click.echo(f"run {number} is cancelled")


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def retry(load: Load, number: int) -> int:
    """Do again, here and now, what failed of a run."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.cli.tag import do_run
        from tagsmith.workflows import services

        item = _find(number)
        services.retry(COMMAND_LINE, item)
        return do_run(item)


@run.command()
@click.argument("number", type=int)
@click.pass_obj
def undo(load: Load, number: int) -> None:
    """Take back all that a run changed, but for what people have said since."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows import services

        changes = services.undo_run(COMMAND_LINE, _find(number))
        click.echo(f"run {number} is undone: {changes:,} changes taken back")


def _find(number: int) -> "Run":
    from tagsmith.errors import NotFoundError
    from tagsmith.workflows.models import Run

    item = Run.objects.filter(pk=number).first()
    if item is None:
        raise NotFoundError(f"no run {number}")
    return item
