"""How quality is shown on the terminal, the same for `learn` and `evaluate`."""

from typing import TYPE_CHECKING

import click

from tagsmith.cli.table import print_table

if TYPE_CHECKING:
    from tagsmith.learning.quality import Quality, Share, TagQuality

CONFUSIONS_SHOWN = 5


def print_quality(quality: "Quality", on: str) -> None:
    """Print a row per tag, then what the whole model does."""
    print_table(
        ("tag", "images", "threshold", "precision", "(95 %)", "recall", "(95 %)", "avg. prec.", "evidence"),
        [_row(tag) for tag in quality.tags],
        "lrrrrrrrl",
    )
    click.echo()
    click.echo(f"best tag right: {_counted(quality.choice)} of the {on}")
    if quality.macro_accuracy is not None:
        click.echo(f"mean over the tags: {quality.macro_accuracy:.1%}")
    if quality.strangers:
        click.echo(f"images of something else given a tag: {_counted(quality.false_tags)}")
    if confused := list(_confusions(quality)):
        click.echo("most often confused: " + ", ".join(confused))


def print_calibration(quality: "Quality") -> None:
    """Print how far confidences are from what came true."""
    if quality.calibration:
        error, floor = quality.calibration.error, quality.calibration.noise_floor
        click.echo(f"calibration error of the best tag's confidence: {error:.3f} (chance alone: {floor:.3f})")


def _row(tag: "TagQuality") -> tuple[str, ...]:
    return (
        tag.tag,
        str(tag.examples),
        "–" if tag.threshold is None else f"{tag.threshold:.2f}",
        *_share(tag.precision),
        *_share(tag.recall),
        "–" if tag.average_precision is None else f"{tag.average_precision:.2f}",
        tag.support.value,
    )


def _share(share: "Share") -> tuple[str, str]:
    if share.value is None:
        return "–", ""
    low, high = share.interval
    return f"{share.value:.0%}", f"{low:.0%}–{high:.0%}"


def _counted(share: "Share") -> str:
    if share.value is None:
        return "–"
    low, high = share.interval
    return f"{share.hits:,} of {share.trials:,} = {share.value:.1%} (95 %: {low:.0%}–{high:.0%})"


def _confusions(quality: "Quality") -> "list[str]":
    names = [tag.tag for tag in quality.tags]
    counts = quality.confusion[: len(names), : len(names)]
    pairs = [
        (int(counts[shown, given]), f"{names[shown]} as {names[given]}")
        for shown in range(len(names))
        for given in range(len(names))
        if shown != given and counts[shown, given]
    ]
    return [f"{name} ({count})" for count, name in sorted(pairs, key=lambda pair: -pair[0])[:CONFUSIONS_SHOWN]]


def print_confusion(quality: "Quality") -> None:
    """Print what was shown (rows) against what was given (columns, numbered as the rows are)."""
    names = [*(tag.tag for tag in quality.tags), "none of these"]
    numbers = [str(number) for number in range(1, len(names))]
    rows = [
        (f"{number} {name}", *(str(count) if count else "·" for count in counts))
        for number, name, counts in zip([*numbers, "–"], names, quality.confusion, strict=True)
        if counts.any()
    ]
    click.echo("\nshown \\ given")
    print_table(("", *numbers, "–"), rows, "l" + "r" * len(names))
