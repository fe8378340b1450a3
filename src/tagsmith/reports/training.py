"""The report on training: which taught tags are completely trained, and what the others lack."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagsmith.learning.quality import Quality, TagQuality
from tagsmith.learning.thresholds import Support
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import load_version
from tagsmith.training.models import TagModel, Version

ENOUGH_EXAMPLES = 10  # different ones
ENOUGH_RECALL = 0.5

GOOD, FAIR = "good", "fair"


def training_rows() -> list[dict[str, Any]]:
    """Return a row for each tag that the live version of a tag model teaches, or its newest where none is live."""
    return [row for version in _versions() for row in _rows(version)]


def state_in_words(state: str) -> str:
    """Return what green and yellow mean."""
    return _("Trained") if state == GOOD else _("Not completely trained")


def reason_in_words(row: dict[str, Any]) -> str:
    """Return why a tag is not completely trained, and what to add; empty if it is."""
    parts = []
    if lacking := max(ENOUGH_EXAMPLES - row["examples"], 0):
        text = ngettext(
            "%(count)d more different example is needed.", "%(count)d more different examples are needed.", lacking
        )
        parts.append(text % {"count": lacking})
    if not row["reached"]:
        parts.append(_("A precision of %(wanted)s is not reached.") % {"wanted": f"{row['wanted']:.0%}"})
    elif row["recall"] is None or row["recall"] < ENOUGH_RECALL:
        parts.append(_("Fewer than half of its images would be found."))
    if parts and row["confused"]:
        parts.append(
            _("It is taken for %(tag)s: add examples of both that show how they differ.") % {"tag": row["confused"]}
        )
    elif parts and not lacking:
        parts.append(_("Add examples of more kinds, up to about 30."))
    return " ".join(parts)


def _versions() -> Iterator[Version]:
    for model in TagModel.objects.order_by("pk"):
        version = model.versions.select_related("model").order_by("-live", "-number").first()
        if version is not None:
            yield version


def _rows(version: Version) -> Iterator[dict[str, Any]]:
    quality = load_version(version).classifier.quality_
    known = {tag.pk: tag for tag in Tag.objects.filter(pk__in=version.columns, deleted__isnull=True)}
    for place, (pk, tag) in enumerate(zip(version.columns, quality.tags, strict=True)):
        if pk in known:
            other = known.get(version.columns[_confused(quality, place)])
            is_confused = other is not None and other.pk != pk
            yield _row(version, known[pk].key, tag, other.key if other and is_confused else "")


def _row(version: Version, key: str, tag: TagQuality, confused: str) -> dict[str, Any]:
    reached = tag.threshold is not None and tag.support is not Support.NONE
    recall = tag.recall.value
    is_good = tag.examples >= ENOUGH_EXAMPLES and reached and recall is not None and recall >= ENOUGH_RECALL
    return {
        "tag": key,
        "model": version.model.title,
        "version": version.number,
        "examples": tag.examples,
        "state": GOOD if is_good else FAIR,
        "precision": tag.precision.value,
        "recall": recall,
        "reached": reached,
        "wanted": version.model.target_precision,
        "confused": confused,
    }


def _confused(quality: Quality, place: int) -> int:
    """Return the place of the sibling that a tag's images are most often given; its own if none is."""
    counts = quality.confusion[place, : len(quality.tags)].copy()
    counts[place] = 0
    return int(counts.argmax()) if counts.any() else place
