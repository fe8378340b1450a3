"""`tagsmith tags block`, `unblock`, `blocked` and `undo`: the tags that no machine gives."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.taxonomy.meaning import Entry

SAID = {"block": "put on the blocklist", "unblock": "taken off the blocklist"}


def _command(name: str, text: str) -> click.Command:
    @click.command(
        name,
        help=f"{text}\n\nEach of FILE|TAG is a tag's id, name, title or synonym, or a file of such: CSV, or a line "
        "each; - is what comes in. What is not clear is named by its line, and the rest is done.",
    )
    @click.argument("tags", nargs=-1, required=True, metavar="FILE|TAG…")
    @click.option("--below", is_flag=True, help="Also all tags below them.")
    @click.pass_obj
    def command(load: Load, tags: tuple[str, ...], below: bool) -> int:
        with load().library():
            return _say(name, tags, below=below)

    return command


block = _command("block", "Put tags on the blocklist: no machine gives them, and what machines gave of them goes.")
unblock = _command("unblock", "Take tags off the blocklist; what went with it comes back.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON array of ids instead of a table.")
@click.pass_obj
def blocked(load: Load, file: Path | None, as_json: bool) -> None:
    """List the tags that no machine gives, or write them to a CSV FILE, which `block` and `unblock` read."""
    with load().library():
        from tagsmith.atomic import write_whole
        from tagsmith.taxonomy.files import export_blocklist
        from tagsmith.taxonomy.selectors import live_tags
        from tagsmith.taxonomy.suggesting import titles_of

        tags = list(live_tags().filter(blocked=True))
        if file is not None:
            write_whole(file, export_blocklist())
            note(f"wrote {len(tags):,} tags to {file}")
        elif as_json:
            click.echo(json.dumps([tag.key for tag in tags], ensure_ascii=False))
        else:
            titles = titles_of(tag.pk for tag in tags)
            print_table(("tag", "title"), [(tag.key, titles.get(tag.pk, tag.name)) for tag in tags], "ll")


@click.command()
@click.argument("unit", type=click.UUID)
@click.pass_obj
def undo(load: Load, unit: UUID) -> None:
    """Take back what was blocked or unblocked as UNIT, where nobody has said otherwise since."""
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.taxonomy.services import undo_blocking

        click.echo(f"{undo_blocking(COMMAND_LINE, unit):,} taken back")


def _say(name: str, arguments: tuple[str, ...], *, below: bool) -> int:
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.meaning import tags_meant
    from tagsmith.taxonomy.services import blocking

    tags, unclear = [], 0
    for place, entries in _entries(arguments):
        meant = tags_meant(entries)
        tags += meant.tags
        unclear += len(meant.unclear)
        for one in meant.unclear:
            where = f"{place}: line {one.entry.line}: " if place else ""
            note(f"tagsmith: {where}{one.reason}")
    if name == "block":
        done = blocking.block(COMMAND_LINE, tags, below=below)
    else:
        done = blocking.unblock(COMMAND_LINE, tags, below=below)
    back = f"; `tagsmith tags undo {done.unit}` takes it back" if done.count else ""
    click.echo(f"{done.count:,} {SAID[name]}{back}")
    return 1 if unclear else 0


def _entries(arguments: tuple[str, ...]) -> "list[tuple[str, list[Entry]]]":
    """Return the entries of each file by its name, and those that are words themselves."""
    from tagsmith.taxonomy.files import entries_of_csv, entries_of_text
    from tagsmith.taxonomy.files.encoding import decoded
    from tagsmith.taxonomy.meaning import Entry

    files = [one for one in arguments if one == "-" or Path(one).is_file()]
    words = [Entry(place, one) for place, one in enumerate((one for one in arguments if one not in files), 1)]
    found = [("", words)]
    for one in files:
        content = sys.stdin.buffer.read() if one == "-" else Path(one).read_bytes()
        is_table = one.lower().endswith(".csv")
        found.append((one, entries_of_csv(content) if is_table else entries_of_text(decoded(content))))
    return found
