"""`tagsmith learn`: a folder per tag in, one tag model file out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note, note_skipped, progress
from tagsmith.cli.quality import print_quality

if TYPE_CHECKING:
    from tagsmith.learning.tag_model import TagModel

SHARE = click.FloatRange(0, 1, min_open=True)


@click.command()
@click.argument("teach_dir", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The tag model file to write.")
@click.option(
    "--library",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of other photos, as your library has them, without labels: makes 'none of these' much surer.",
)
@click.option("--encoder", help="Name, id or .onnx file of the encoder.  [default: standard]")
@click.option("--independent", is_flag=True, help="Tags do not exclude each other: a photo may get several.")
@click.option(
    "--target-precision",
    type=SHARE,
    default=0.9,
    show_default=True,
    help="Share of the photos given a tag that should show it.",
)
@click.option(
    "--prevalence",
    type=SHARE,
    help="Share of the photos to tag that you expect to show one of the tags; 1 if all do.  [default: estimated from "
    "the library's photos, 0.5 without]",
)
@click.pass_obj
def learn(
    load: Load,
    teach_dir: Path,
    output: Path,
    library: Path | None,
    encoder: str | None,
    independent: bool,
    target_precision: float,
    prevalence: float | None,
) -> None:
    """Teach tags with the photos in TEACH_DIR, a folder per tag, and write a tag model.

    A nested folder is a hierarchical tag: fruit/apple/pink-lady. Prints how good each tag is on photos that it
    has not learned from.
    """
    from tagsmith.atomic import check_writable
    from tagsmith.learning.tag_model import TagModel
    from tagsmith.vision.bounds import DecodeLimits

    settings = load()
    check_writable(output)  # now, and not after the work
    model = TagModel(
        encoder=encoder or settings.encoder,
        exclusive=not independent,
        target_precision=target_precision,
        prevalence=prevalence,
        limits=settings.limits,
        decode_limits=DecodeLimits(max_pixels=settings.max_image_pixels),
        cache=settings.cache,
        workers=settings.workers,
    )
    teach(model, teach_dir, library)
    model.save(output)
    print_quality(model.classifier_.quality_, "left-out examples")
    note(f"wrote {output} ({output.stat().st_size / 1e6:.1f} MB)")


def teach(model: "TagModel", teach_dir: Path, library: Path | None) -> None:
    """Teach a model with a folder per tag, showing progress and naming what was left out."""
    from tagsmith.learning.classifier import BACKGROUND_LIMIT
    from tagsmith.learning.examples import read_example_tree
    from tagsmith.vision.files import find_images

    tree = read_example_tree(teach_dir)
    note_skipped(tree.skipped)
    background = find_images([library])[0] if library else []
    total = sum(map(len, tree.tags.values())) + min(len(background), BACKGROUND_LIMIT)
    try:
        with progress(total, "reading") as advance:
            model.fit(tree.tags, background, advance)
    finally:  # what was left out may be why there are too few
        note_skipped(model.examples_.skipped if hasattr(model, "examples_") else [])
