"""`tagsmith launcher`: which folders' imports and modifications start runs by themselves."""

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

EVENTS = ("import", "modification")
SETTINGS = ("on", "off", "inherit")
ROOT = "/"


@click.group()
def launcher() -> None:
    """Say which folders' imports and modifications are tagged by themselves."""


@launcher.command("list")
@click.pass_obj
def list_(load: Load) -> None:
    """List the folders that switch a launcher on or off; those below them inherit it, and elsewhere all are off."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.workflows.selectors import launchers

        rows = [
            (
                item.folder.name if item.folder.trashed else item.folder.path or ROOT,
                item.event,
                "on" if item.enabled else "off",
                "does nothing: the folder is in the trash" if item.folder.trashed else "",
            )
            for item in launchers(EVERYTHING)
        ]
        print_table(("folder", "event", "", ""), rows, "llll")


@launcher.command("set")
@click.argument("folder")
@click.argument("event", type=click.Choice(EVENTS))
@click.argument("setting", type=click.Choice(SETTINGS))
@click.pass_obj
def set_(load: Load, folder: str, event: str, setting: str) -> None:
    """Switch tagging on an EVENT on or off for FOLDER and all below it, or let it inherit what its parent says."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.folders import find_folder
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.workflows.launching import Setting, set_launcher
        from tagsmith.workflows.models import Event
        from tagsmith.workflows.selectors import effective

        found = find_folder(EVERYTHING, folder.strip(ROOT))
        set_launcher(COMMAND_LINE, EVERYTHING, found.pk, Event(event), Setting(setting))
        now = effective(EVERYTHING, found.pk, Event(event))
        source = "the default" if now.source is None else f"set for {now.source or ROOT}"
        click.echo(f"{found.path or ROOT}: {event} is {'on' if now.enabled else 'off'} ({source})")
