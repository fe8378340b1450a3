"""`tagsmith user`: the people who use the library."""

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

ROLES = ("viewer", "editor", "trainer", "administrator")


@click.group()
def user() -> None:
    """Add and list the people who use the library."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="What they may do.")
@click.option("--name", default="", help="The name that others see.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if not given.")
@click.pass_obj
def add(load: Load, username: str, role: str, name: str, password: str) -> None:
    """Add somebody who signs in as USERNAME.

    Viewers look and search; editors also change metadata and tags; trainers also teach tag models;
    administrators do everything.
    """
    with load().library():
        from tagsmith.accounts.models import Role
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.operations.people import add_person

        person = add_person(COMMAND_LINE, username, password, Role(role), name)
        click.echo(f"added {person.username} ({person.role})")


@user.command("list")
@click.pass_obj
def list_(load: Load) -> None:
    """List everybody: name, role, whether they may sign in."""
    with load().library():
        from tagsmith.accounts.selectors import people

        rows = [
            (person.username, person.name, person.role, "" if person.is_active else "cannot sign in")
            for person in people()
        ]
        print_table(("username", "name", "role", ""), rows, "llll")
