"""`tagsmith check`: whether the library's rows and files agree."""

import click

from tagsmith.cli.context import Load

SHOWN = 20


@click.command()
@click.pass_obj
def check(load: Load) -> int:
    """Compare every row with its file and every file with its row. The exit status is 0 if all is well."""
    with load().library():
        from tagsmith.assets.content import check as compare
        from tagsmith.assets.models import Asset
        from tagsmith.embeddings.preparation import current

        findings = compare(current().storage)
        for path in findings.missing[:SHOWN]:
            click.echo(f"missing: the original of {path}")
        for digest in findings.orphans[:SHOWN]:
            click.echo(f"needed by nothing: {digest}")
        click.echo(
            f"{Asset.objects.count():,} assets, {len(findings.missing):,} originals missing, "
            f"{len(findings.orphans):,} files needed by nothing"
        )
        return 1 if findings.missing or findings.orphans else 0
