"""`tagsmith demo`: the whole way from examples to tagged images, as one page."""

from pathlib import Path

import click

from tagsmith.cli.context import Load


@click.command()
@click.option("--photos", type=click.Path(path_type=Path), help="A folder per tag of your own photos.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help="Folder.",
)
@click.pass_obj
def demo(load: Load, photos: Path | None, output: Path) -> None:
    """Teach and tag a sample library, or your own photos, and write a page with the result.

    Of your own photos some are used as examples and the others are tagged.
    """
    from tagsmith.learning.tag_model import TagModel
    from tagsmith.operations.demo.run import run_demo
    from tagsmith.vision.bounds import DecodeLimits

    settings = load()
    model = TagModel(
        encoder=settings.encoder,
        limits=settings.limits,
        decode_limits=DecodeLimits(max_pixels=settings.max_image_pixels),
        cache=settings.cache,
        workers=settings.workers,
    )
    page = run_demo(output, photos, model, click.echo)
    click.echo(f"\nOpen {page.resolve()} in a browser.")
