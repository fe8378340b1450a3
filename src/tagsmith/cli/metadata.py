"""`tagsmith metadata`: the metadata of many assets, as a CSV file, or edited at once; and taking that back."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tagsmith.cli.choosing import chosen
from tagsmith.cli.context import Load, note
from tagsmith.cli.metadata_edit import edit

if TYPE_CHECKING:
    from tagsmith.assets.metadata_csv import Findings, Sheet
    from tagsmith.assets.services.bulk_edit import Edited


@click.group()
def metadata() -> None:
    """Edit the metadata of many assets at once, also in a spreadsheet; undo that."""


metadata.add_command(edit)


@metadata.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("query", default="")
@click.option("--folder", help="Only what lies in this folder and below it; / is the whole library.")
@click.pass_obj
def export(load: Load, file: Path, query: str, folder: str | None) -> None:
    """Write the metadata of all assets to FILE as CSV, or of those that QUERY finds or that lie in a folder.

    Columns: id, path, title, description, creator, rights, captured (in UTC), keywords (a semicolon between them;
    \\; and \\\\ stand for those in a keyword), modified, and custom.NAME for each custom field. A text that a
    spreadsheet would take for a formula gets an apostrophe in front, which an import takes away again.
    """
    if query.strip() and folder is not None:
        raise click.UsageError("give a query or a folder; a query may hold path:")
    with load().library():
        from tagsmith.assets.metadata_csv import export_metadata
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.atomic import write_whole

        assets = chosen((), query, None if query.strip() else folder or "")
        write_whole(file, b"".join(export_metadata(EVERYTHING, assets)))
        note(f"wrote {file}, {len(assets):,} rows")


@metadata.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--clear-empty", is_flag=True, help="An empty cell clears what is stored; else it leaves it alone.")
@click.option("--overwrite", is_flag=True, help="Also what others have changed since the file was written.")
@click.pass_obj
def import_(load: Load, file: Path, dry_run: bool, clear_empty: bool, overwrite: bool) -> None:
    """Bring the metadata in FILE, CSV as `export` writes it, into the library: all of it, or nothing.

    Rows are known by their id, else by their path. Columns that FILE does not have are left alone. What is wrong is
    named by its line; so are assets that somebody else changed after the file was written (column modified).
    """
    with load().library():
        from tagsmith.assets.metadata_csv import Options, import_metadata, preview_import
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.errors import LibraryError

        options = Options(clear=clear_empty, overwrite=overwrite)
        try:
            sheet = _read(file)
            if dry_run:
                _print_outlook(preview_import(EVERYTHING, COMMAND_LINE, sheet, options), options.clear)
            else:
                _print_done(import_metadata(EVERYTHING, COMMAND_LINE, sheet, options))
        except LibraryError as error:
            raise LibraryError("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from error


@metadata.command()
@click.argument("unit", type=click.UUID)
@click.pass_obj
def undo(load: Load, unit: UUID) -> None:
    """Take back what was changed as UNIT, where nobody has changed it since."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.assets.services.bulk_edit import undo_edits
        from tagsmith.audit.services import COMMAND_LINE

        undone = undo_edits(EVERYTHING, COMMAND_LINE, unit)
        left = f"; {undone.left:,} keep what was changed since" if undone.left else ""
        click.echo(f"{undone.count:,} taken back{left}")


def _read(file: Path) -> "Sheet":
    from tagsmith.assets.metadata_csv import read_sheet
    from tagsmith.errors import LibraryError

    try:
        return read_sheet(file.read_bytes())
    except OSError as error:
        raise LibraryError(error.strerror or "it cannot be read") from error


def _print_outlook(found: "Findings", clears: bool) -> None:
    outlook = found.outlook
    click.echo(f"{outlook.changed:,} of {outlook.assets:,} assets would change")
    for field, count in outlook.fields.items():
        cleared = f", cleared on {outlook.cleared[field]:,}" if outlook.cleared[field] else ""
        click.echo(f"  {field}: on {count:,}{cleared}")
    if found.empty and not clears:
        note(f"{found.empty:,} empty cells leave alone what is stored; --clear-empty clears it")
    if found.elsewhere:
        note(
            f"{found.elsewhere:,} rows name another path than their asset's: was it moved, or is it another library's?"
        )
    for one in outlook.samples:
        click.echo(f"{one.row.path}")
        for field, value in one.new.items():
            click.echo(f"  {field}: {_shown(one.before[field])} → {_shown(value)}")


def _print_done(done: "Edited") -> None:
    from tagsmith.search.following import AT_ONCE

    back = f"; `tagsmith metadata undo {done.unit}` takes it back" if done.count else ""
    click.echo(f"{done.count:,} changed{back}")
    if done.count > AT_ONCE:
        note("search finds them by their new words as soon as workers have come to it")


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return f"{text[:60]}…" if len(text) > 60 else text or "–"
