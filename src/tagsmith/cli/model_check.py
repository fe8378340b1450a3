"""`tagsmith model check`: advice on a tag model's examples."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load

if TYPE_CHECKING:
    from tagsmith.learning.findings import Finding


@click.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
@click.pass_obj
def check(load: Load, number: int, as_json: bool) -> None:
    """Check the examples of a tag model against the guidelines: advice, each with its images, reason and remedy."""
    with load().library():
        from tagsmith.training.guidelines import check_examples
        from tagsmith.training.jobs import current
        from tagsmith.training.selectors import find_model

        findings = check_examples(find_model(number), current())
        paths = _paths({image for finding in findings for image in finding.images})
        if as_json:
            found = [{**asdict(one), "paths": [paths[image] for image in one.images]} for one in findings]
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            _print(findings, paths)


def _print(findings: "list[Finding]", paths: dict[int, str]) -> None:
    for finding in findings:
        click.echo(f"{finding.tag}: {finding.kind}: {finding.reason}; {finding.remedy}")
        for image in finding.images:
            click.echo(f"  {paths[image]}")
    if not findings:
        click.echo("nothing to improve")


def _paths(images: set[int]) -> dict[int, str]:
    from tagsmith.assets.models import Asset

    return {asset.pk: asset.path for asset in Asset.objects.filter(pk__in=images).select_related("folder")}
