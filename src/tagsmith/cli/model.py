"""`tagsmith model`: the library's tag models and their versions."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.model_check import check
from tagsmith.cli.model_import import import_
from tagsmith.cli.model_next import gaps, next_
from tagsmith.cli.model_preview import preview
from tagsmith.cli.model_set import set_
from tagsmith.cli.model_threshold import threshold
from tagsmith.cli.quality import print_quality
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.tagging.publishing import Restored
    from tagsmith.training.models import TagModel, Version


@click.group()
def model() -> None:
    """Make, train, list, show, publish, roll back, retire, export and import tag models."""


for command in (check, gaps, import_, next_, preview, set_, threshold):
    model.add_command(command)


@model.command()
@click.argument("title")
@click.argument("folders", nargs=-1, required=True)
@click.option("--independent", is_flag=True, help="Tags do not exclude each other.")
@click.option("--description", default="", help="What the model is about.")
@click.pass_obj
def create(load: Load, title: str, folders: tuple[str, ...], independent: bool, description: str) -> None:
    """Make the tag model TITLE from FOLDERS of the library: each is named after a tag and holds its examples.

    Tags that are not in the taxonomy yet are made. The model is a draft until it is trained.
    """
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import live_assets
        from tagsmith.assets.selectors.folders import find_folder
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.training.importing import present_tag
        from tagsmith.training.services import add_examples, create_tag_model

        found = [find_folder(EVERYTHING, path.strip("/")) for path in folders]
        tags = [present_tag(COMMAND_LINE, folder.name) for folder in found]
        made = create_tag_model(COMMAND_LINE, title, tags, description=description, exclusive=not independent)
        for folder, tag in zip(found, tags, strict=True):
            count = add_examples(COMMAND_LINE, made, tag, live_assets(EVERYTHING).filter(folder=folder))
            click.echo(f"{tag.key}: {count} examples")
        click.echo(f"tag model {made.pk}: {made.title}")


@model.command()
@click.argument("number", type=int)
@click.pass_obj
def train(load: Load, number: int) -> int:
    """Train a tag model from its examples; the new version goes live unless the model waits for a review."""
    with load().library():
        from tagsmith.training.jobs import train_now
        from tagsmith.training.learn import load_version

        item = _find(number)
        version = train_now(item)
        if version is None:
            item.refresh_from_db()
            for line in item.failure.splitlines():
                note(f"tagsmith: {line}")
            return 1
        saved = load_version(version)
        for skipped in saved.examples.skipped:
            note(f"skipped {skipped.path}: {skipped.reason}")
        print_quality(saved.classifier.quality_, "left-out examples")
        click.echo(f"version {version.number} is {'live' if version.live else 'waiting for a review'}")
        return 0


@model.command("list")
@click.pass_obj
def list_(load: Load) -> None:
    """List tag models: status, tags, examples, live version."""
    with load().library():
        from tagsmith.training.models import TagModel
        from tagsmith.training.selectors import example_counts, status_line

        rows = []
        for item in TagModel.objects.order_by("title"):
            counts = example_counts(item)
            rows.append((str(item.pk), item.title, status_line(item), str(len(counts)), str(sum(counts.values()))))
        print_table(("model", "title", "status", "tags", "examples"), rows, "rllrr")


@model.command()
@click.argument("number", type=int)
@click.pass_obj
def show(load: Load, number: int) -> None:
    """Show a tag model: examples per tag, versions, quality of the live one."""
    with load().library():
        from tagsmith.training.corrections import waiting_corrections
        from tagsmith.training.learn import load_version
        from tagsmith.training.selectors import example_counts, held_back, status_line

        item, held = _find(number), held_back(_find(number))
        click.echo(f"{item.title}: {status_line(item)}")
        for key, count in example_counts(item).items():
            click.echo(f"  {key}: {count} examples")
        click.echo(f"  said by people since the last training: {waiting_corrections(item)}")
        for version in item.versions.order_by("number"):
            state = ", live" if version.live else ", held back until the encoder changes" if version.pk in held else ""
            click.echo(f"  version {version.number}, {version.created:%Y-%m-%d %H:%M}{state}")
        live = item.versions.filter(live=True).first()
        if live:
            click.echo()
            print_quality(load_version(live).classifier.quality_, "left-out examples")


@model.command()
@click.argument("number", type=int)
@click.argument("version", type=int)
@click.pass_obj
def publish(load: Load, number: int, version: int) -> None:
    """Make a version the live one."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.tagging import publishing

        _say_restored(publishing.publish(COMMAND_LINE, _version(number, version)))


@model.command()
@click.argument("number", type=int)
@click.pass_obj
def rollback(load: Load, number: int) -> None:
    """Make live the version before the live one, and bring its smart tags back."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.tagging import publishing

        _say_restored(publishing.roll_back(COMMAND_LINE, _find(number)))


@model.command()
@click.argument("number", type=int)
@click.pass_obj
def retire(load: Load, number: int) -> None:
    """Leave a tag model without a live version; its smart tags go."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.tagging import publishing

        gone = publishing.retire(COMMAND_LINE, _find(number))
        click.echo(f"no version is live; {gone:,} smart tags are gone")


@model.command()
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export(load: Load, number: int, file: Path) -> None:
    """Write the live version to a tag model FILE, for `tagsmith apply` anywhere."""
    with load().library():
        from tagsmith.atomic import write_whole
        from tagsmith.errors import NotFoundError

        live = _find(number).versions.filter(live=True).first()
        if live is None:
            raise NotFoundError(f"tag model {number} has no live version")
        write_whole(file, bytes(live.content))
        click.echo(f"wrote version {live.number} to {file}")


def _say_restored(restored: "Restored") -> None:
    scored = f", {restored.scored:,} newer assets scored" if restored.scored else ""
    back = f"; {restored.changes:,} smart tags restored{scored}" if restored.changes or restored.scored else ""
    click.echo(f"version {restored.version.number} is live{back}")


def _find(number: int) -> "TagModel":
    from tagsmith.training.selectors import find_model

    return find_model(number)


def _version(model_number: int, number: int) -> "Version":
    from tagsmith.training.selectors import find_version

    return find_version(_find(model_number), number)
