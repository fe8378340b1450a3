"""`tagsmith similar`: the assets that look most like one."""

import click

from tagsmith.cli.context import Load


@click.command()
@click.argument("path")
@click.option("--count", default=24, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.pass_obj
def similar(load: Load, path: str, count: int) -> None:
    """List the assets that look most like the one at PATH in the library, the most similar first."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import find_asset
        from tagsmith.embeddings.neighbours import similar as nearest

        for one in nearest(EVERYTHING, find_asset(EVERYTHING, path).pk, count=count):
            click.echo(f"{one.cosine:.3f}  {one.asset.path}")
