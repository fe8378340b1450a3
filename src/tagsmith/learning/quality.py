"""How good a tag model is on images it has not learned from: one place for every number that is shown."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.scoring import applied
from tagsmith.learning.thresholds import EVIDENCE_MARGIN, Support, wilson

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CALIBRATION_BINS = 15


@dataclass(frozen=True)
class Share:
    """A counted share with its 95 % interval."""

    hits: int
    trials: int

    @property
    def value(self) -> float | None:
        """The share; None without trials."""
        return self.hits / self.trials if self.trials else None

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson interval."""
        return wilson(self.hits, self.trials)


@dataclass(frozen=True)
class TagQuality:
    """One tag: `threshold` is None where the tag is never applied by itself."""

    tag: str
    examples: int
    threshold: float | None
    precision: Share
    recall: Share
    average_precision: float | None
    support: Support


@dataclass(frozen=True)
class Calibration:
    """How far confidences are from what came true.

    Attributes
    ----------
    error
        Mean absolute gap over `CALIBRATION_BINS` bins of equal mass (expected calibration error).
    noise_floor
        The gap that a perfectly calibrated model would show on as many images, by chance alone.
    """

    error: float
    noise_floor: float


@dataclass(frozen=True)
class Quality:
    """A tag model's quality on a set of images.

    Attributes
    ----------
    tags
        One entry per tag.
    images
        How many images were judged; of them `strangers` show none of the tags.
    choice
        The forced choice: how often the best tag is a right one, where there is one.
    macro_accuracy
        Mean over the tags of the share of their images whose forced choice is right; None without images.
    false_tags
        Of the strangers: how many were given a tag.
    confusion
        (tags + 1, tags + 1) counts: rows what an image shows, columns the tag it was given; the last of
        each is "none". For independent tags only the images with one tag are counted.
    calibration
        Of the best tag's confidence; None without images.
    """

    tags: tuple[TagQuality, ...]
    images: int
    strangers: int
    choice: Share
    macro_accuracy: float | None
    false_tags: Share
    confusion: NDArray[np.intp]
    calibration: Calibration | None

    @property
    def found(self) -> Share:
        """How many of the images that show a tag are given it, of all tags together."""
        return Share(sum(tag.recall.hits for tag in self.tags), sum(tag.recall.trials for tag in self.tags))


@dataclass(frozen=True)
class Judged:
    """What a tag model says of some images, and what they show.

    Attributes
    ----------
    choice, confidences
        (images, tags).
    truth
        (images, tags); a row without any is an image of something else.
    """

    choice: Floats
    confidences: Floats
    truth: Bools


def measure_quality(judged: Judged, tags: list[str], thresholds: Floats, *, exclusive: bool, target: float) -> Quality:
    """Return the quality of what a model says of `judged`, at these (tags,) thresholds (NaN: never applied)."""
    truth = judged.truth
    given = applied(judged.confidences, judged.choice, thresholds, exclusive=exclusive)
    strangers = ~truth.any(axis=1)
    rows = np.arange(len(truth))
    best = judged.choice.argmax(axis=1)
    best_right = truth[rows, best]
    accuracies = [best_right[truth[:, tag]].mean() for tag in range(len(tags)) if truth[:, tag].any()]
    return Quality(
        tags=tuple(
            _tag_quality(name, given[:, tag], truth[:, tag], judged.confidences[:, tag], (thresholds[tag], target))
            for tag, name in enumerate(tags)
        ),
        images=len(truth),
        strangers=int(strangers.sum()),
        choice=Share(int(best_right.sum()), int((~strangers).sum())),
        macro_accuracy=float(np.mean(accuracies)) if accuracies else None,
        false_tags=Share(int(given[strangers].any(axis=1).sum()), int(strangers.sum())),
        confusion=_confusion(truth, given),
        calibration=measure_calibration(judged.confidences[rows, best], best_right) if len(truth) else None,
    )


def _tag_quality(name: str, given: Bools, truth: Bools, confidences: Floats, limits: tuple[float, float]) -> TagQuality:
    threshold, target = limits
    hits = int((given & truth).sum())
    precision = Share(hits, int(given.sum()))
    return TagQuality(
        tag=name,
        examples=int(truth.sum()),
        threshold=None if np.isnan(threshold) else float(threshold),
        precision=precision,
        recall=Share(hits, int(truth.sum())),
        average_precision=average_precision(confidences, truth),
        support=_support(precision, threshold, target),
    )


def _support(precision: Share, threshold: float, target: float) -> Support:
    if np.isnan(threshold):
        return Support.NONE
    return Support.ENOUGH if precision.interval[0] >= target - EVIDENCE_MARGIN else Support.THIN


def average_precision(confidences: Floats, truth: Bools) -> float | None:
    """Return the mean of the precision at each image that shows the tag; ties count as one step; None without any."""
    if not truth.any():
        return None
    order = np.argsort(-confidences, kind="stable")
    hits = np.cumsum(truth[order])
    ends = np.flatnonzero(np.append(np.diff(confidences[order]) != 0, True))
    gained = np.diff(hits[ends], prepend=0)
    return float((gained * hits[ends] / (ends + 1)).sum() / hits[-1])


def measure_calibration(confidences: Floats, right: Bools) -> Calibration:
    """Return how far (claims,) confidences are from the shares that were right, and how far by chance alone.

    The floor takes each bin's count of right claims as normal around what its confidences promise.
    """
    order = np.argsort(confidences, kind="stable")
    gap = floor = 0.0
    for members in np.array_split(order, min(CALIBRATION_BINS, len(order))):
        promised = confidences[members]
        gap += abs(float(promised.sum() - right[members].sum()))
        floor += float(np.sqrt(2 / np.pi * (promised * (1 - promised)).sum()))
    return Calibration(gap / len(order), floor / len(order))


def _confusion(truth: Bools, given: Bools) -> NDArray[np.intp]:
    none = truth.shape[1]
    single = (truth.sum(axis=1) <= 1) & (given.sum(axis=1) <= 1)
    shown = np.where(truth.any(axis=1), truth.argmax(axis=1), none)[single]
    said = np.where(given.any(axis=1), given.argmax(axis=1), none)[single]
    counts = np.zeros((none + 1, none + 1), np.intp)
    np.add.at(counts, (shown, said), 1)
    return counts
