"""`tagsmith reindex`: make the searched texts anew."""

import click

from tagsmith.cli.context import Load, note, progress


@click.command()
@click.pass_obj
def reindex(load: Load) -> None:
    """Make what the search looks through anew, from all assets and their tags. The library stays usable meanwhile."""
    with load().library():
        from tagsmith.assets.models import Asset
        from tagsmith.search.services import reindex as make_anew

        with progress(Asset.objects.count(), "reading") as advance:
            count = make_anew(advance=lambda assets: [advance(None) for _ in range(assets)])
        note(f"{count:,} assets are searched as they are now")
