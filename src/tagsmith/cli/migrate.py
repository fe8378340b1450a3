"""`tagsmith migrate`: the database of an older Tagsmith brought up to date."""

import click

from tagsmith.cli.context import Load


@click.command()
@click.pass_obj
def migrate(load: Load) -> None:
    """Bring the database of an older Tagsmith up to date. Make a backup first."""
    with load().library(migrate=True):
        click.echo("the database is up to date")
