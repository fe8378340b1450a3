"""`tagsmith search`: what the search box finds."""

import json
from typing import TYPE_CHECKING

import click

from tagsmith.cli.context import Load, note
from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.search.facets import Facets
    from tagsmith.search.meaning import Meant
    from tagsmith.search.reasons import Reason
    from tagsmith.search.selectors import Found

TIERS = ("", "metadata", "smart tags", "some smart tags")


@click.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each hit, or value.")
@click.option("--facets", "by_facets", is_flag=True, help="Count the hits by folder, tag, type and so on instead.")
@click.option("--limit", type=click.IntRange(1), default=60, show_default=True, help="How many, the best first.")
@click.option("--after", default="", metavar="WORD", help="Go on where a page ended.")
@click.option(
    "--meaning", "by_meaning", is_flag=True, help="Find what shows what QUERY says, whatever is written of it."
)
@click.pass_obj
def search(load: Load, query: str, as_json: bool, by_facets: bool, limit: int, after: str, by_meaning: bool) -> None:
    """Find what is in the library: path, where it matched, why.

    Terms must all be in an asset's metadata, or any in its smart tags. "a b" is a phrase, -a excludes, a* and ?
    stand for letters; fields: title:a tags:"a b" path:a/b width:800.. created:2024 and others.

    With --meaning, QUERY is a phrase that the encoder reads: the images come first that are nearest to it. There are
    always some, near or not; the cosine says how near, and what it means differs by encoder.
    """
    if by_meaning and (by_facets or after):
        raise click.UsageError("--meaning goes with --json and --limit alone")
    with load().library():
        from tagsmith.assets.scope import EVERYTHING
        from tagsmith.search.facets import facets
        from tagsmith.search.selectors import search as find

        if by_meaning:
            _print_meant(query, limit, as_json=as_json)
            return
        if by_facets:
            counted = facets(EVERYTHING, query)
            (_print_facet_lines if as_json else _print_facets)(counted)
            note(f"counted over {'the newest ' if counted.is_capped else ''}{counted.counted:,} found")
            return
        found = find(EVERYTHING, query, after=after, size=limit)
        for one in found.notes:
            note(str(one))
        (_print_lines if as_json else _print_table)(found)
        if found.after:
            note(f"more with --after {found.after}")


def _print_meant(phrase: str, limit: int, *, as_json: bool) -> None:
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.search.meaning import by_meaning as find

    found = find(EVERYTHING, phrase, count=limit)
    if found.is_cut:
        note("only the beginning was read: the encoder takes no more words at once")
    (_print_meant_lines if as_json else _print_meant_table)(found)


def _print_meant_table(found: "Meant") -> None:
    print_table(("path", "cosine"), [(hit.asset.path, f"{hit.cosine:.3f}") for hit in found.hits], "lr")


def _print_meant_lines(found: "Meant") -> None:
    for hit in found.hits:
        line = {"path": hit.asset.path, "asset": hit.asset.pk, "cosine": round(hit.cosine, 6)}
        click.echo(json.dumps(line, ensure_ascii=False))


def _print_table(found: "Found") -> None:
    rows = [(hit.asset.path, TIERS[hit.tier], ", ".join(map(_in_words, hit.why))) for hit in found.hits]
    print_table(("path", "found in", "why"), rows, "lll")
    note(f"{'more than ' if found.is_capped else ''}{found.total:,} found")


def _print_lines(found: "Found") -> None:
    for hit in found.hits:
        why = [{name: value for name, value in vars(one).items() if value not in ("", None)} for one in hit.why]
        line = {"path": hit.asset.path, "asset": hit.asset.pk, "tier": TIERS[hit.tier], "why": why}
        click.echo(json.dumps(line, ensure_ascii=False))


def _print_facets(found: "Facets") -> None:
    rows = [(facet.kind, one.name, f"{one.count:,}", one.part) for facet in found.facets for one in facet.values]
    print_table(("by", "value", "assets", "filter"), rows, "llrl")


def _print_facet_lines(found: "Facets") -> None:
    for facet in found.facets:
        for one in facet.values:
            line = {"by": facet.kind, "value": one.name, "assets": one.count, "filter": one.part}
            click.echo(json.dumps(line, ensure_ascii=False))


def _in_words(reason: "Reason") -> str:
    tag = f" {reason.title}" if reason.title else ""
    confidence = f" {reason.confidence:.0%}" if reason.confidence is not None else ""
    return f"{reason.term}: {reason.where}{tag}{confidence}"
