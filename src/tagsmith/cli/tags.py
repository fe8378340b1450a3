"""`tagsmith tags`: the taxonomy in and out; its blocklist is beside."""

from pathlib import Path

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.tags_blocklist import block, blocked, unblock, undo
from tagsmith.cli.tags_lint import lint


@click.group()
def tags() -> None:
    """Import and export the taxonomy; keep machines from giving tags; get advice on tags."""


for command in (block, blocked, lint, unblock, undo):
    tags.add_command(command)


@tags.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(load: Load, file: Path) -> None:
    """Bring the tags of FILE, CSV or JSON (also an AEM cq:tags tree), into the taxonomy.

    What the file does not say stays. If anything in it is wrong, every problem is named and nothing is imported.
    """
    with load().library():
        from tagsmith.audit.services import COMMAND_LINE
        from tagsmith.errors import TaxonomyError
        from tagsmith.taxonomy.files import import_taxonomy, parse_csv, parse_json

        try:
            content = file.read_bytes()
        except OSError as error:
            raise TaxonomyError(f"{file}: {error.strerror}") from error
        parse = parse_json if file.suffix.lower() == ".json" else parse_csv
        try:
            report = import_taxonomy(COMMAND_LINE, parse(content))
        except TaxonomyError as error:
            raise TaxonomyError("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from error
        click.echo(f"{report.created:,} created, {report.updated:,} updated, {report.unchanged:,} unchanged")


@tags.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--aem", is_flag=True, help="As an AEM cq:tags tree.")
@click.pass_obj
def export(load: Load, file: Path, aem: bool) -> None:
    """Write the taxonomy to FILE: CSV, or JSON if its name ends so."""
    with load().library():
        from tagsmith.atomic import write_whole
        from tagsmith.taxonomy.files import export_aem, export_csv, export_json

        as_json = export_aem if aem else export_json
        write_whole(file, as_json() if aem or file.suffix.lower() == ".json" else export_csv())
        note(f"wrote {file}")
