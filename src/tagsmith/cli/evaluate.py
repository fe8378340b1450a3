"""`tagsmith evaluate`: a tag model and labelled photos in; quality, confusion and calibration out."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from tagsmith.cli.apply import load_model
from tagsmith.cli.context import Load, note_skipped, progress
from tagsmith.cli.quality import print_calibration, print_confusion, print_quality


@click.command()
@click.argument("model_file", type=click.Path(path_type=Path))
@click.argument("labelled_dir", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.option("--encoder", default="", help="The .onnx file of an encoder that is known by its file alone.")
@click.pass_obj
def evaluate(load: Load, model_file: Path, labelled_dir: Path, as_json: bool, encoder: str) -> None:
    """Measure the tag model in MODEL_FILE on LABELLED_DIR, a folder per tag.

    Folders whose tag the model does not know count as "none of these". Do not measure on the photos that
    taught the model: it knows them.
    """
    from tagsmith.learning.examples import read_example_tree

    model = load_model(load, model_file, encoder)
    tree = read_example_tree(labelled_dir)
    note_skipped(tree.skipped)
    with progress(sum(map(len, tree.tags.values())), "measuring") as advance:
        result = model.evaluate(tree.tags, advance)
    note_skipped(result.unreadable)
    if as_json:
        click.echo(json.dumps({**asdict(result.quality), "confusion": result.quality.confusion.tolist()}))
        return
    print_quality(result.quality, "labelled photos")
    print_calibration(result.quality)
    print_confusion(result.quality)
