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
@click.option("--password", default="", help="Asked for if not given.")
@click.option("--no-password", is_flag=True, help="They sign in by the provider of OpenID Connect alone.")
@click.pass_obj
def add(load: Load, username: str, role: str, name: str, password: str, *, no_password: bool) -> None:
    """Add somebody who signs in as USERNAME.

    Viewers look and search; editors also change metadata and tags; trainers also teach tag models;
    administrators do everything.
    """
    if no_password and password:
        raise click.UsageError("--password and --no-password exclude each other")
    if not (no_password or password):
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with load().library():
        from tagsmith.accounts.models import Role
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.operations.people import add_person

        person = add_person(COMMAND_LINE, username, password or None, Role(role), name)
        click.echo(f"added {person.username} ({person.role})")


@user.command("list")
@click.pass_obj
def list_(load: Load) -> None:
    """List everybody: name, role, how they sign in, whether they may."""
    with load().library():
        from tagsmith.accounts.selectors import people

        rows = [
            (
                person.username,
                person.name,
                person.role,
                "password" if person.has_usable_password() else "",
                ", ".join(f"{one.shown} at {one.issuer}" for one in person.identities.all()),
                "" if person.is_active else "cannot sign in",
            )
            for person in people().prefetch_related("identities")
        ]
        print_table(("username", "name", "role", "password", "provider", ""), rows, "llllll")


@user.command()
@click.argument("username")
@click.pass_obj
def unbind(load: Load, username: str) -> None:
    """Free USERNAME from whom the sign-in provider means, and sign them out; their next sign-in there binds anew."""
    with load().library():
        from tagsmith.accounts.selectors import find_person
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.operations.people import unbind as free

        person = find_person(username)
        bound = list(person.identities.all())
        for identity in bound:
            free(COMMAND_LINE, person, identity.pk)
        click.echo(f"unbound {person.username}" if bound else f"{person.username} is not bound")
