"""`tagsmith search`: what the search box finds."""

import json
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.search.reasons import Reason
    from tagsmith.search.selectors import Found

TIERS = ("", "metadata", "smart tags", "some smart tags")


@click.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each hit.")
@click.option("--limit", type=click.IntRange(1), default=60, show_default=True, help="How many, the best first.")
@click.option("--after", default="", metavar="WORD", help="Go on where a page ended.")
@click.pass_obj
def search(load: Load, query: str, as_json: bool, limit: int, after: str) -> None:
    """Find what is in the library: path, where it matched, why.

    Terms must all be in an asset's metadata, or any in its smart tags. "a b" is a phrase, -a excludes, a* and ?
    stand for letters; fields: title:a tags:"a b" path:a/b width:800.. created:2024 and others.
    """
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.search.selectors import search as find

        found = find(EVERYTHING, query, after=after, size=limit)
        for one in found.notes:
            note(str(one))
        (_print_lines if as_json else _print_table)(found)
        if found.after:
            note(f"more with --after {found.after}")


def _print_table(found: "Found") -> None:
    rows = [(hit.asset.path, TIERS[hit.tier], ", ".join(map(_in_words, hit.why))) for hit in found.hits]
    print_table(("path", "found in", "why"), rows, "lll")
    note(f"{'more than ' if found.is_capped else ''}{found.total:,} found")


def _print_lines(found: "Found") -> None:
    for hit in found.hits:
        why = [{name: value for name, value in vars(one).items() if value not in ("", None)} for one in hit.why]
        line = {"path": hit.asset.path, "asset": hit.asset.pk, "tier": TIERS[hit.tier], "why": why}
        click.echo(json.dumps(line, ensure_ascii=False))


def _in_words(reason: "Reason") -> str:
    tag = f" {reason.title}" if reason.title else ""
    confidence = f" {reason.confidence:.0%}" if reason.confidence is not None else ""
    return f"{reason.term}: {reason.where}{tag}{confidence}"
