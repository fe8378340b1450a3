"""`tagsmith apply`: a tag model and photos in; a table, JSON lines, CSV or XMP sidecars out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note, note_skipped, progress
from tagsmith.cli.outputs import FORMATS, open_output

if TYPE_CHECKING:
    from tagsmith.learning.tag_model import TagModel

NOTHING_READ = 1


@click.command()
@click.argument("model_file", type=click.Path(path_type=Path))
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True, help=(
    "xmp writes a sidecar beside each photo and keeps what others wrote in it."))  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")
@click.option("--encoder", default="", help="The .onnx file of an encoder that is known by its file alone.")
@click.pass_obj
def apply(load: Load, model_file: Path, photos: tuple[Path, ...], form: str, output: Path | None, encoder: str) -> int:
    """Tag PHOTOS, files or folders with all below them, with the tag model in MODEL_FILE.

    A photo gets the tags past their thresholds, possibly none. Photos that cannot be read are named and
    passed over; the exit status is 0 unless none could be read.
    """
    from tagsmith.vision.files import find_images

    model = load_model(load, model_file, encoder)
    images, skipped = find_images(photos)
    note_skipped(skipped)
    if not images:
        raise click.ClickException("no photos found")
    return _apply(model, images, form, output)


def load_model(load: Load, model_file: Path, encoder: str) -> "TagModel":
    """Return the tag model in a file, with the settings in force."""
    from tagsmith.learning.tag_model import TagModel
    from tagsmith.vision.bounds import DecodeLimits

    settings = load()
    return TagModel.load(
        model_file,
        encoder=encoder,
        cache=settings.cache,
        workers=settings.workers,
        decode_limits=DecodeLimits(max_pixels=settings.max_image_pixels),
    )


def _apply(model: "TagModel", images: list[Path], form: str, output: Path | None) -> int:
    tagged = none = unreadable = 0
    with progress(len(images), "tagging") as advance, open_output(form, model.tags_, output) as write:
        for item in model.tag(images, advance):
            write(item)
            unreadable += bool(item.error)
            tagged += bool(item.tags)
            none += not (item.error or item.tags)
    note(f"{len(images):,} photos: {tagged:,} tagged, {none:,} none of these, {unreadable:,} could not be read")
    return NOTHING_READ if unreadable == len(images) else 0
