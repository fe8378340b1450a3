"""`tagsmith model next` and `tagsmith model gaps`: what a person might label next, and what no tag fits yet."""

import json
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.learning.outlook import Outlook
    from tagsmith.tagging.gaps import Gaps
    from tagsmith.training.labelling import Advice

SHOWN = 3  # assets of each group


@click.command("next")
@click.argument("number", type=int)
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.pass_obj
def next_(load: Load, number: int, count: int, as_json: bool) -> None:
    """List the assets whose label would teach tag model NUMBER most, and say what their labels would do."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.training.labelling import what_to_label
        from tagsmith.training.selectors import find_model

        advice = what_to_label(EVERYTHING, find_model(number), count=count)
        if as_json:
            click.echo(json.dumps(_advice_document(advice), ensure_ascii=False))
            return
        rows = [(one.asset.path, one.tag.key, one.rival.key) for one in advice.assets]
        print_table(("path", "likeliest", "or"), rows, "lll")
        click.echo(_outlook_line(advice.outlook))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.pass_obj
def gaps(load: Load, as_json: bool) -> None:
    """List groups of untagged assets that look alike: each might be worth a tag."""
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.tagging.gaps import find_gaps

        found = find_gaps(EVERYTHING)
        if as_json:
            click.echo(json.dumps(_gaps_document(found), ensure_ascii=False))
            return
        for group in found.groups:
            click.echo(f"{group.size:,} assets look alike ({group.cohesion:.2f}): make a tag?")
            for one in group.assets[:SHOWN]:
                click.echo(f"  {one.path}")
        groups = "1 group" if len(found.groups) == 1 else f"{len(found.groups)} groups"
        click.echo(f"{groups} among {found.searched:,} of {found.untagged:,} assets without a tag")


def _outlook_line(outlook: "Outlook | None") -> str:
    if outlook is None:
        return "how much their labels would help cannot be said"
    likely = f"about {outlook.more} labels should lift the share of right tags"
    return f"{likely} from {outlook.now:.0%} to {outlook.then:.0%}, give or take {outlook.give_or_take:.0%}"


def _advice_document(advice: "Advice") -> dict[str, object]:
    outlook = advice.outlook
    return {
        "version": advice.version.number,
        "assets": [{"path": one.asset.path, "tag": one.tag.key, "rival": one.rival.key} for one in advice.assets],
        "outlook": {"labels": outlook.more, "now": outlook.now, "then": outlook.then} if outlook else None,
    }


def _gaps_document(found: "Gaps") -> dict[str, object]:
    groups = [
        {"size": one.size, "cohesion": one.cohesion, "samples": [asset.path for asset in one.assets]}
        for one in found.groups
    ]
    return {"groups": groups, "searched": found.searched, "untagged": found.untagged}
