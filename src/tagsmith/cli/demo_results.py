"""What came of the demonstration, in a table."""

from typing import TYPE_CHECKING

import click

from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagsmith.learning.quality import Quality, Share
    from tagsmith.training.models import TagModel


def print_results(models: "list[TagModel]", seconds: float) -> None:
    """Print how good each tag is on examples left out, how often it was given, and what there is now."""
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import live_assets
    from tagsmith.operations.demo.tagging import given
    from tagsmith.taxonomy.selectors import live_tags
    from tagsmith.training.learn import load_version

    counts = given()
    qualities = {model.title: load_version(model.versions.get(live=True)).classifier.quality_ for model in models}
    click.echo("\nPrecision and recall are of examples that were left out; given: smart tags in the library.\n")
    rows = [row for title, quality in qualities.items() for row in _rows(title, quality, counts)]
    print_table(("tag model", "tag", "examples", "precision", "recall", "given"), rows, "llrrrr")
    click.echo(
        f"\n{live_assets(EVERYTHING).count():,} assets, {live_tags().count():,} tags, {len(models)} tag models, "
        f"{sum(counts.values()):,} smart tags, in {seconds:.0f} s"
    )


def _rows(title: str, quality: "Quality", counts: "dict[str, int]") -> "Iterator[tuple[str, ...]]":
    for tag in quality.tags:
        shares = _share(tag.precision), _share(tag.recall)
        yield title, tag.tag, str(tag.examples), *shares, f"{counts.get(tag.tag, 0):,}"
    yield "", "best tag right", str(quality.images), _share(quality.choice), "", ""


def _share(share: "Share") -> str:
    return "–" if share.value is None else f"{share.value:.0%}"
