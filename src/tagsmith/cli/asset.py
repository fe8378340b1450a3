"""`tagsmith asset`: an asset with its tags, and what people say of tags on assets and on search results."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from tagsmith.cli.asset_lines import metadata_lines, tag_lines
from tagsmith.cli.asset_why import why
from tagsmith.cli.choosing import chosen
from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Callable

MODERATIONS = {
    "promote": ("promote", "Move the smart tag to the assets' own tags."),
    "remove": ("remove", "Take the tag from the assets, and keep every tag model from putting it back."),
    "allow": ("allow_again", "Let tag models put a removed tag on the assets again."),
    "keep": ("keep_rejected", "Keep the tag removed from assets whose content was replaced; ends their review."),
    "set": ("set_tag", "Set the tag by hand."),
}


@click.group()
def asset() -> None:
    """Show an asset; promote, remove, allow and set tags on assets or a search result; undo that."""


asset.add_command(why)


@asset.command()
@click.argument("path")
@click.pass_obj
def show(load: Load, path: str) -> None:
    """Show the asset at PATH in the library: metadata, tags, smart tags by descending confidence, rejections."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.selectors.assets import find_asset

        found = find_asset(EVERYTHING, path.strip("/"))
        for line in (*metadata_lines(found), *tag_lines(found)):
            click.echo(line)


def _moderation(name: str, service: str, text: str) -> click.Command:
    @click.command(name, help=f"{text} The assets are those at PATHS in the library, and those that a search finds.")
    @click.argument("paths", nargs=-1)
    @click.option("--tag", "key", required=True, metavar="KEY", help="The tag's id.")
    @click.option("--search", "query", default="", help="Also all assets that this finds.")
    @click.pass_obj
    def command(load: Load, paths: tuple[str, ...], key: str, query: str) -> None:
        if not paths and not query.strip():
            raise click.UsageError("name assets, or give --search")
        with load().library():
            _moderate(service, paths, key, query)

    return command


for _name, (_service, _text) in MODERATIONS.items():
    asset.add_command(_moderation(_name, _service, _text))


@asset.command()
@click.argument("unit", type=click.UUID)
@click.pass_obj
def undo(load: Load, unit: UUID) -> None:
    """Take back what was said as UNIT, on the assets where nothing changed since."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.tagging.moderation import undo_moderation

        click.echo(f"{undo_moderation(EVERYTHING, COMMAND_LINE, unit):,} taken back")


@asset.command()
@click.pass_obj
def review(load: Load) -> None:
    """List the tags that people removed from assets whose content has been replaced since, the oldest first.

    They still hold. `tagsmith asset keep` confirms one for what the asset shows now, `allow` ends it.
    """
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.curation.selectors import rejections_to_review

        rows = [
            (one.asset.path, one.tag.key, f"{one.at:%Y-%m-%d}", one.person.username if one.person else "")
            for one in rejections_to_review(EVERYTHING)
        ]
        print_table(("path", "removed tag", "on", "by"), rows, "llll")


def _moderate(service: str, paths: tuple[str, ...], key: str, query: str) -> None:
    from uuid import uuid4

    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.tagging import moderation
    from tagsmith.taxonomy.selectors import find_tag

    tag, unit = find_tag(key), uuid4()
    change: Callable[..., int] = getattr(moderation, service)
    count = change(EVERYTHING, COMMAND_LINE, chosen(paths, query), tag, unit)
    back = f"; `tagsmith asset undo {unit}` takes it back" if count and service != "keep_rejected" else ""
    click.echo(f"{count:,} changed{back}")
