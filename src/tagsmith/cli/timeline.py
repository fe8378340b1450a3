"""`tagsmith timeline`: what happened to an asset or in a folder."""

import click

from tagsmith.cli.context import Load


@click.command()
@click.argument("path", default="")
@click.option("--limit", default=50, show_default=True, help="How many events, the latest first.")
@click.pass_obj
def timeline(load: Load, path: str, limit: int) -> None:
    """Say what happened to the asset, or to and in the folder, at PATH in the library; the whole library without."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import find_asset
        from tagsmith.assets.selectors.folders import find_folder
        from tagsmith.errors import NotFoundError
        from tagsmith.tagging.events import sentence
        from tagsmith.workflows.timeline import folder_timeline
        from tagsmith.workflows.timeline import timeline as asset_timeline

        try:
            found = folder_timeline(EVERYTHING, find_folder(EVERYTHING, path).pk, size=limit)
        except NotFoundError:
            found = asset_timeline(EVERYTHING, find_asset(EVERYTHING, path).pk, size=limit)
        for event in found.events:
            click.echo(f"{event.at:%Y-%m-%d %H:%M:%S} UTC  {sentence(event)}")
