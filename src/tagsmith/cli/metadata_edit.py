"""`tagsmith metadata edit`: the same change to the metadata of many assets."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import click

from tagsmith.cli.choosing import chosen
from tagsmith.cli.context import Load

if TYPE_CHECKING:
    from tagsmith.assets.edits import Edit

CUSTOM = "custom."
Pairs = tuple[tuple[str, str], ...]


class _Pair(click.ParamType[tuple[str, str]]):
    """`FIELD=VALUE`."""

    name = "field=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        field, equals, text = str(value).partition("=")
        if not equals or not field.strip():
            self.fail("write it as FIELD=VALUE", param, ctx)
        return field.strip(), text


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--search", "query", default="", help="Also all assets that this finds.")
@click.option("--folder", help="Also all that lies in this folder and below it; / is the whole library.")
@click.option("--set", "values", type=_Pair(), multiple=True, help="Replace a field; custom.NAME for a custom field.")
@click.option("--clear", "cleared", multiple=True, metavar="FIELD", help="Take away what a field holds.")
@click.option("--add", "added", multiple=True, metavar="WORD", help="Add a keyword.")
@click.option("--remove", "removed", multiple=True, metavar="WORD", help="Remove a keyword.")
@click.option("--dry-run", is_flag=True, help="Say how many would change, and change nothing.")
@click.pass_obj
def edit(
    load: Load,
    paths: tuple[str, ...],
    query: str,
    folder: str | None,
    values: Pairs,
    cleared: tuple[str, ...],
    added: tuple[str, ...],
    removed: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Change the metadata of the assets at PATHS in the library, of those that a search finds, or below a folder.

    Fields: title, description, creator, rights, captured, keywords (a semicolon between them), custom.NAME.
    """
    if not paths and not query.strip() and folder is None:
        raise click.UsageError("name assets, or give --search or --folder")
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.services.bulk_edit import edit_assets, preview_edits
        from tagsmith.audit.services import COMMAND_LINE

        edits = _edits(values, cleared, added, removed)
        assets = chosen(paths, query, folder)
        if dry_run:
            found = preview_edits(EVERYTHING, assets, edits)
            click.echo(f"{found.changed:,} of {found.assets:,} assets would change")
            return
        done = edit_assets(EVERYTHING, COMMAND_LINE, assets, edits)
        back = f"; `tagsmith metadata undo {done.unit}` takes it back" if done.count else ""
        click.echo(f"{done.count:,} changed{back}")


def _edits(
    values: Pairs, cleared: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]
) -> "dict[str, Edit]":
    from tagsmith.assets.edits import Edit, Mode

    wanted: dict[str, list[Edit]] = defaultdict(list)
    for field, text in values:
        if not field.startswith(CUSTOM):
            wanted[field].append(Edit(Mode.REPLACE, _value(field, text)))
    for field in cleared:
        if not field.startswith(CUSTOM):
            wanted[field].append(Edit(Mode.CLEAR))
    words = ((Mode.APPEND, added), (Mode.REMOVE, removed))
    wanted["keywords"] += (Edit(mode, list(some)) for mode, some in words if some)
    named = {field.removeprefix(CUSTOM): text for field, text in values if field.startswith(CUSTOM)}
    wanted["custom"] += [Edit(Mode.APPEND, named)] if named else []
    gone = [field.removeprefix(CUSTOM) for field in cleared if field.startswith(CUSTOM)]
    wanted["custom"] += [Edit(Mode.REMOVE, gone)] if gone else []
    for field, several in wanted.items():
        if len(several) > 1:
            raise click.UsageError(f"{field}: do one thing to it at a time")
    return {field: one for field, several in wanted.items() for one in several}


def _value(field: str, text: str) -> object:
    from tagsmith.assets.metadata_csv.cells import read_moment
    from tagsmith.sheets import parted

    if field == "captured":
        return read_moment(text)
    return parted(text) if field == "keywords" else text
