"""A version's metrics in words, tag by tag."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tagsmith.learning.quality import Quality, Share, TagQuality
from tagsmith.learning.thresholds import Support
from tagsmith.web.titles import in_order, name_in

CONFUSIONS = 3
Titles = Mapping[str, str]  # of tags, by their keys


@dataclass(frozen=True)
class Measured:
    """A share in per cent, None without any trial, and a sentence with its interval."""

    per_cent: int | None
    words: str


@dataclass(frozen=True)
class TagRow:
    """A tag's metrics as the page shows them."""

    key: str
    name: str
    examples: int
    precision: Measured
    recall: Measured
    average_precision: float | None
    kind: str
    evidence: str
    confused: list[str]


def rows_of(quality: Quality, titles: Titles) -> list[TagRow]:
    """Return a row for each tag, in the order of their titles."""
    rows = (_row(quality, place, tag, titles) for place, tag in enumerate(quality.tags))
    return in_order(rows, lambda row: row.name)


def confusion_of(quality: Quality, titles: Titles) -> tuple[list[str], list[tuple[str, list[tuple[int, bool]]]]]:
    """Return the names of the columns, and each row's name and counts with whether they are right ones."""
    names = [*(_name(tag.tag, titles) for tag in quality.tags), _("None of these")]
    counts = quality.confusion.tolist()
    rows = [
        (name, [(count, across == down) for across, count in enumerate(row)])
        for down, (name, row) in enumerate(zip(names, counts, strict=True))
    ]
    return names, rows


def _row(quality: Quality, place: int, tag: TagQuality, titles: Titles) -> TagRow:
    kind, evidence = _evidence(tag)
    return TagRow(
        key=tag.tag,
        name=_name(tag.tag, titles),
        examples=tag.examples,
        precision=_measured(tag.precision, _("Right on %(hits)d of the %(trials)d images given it")),
        recall=_measured(tag.recall, _("Given to %(hits)d of the %(trials)d images that show it")),
        average_precision=tag.average_precision,
        kind=kind,
        evidence=evidence,
        confused=list(_confused(quality, place, titles)),
    )


def _measured(share: Share, words: str) -> Measured:
    if share.value is None:
        return Measured(None, _("No image to judge by"))
    low, high = (round(100 * bound) for bound in share.interval)
    counted = words % {"hits": share.hits, "trials": share.trials}
    likely = _("probably %(low)d to %(high)d %%") % {"low": low, "high": high}
    return Measured(round(100 * share.value), f"{counted}; {likely}")


def _evidence(tag: TagQuality) -> tuple[str, str]:
    if tag.support is Support.ENOUGH:
        return "good", _("Enough evidence")
    if tag.support is Support.THIN:
        return "fair", _("Not enough evidence")
    return "bad", _("Never applied: the target is not reached")


def _confused(quality: Quality, place: int, titles: Titles) -> Iterator[str]:
    """Yield what images of a tag are taken for instead, the most frequent first."""
    counts = [(count, other) for other, count in enumerate(quality.confusion[place].tolist()) if other != place]
    names = [*(_name(tag.tag, titles) for tag in quality.tags), _("none of these")]
    for count, other in sorted(counts, key=lambda pair: -pair[0])[:CONFUSIONS]:
        if count:
            yield f"{names[other]} ({count})"


def _name(key: str, titles: Titles) -> str:
    """Return the title of a tag that is still there and still has this key; else the name that it had."""
    return titles.get(key) or name_in(key)
