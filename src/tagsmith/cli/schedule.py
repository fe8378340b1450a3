"""`tagsmith schedule`: runs at set times."""

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table


@click.group()
def schedule() -> None:
    """Tag folders again and again, at set times. Workers must be running then; a missed time is caught up once."""


@schedule.command("list")
@click.pass_obj
def list_(load: Load) -> None:
    """List schedules: folders, times (cron, UTC), when next."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.workflows.selectors import schedules

        rows = []
        for item in schedules(EVERYTHING):
            one = item.schedule
            gone = f"{item.gone} in the trash or gone" if item.gone else ""
            folders = ", ".join([path or "/" for path in item.paths] + [gone] * bool(gone))
            due = f"{one.next:%Y-%m-%d %H:%M}" if one.enabled else "off"
            rows.append((str(one.pk), one.title, one.cron, due, folders))
        print_table(("schedule", "title", "times", "next, UTC", "folders"), rows, "rllll")


@schedule.command()
@click.argument("cron")
@click.argument("folders", nargs=-1, required=True)
@click.option("--title", default="Periodic tagging", show_default=True, help="Title of its runs.")
@click.pass_obj
def add(load: Load, cron: str, folders: tuple[str, ...], title: str) -> None:
    """Tag FOLDERS at the times of CRON, five fields in UTC: "0 3 * * mon" is each Monday at three."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.folders import find_folder
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows.scheduling import create_schedule

        found = [find_folder(EVERYTHING, folder.strip("/")).pk for folder in folders]
        item = create_schedule(COMMAND_LINE, EVERYTHING, title=title, folders=found, cron=cron)
        click.echo(f"schedule {item.pk}: next at {item.next:%Y-%m-%d %H:%M} UTC")


@schedule.command()
@click.argument("number", type=int)
@click.pass_obj
def enable(load: Load, number: int) -> None:
    """Switch a schedule on."""
    _switch(load, number, enabled=True)


@schedule.command()
@click.argument("number", type=int)
@click.pass_obj
def disable(load: Load, number: int) -> None:
    """Switch a schedule off; the times until it is on again are not caught up."""
    _switch(load, number, enabled=False)


@schedule.command()
@click.argument("number", type=int)
@click.pass_obj
def remove(load: Load, number: int) -> None:
    """Remove a schedule; its runs stay."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows.scheduling import delete_schedule

        delete_schedule(COMMAND_LINE, EVERYTHING, number)
        click.echo(f"schedule {number} is removed")


def _switch(load: Load, number: int, *, enabled: bool) -> None:
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows.scheduling import enable_schedule

        enable_schedule(COMMAND_LINE, EVERYTHING, number, enabled=enabled)
        click.echo(f"schedule {number} is {'on' if enabled else 'off'}")
