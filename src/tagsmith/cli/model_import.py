"""`tagsmith model import`: a model file, or a folder per tag, becomes a tag model of the library."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.import_ import bring_tree

if TYPE_CHECKING:
    from tagsmith.assets.ingest import Report
    from tagsmith.training.importing import Labelled


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@click.option("--title", default="", help="Of the tag model; without it, the name of the file or folder.")
@click.option("--publish", is_flag=True, help="FILE: let its version serve at once.")
@click.option("--folder", default="", help="FOLDER: where in the library its images go; by default, its name.")
@click.option("--independent", is_flag=True, help="FOLDER: tags do not exclude each other.")
@click.pass_obj
def import_(load: Load, source: Path, title: str, publish: bool, folder: str, independent: bool) -> None:
    """Make a tag model from a model FILE, or from a FOLDER that holds a folder of example images per tag.

    A file, of `tagsmith learn` or `tagsmith model export`, comes with what it learned, but its examples stay where
    they are: to train the model here it needs some. A folder's images come into the library; the model is then to be
    trained. Tags that are not in the taxonomy yet are made.
    """
    if source.is_dir():
        if publish:
            raise click.UsageError("--publish: examples are not a version yet; `tagsmith model train` makes one")
        with load().library():
            _import_folder(source, title, folder, exclusive=not independent)
    elif folder or independent:
        raise click.UsageError("--folder and --independent are for a folder of examples")
    else:
        with load().library():
            _import_file(source, title, publish=publish)


def _import_file(source: Path, title: str, *, publish: bool) -> None:
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.errors import ModelFileError
    from tagsmith.training.importing import import_file
    from tagsmith.training.jobs import current

    try:
        with source.open("rb") as file:
            version = import_file(COMMAND_LINE, file, str(source), current(), title=title or source.stem, live=publish)
    except OSError as error:
        raise ModelFileError(f"{source}: {error.strerror}") from error
    waits = "is live" if version.live else f"waits: `tagsmith model publish {version.model_id} 1` makes it live"
    click.echo(f"tag model {version.model_id}: {version.model.title}, {len(version.columns)} tags; version 1 {waits}")


def _import_folder(source: Path, title: str, folder: str, *, exclusive: bool) -> None:
    from tagsmith.assets.scope import EVERYTHING, Scope
    from tagsmith.assets.selectors.folders import find_folder
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.training.importing import import_labelled, read_labelled

    name = source.resolve().name
    labelled = read_labelled(source, title or name)  # before anything comes in
    into = folder.strip("/") or name
    report, _ = bring_tree(source, into)
    _note_what_teaches_nothing(labelled, report)
    within = Scope((find_folder(EVERYTHING, into).path,))
    model, counts = import_labelled(COMMAND_LINE, within, labelled, exclusive=exclusive)
    for key, count in counts.items():
        click.echo(f"{key}: {count} examples")
    click.echo(f"tag model {model.pk}: {model.title}; `tagsmith model train {model.pk}` trains it")


def _note_what_teaches_nothing(labelled: "Labelled", report: "Report") -> None:
    from tagsmith.vision.files import shown

    named = {skipped.path for skipped in report.skipped}
    for skipped in labelled.tree.skipped:
        if skipped.path not in named:
            note(f"{shown(skipped.path)} teaches nothing: {skipped.reason}")
