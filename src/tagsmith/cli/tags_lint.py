"""`tagsmith tags lint`: advice on titles and on tags that nothing uses."""

import json
from dataclasses import asdict
from itertools import groupby

import click

from tagsmith.cli.context import Load


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
@click.pass_obj
def lint(load: Load, as_json: bool) -> None:
    """Give advice on tags: titles that no image can show or that look alike, and tags that nothing uses.

    Nothing is changed or refused because of it. What tagging cannot see: docs/what-tagging-cannot-see.md.
    """
    with load().library():
        from tagsmith.taxonomy.advice.findings import KINDS
        from tagsmith.taxonomy.advice.lint import lint as look

        findings = look()
        if as_json:
            click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
            return
        for kind, alike in groupby(findings, key=lambda one: one.kind):
            click.echo(f"{KINDS[kind]}:")
            for one in alike:
                tags = ", ".join(f"{tag.text} ({tag.key})" for tag in one.tags)
                click.echo(f"  {tags}: {one.reason}; {one.remedy}")
        if not findings:
            click.echo("nothing to advise")
