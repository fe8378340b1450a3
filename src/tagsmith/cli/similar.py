"""`tagsmith similar`: the assets that look most like one, or like an image file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load

if TYPE_CHECKING:
    from tagsmith.embeddings.neighbours import Similar


@click.command()
@click.argument("path", required=False)
@click.option("--image", type=click.Path(path_type=Path), metavar="FILE", help="An image file instead; it is not kept.")
@click.option("--count", default=24, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.pass_obj
def similar(load: Load, path: str | None, image: Path | None, count: int) -> None:
    """List the assets that look most like the one at PATH in the library, the most similar first."""
    if (path is None) == (image is None):
        raise click.UsageError("give the path of an asset in the library, or --image FILE")
    with load().library():
        for one in _like_file(image, count) if image else _like_asset(path or "", count):
            click.echo(f"{one.cosine:.3f}  {one.asset.path}")


def _like_asset(path: str, count: int) -> "list[Similar]":
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import find_asset
    from tagsmith.embeddings.neighbours import similar as nearest

    return nearest(EVERYTHING, find_asset(EVERYTHING, path).pk, count=count)


def _like_file(file: Path, count: int) -> "list[Similar]":
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.embeddings.neighbours import similar_to_vector
    from tagsmith.embeddings.seeing import see
    from tagsmith.errors import ImageError

    try:
        seen = see(file)
    except ImageError as error:
        raise ImageError("{file}: {reason}", file=file, reason=error.sentence) from error
    return similar_to_vector(EVERYTHING, seen.encoder, seen.vector, count=count)
