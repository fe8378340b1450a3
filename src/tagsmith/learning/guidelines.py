"""The guideline check: advice on the examples chosen for a tag model, from stored facts alone.

Nothing is trained for it but one ridge regression over all examples, whose leave-one-out scores say which images fit
their tag, or another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tagsmith.learning.examples import NEARLY_THE_SAME, Limits, repeats
from tagsmith.learning.findings import Chosen, Finding, Kind, OtherModel, Step
from tagsmith.learning.frames import check_frames
from tagsmith.learning.likenesses import leading, leave_one_out, small_look, told_apart
from tagsmith.learning.scoring import applied, directions
from tagsmith.sentences import fill, forms, say

RECOMMENDED = 30
FEWEST_JUDGED = 5  # examples a tag, before its images are held against each other
BETTER_ELSEWHERE = 0.3  # ridge scores: 1 is the tag, 0 is not
LIKE_ANOTHER = 0.45  # before it is said where an image belongs
FITS_BOTH, BOTH_ALIKE = 0.35, 0.15
FITS_TOO = 0.5  # of tags that do not exclude each other
UNLIKE = 4.0  # spreads of a tag's own likeness, as a normal distribution has them
TOLD_APART = 0.68  # of two tags' examples; chance is one half
LOOK = 5  # a look with fewer examples is not learned
LOOK_DISTANCE = 0.52
TOO_ALIKE = 0.8  # mean cosine of a tag's different examples

Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class _Judged:
    """What is computed once of the chosen examples."""

    chosen: Chosen

    @cached_property
    def unit(self) -> Singles:
        """(images, dimensions) directions of the embeddings."""
        return directions(self.chosen.X)

    @cached_property
    def leading(self) -> Singles:
        """(images, fewer dimensions), see there."""
        return leading(self.unit)

    @cached_property
    def repeated(self) -> Bools:
        """(images,): nearly the same as an earlier one of its tag."""
        repeated = np.zeros(len(self.chosen.X), bool)
        for shown in self.chosen.Y.T:
            rows = np.flatnonzero(shown)
            repeated[rows[list(repeats(self.unit[rows]))]] = True
        return repeated

    @cached_property
    def counts(self) -> Ints:
        """(tags,) different examples."""
        counts: Ints = self.chosen.Y[~self.repeated].sum(axis=0)
        return counts

    @cached_property
    def columns(self) -> Ints:
        """The tags with enough examples to be judged."""
        return np.flatnonzero(self.counts >= FEWEST_JUDGED)

    @cached_property
    def rows(self) -> Ints:
        """The images of these tags, without repeats."""
        return np.flatnonzero(self.chosen.Y[:, self.columns].any(axis=1) & ~self.repeated)

    @cached_property
    def scores(self) -> Singles:
        """(rows, columns) of the head that has not seen the image."""
        return leave_one_out(self.leading[self.rows], self.chosen.Y[np.ix_(self.rows, self.columns)])

    @cached_property
    def confused(self) -> list[tuple[int, int, float]]:
        """Pairs of places in `columns` that the encoder cannot tell apart, and how far it can."""
        if not self.chosen.exclusive or len(self.columns) < 2:
            return []
        labels = self.chosen.Y[np.ix_(self.rows, self.columns)].argmax(axis=1)
        shares = told_apart(self.scores, labels)
        pairs = combinations(range(len(self.columns)), 2)
        return [(one, other, float(shares[one, other])) for one, other in pairs if shares[one, other] < TOLD_APART]


def check(chosen: Chosen, limits: Limits, others: Sequence[OtherModel] = ()) -> list[Finding]:
    """Return the advice on a tag model's examples, also before it has as many as it needs.

    Parameters
    ----------
    chosen
        The examples that have embeddings.
    limits
        What a training will refuse.
    others
        The other live models.
    """
    judged = _Judged(chosen)
    findings = [*_quantity(judged, limits), *check_frames(chosen)]
    if len(chosen.X):
        findings += [*_repeats(judged), *_same_under_two_tags(judged), *_variety(judged)]
        findings += _other_models(chosen, others)
    if len(judged.columns) > 1:
        findings += [*_confusable(judged), *_misfits(judged)]
    order = list(Kind)
    return sorted(findings, key=lambda finding: (chosen.tags.index(finding.tag), order.index(finding.kind)))


_NEEDS = forms("{count} different example; a tag needs {least}", "{count} different examples; a tag needs {least}")
_TAKES = forms("{count} different example; a tag takes {most}", "{count} different examples; a tag takes {most}")
_BETTER = forms("{count} different example; {better} teach better", "{count} different examples; {better} teach better")


def _quantity(judged: _Judged, limits: Limits) -> Iterator[Finding]:
    for tag, count in zip(judged.chosen.tags, judged.counts.tolist(), strict=True):
        least, most, better = limits.min_examples, limits.max_examples, RECOMMENDED - count
        if count < least:
            has = fill(_NEEDS, count=count, least=least)
            add = say("add at least {least} more, better {better}", least=least - count, better=better)
            yield Finding(Kind.QUANTITY, tag, (), has, add, Step.CHOOSE)
        elif count > most:
            has, drop = (
                fill(_TAKES, count=count, most=most),
                say("drop {count}, the most alike first", count=count - most),
            )
            yield Finding(Kind.QUANTITY, tag, (), has, drop, Step.RETHINK)
        elif count < RECOMMENDED:
            has = fill(_BETTER, count=count, better=RECOMMENDED)
            add = say("add {count} more if you have them", count=better)
            yield Finding(Kind.QUANTITY, tag, (), has, add, Step.CHOOSE)


def _repeats(judged: _Judged) -> Iterator[Finding]:
    chosen = judged.chosen
    for column, tag in enumerate(chosen.tags):
        rows = np.flatnonzero(judged.repeated & chosen.Y[:, column])
        if len(rows):
            reason = say("nearly the same as another example of this tag: together they count once")
            yield Finding(Kind.QUALITY, tag, chosen.named(rows), reason, say("choose different images"), Step.DROP)


def _same_under_two_tags(judged: _Judged) -> Iterator[Finding]:
    chosen = judged.chosen
    if not chosen.exclusive:
        return
    labels = chosen.Y.argmax(axis=1)
    near = judged.unit @ judged.unit.T >= NEARLY_THE_SAME
    first, second = np.nonzero(near & (labels[:, None] < labels))
    for one, other in sorted({(labels[a], labels[b]) for a, b in zip(first, second, strict=True)}):
        here = (labels[first] == one) & (labels[second] == other)
        images = np.unique(np.concatenate([first[here], second[here]]))
        name = chosen.tags[other]
        reason = say("the same or nearly the same image also teaches {tag}", tag=name)
        remedy = say("keep it under the one tag that is right")
        yield Finding(Kind.CONFLICT, chosen.tags[one], chosen.named(images), reason, remedy, Step.DROP, name)


_LOOK = forms(
    "a kind of look with {count} example; one is learned from about {enough}",
    "a kind of look with {count} examples; one is learned from about {enough}",
)


def _variety(judged: _Judged) -> Iterator[Finding]:
    """Yield the tags whose examples are all alike, and looks of which there are too few."""
    chosen = judged.chosen
    for column in judged.columns:
        rows = np.flatnonzero(chosen.Y[:, column] & ~judged.repeated)
        total = np.square(judged.unit[rows].sum(axis=0)).sum()
        if (total - len(rows)) / (len(rows) * (len(rows) - 1)) > TOO_ALIKE:
            reason = say("all examples look much alike")
            remedy = say("add images from other sides, places and lights")
            yield Finding(Kind.COVERAGE, chosen.tags[column], chosen.named(rows), reason, remedy, Step.CHOOSE)
        if len(rows) < 2 * LOOK:
            continue
        few, distance = small_look(judged.leading[rows], LOOK - 1)
        if distance > LOOK_DISTANCE:
            reason = fill(_LOOK, count=len(few), enough=LOOK)
            remedy = say("add {count} or more that look like these, or drop them", count=LOOK - len(few))
            yield Finding(Kind.COVERAGE, chosen.tags[column], chosen.named(rows[few]), reason, remedy, Step.CHOOSE)


def _confusable(judged: _Judged) -> Iterator[Finding]:
    names = [judged.chosen.tags[column] for column in judged.columns]
    for one, other, share in judged.confused:
        taught = judged.chosen.Y[np.ix_(judged.rows, judged.columns)]
        rows = np.flatnonzero(
            (taught[:, one] & (judged.scores[:, other] > judged.scores[:, one]))
            | (taught[:, other] & (judged.scores[:, one] >= judged.scores[:, other]))
        )
        images = judged.chosen.named(judged.rows[rows])
        reason = say(
            "hard to tell from {tag}: {share:.0%} of their examples look more like their own tag",
            tag=names[other],
            share=share,
        )
        remedy = say("make one tag of the two, or choose examples that show what sets them apart")
        yield Finding(Kind.CONFLICT, names[one], images, reason, remedy, Step.RETHINK, names[other])


def _misfits(judged: _Judged) -> Iterator[Finding]:
    """Yield images unlike their tag, and images that another tag fits as well."""
    chosen, scores = judged.chosen, judged.scores
    taught = chosen.Y[np.ix_(judged.rows, judged.columns)]
    named = [chosen.tags[column] for column in judged.columns]
    unsure = np.zeros((len(named), len(named)), bool)
    for one, other, _ in judged.confused:
        unsure[one, other] = unsure[other, one] = True
    strangers = _strangers(judged, taught)
    for own, tag in enumerate(named):
        mine = taught[:, own]
        best = np.where(taught | unsure[own], -np.inf, scores)
        second, elsewhere = best.argmax(axis=1), best.max(axis=1)
        wrong = mine & (elsewhere - scores[:, own] > BETTER_ELSEWHERE) if chosen.exclusive else np.zeros_like(mine)
        both = mine & ~wrong & _fits_too(scores[:, own], elsewhere, exclusive=chosen.exclusive)
        there = wrong & (elsewhere > LIKE_ANOTHER)
        for other in range(len(named)):
            yield from _elsewhere(judged, there & (second == other), tag, named[other])
            yield from _ambiguous(judged, both & (second == other), tag, named[other])
        rows = np.flatnonzero((mine & strangers[:, own] | wrong) & ~there)
        if len(rows):
            images = chosen.named(judged.rows[rows])
            reason = say("unlike the other examples of this tag")
            remedy = say("drop it, unless it shows the tag after all")
            yield Finding(Kind.COHERENCE, tag, images, reason, remedy, Step.DROP)


def _fits_too(own: Singles, elsewhere: Singles, *, exclusive: bool) -> Bools:
    if not exclusive:
        return elsewhere > FITS_TOO
    both: Bools = (np.minimum(own, elsewhere) > FITS_BOTH) & (np.abs(own - elsewhere) < BOTH_ALIKE)
    return both


def _elsewhere(judged: _Judged, rows: Bools, tag: str, other: str) -> Iterator[Finding]:
    if rows.any():
        images = judged.chosen.named(judged.rows[rows])
        reason = say("unlike the rest of its tag, and like {tag}", tag=other)
        remedy = say("move it to {tag}, or drop it", tag=other)
        yield Finding(Kind.COHERENCE, tag, images, reason, remedy, Step.MOVE, other)


def _ambiguous(judged: _Judged, rows: Bools, tag: str, other: str) -> Iterator[Finding]:
    if not rows.any():
        return
    images = judged.chosen.named(judged.rows[rows])
    if judged.chosen.exclusive:
        reason = say("{tag} fits it as well", tag=other)
        remedy = say("drop it: an image that shows one of the two alone teaches more")
        yield Finding(Kind.COMPLETENESS, tag, images, reason, remedy, Step.DROP, other)
    else:
        reason, remedy = say("{tag} fits it too", tag=other), say("add it to {tag}", tag=other)
        yield Finding(Kind.COMPLETENESS, tag, images, reason, remedy, Step.ADD, other)


def _strangers(judged: _Judged, taught: Bools) -> Bools:
    """Return (rows, columns): images much less like their tag's others than these are like each other."""
    images = judged.unit[judged.rows]
    likeness = images @ (taught.T.astype(np.float32) @ images).T - taught  # to the sum of the tag's others
    strangers = np.zeros_like(taught)
    for column in range(taught.shape[1]):
        mine = taught[:, column]
        middle = np.median(likeness[mine, column])
        spread = 1.4826 * np.median(np.abs(likeness[mine, column] - middle))
        strangers[:, column] = mine & (likeness[:, column] < middle - UNLIKE * spread)
    return strangers


def _other_models(chosen: Chosen, others: Sequence[OtherModel]) -> Iterator[Finding]:
    vectors = chosen.X.astype(np.float64)
    for model in others:
        yield from _shared(chosen, model)
        choice = model.scorer.choice.scores(vectors)
        confidences = model.scorer.confidences(vectors)
        fits = applied(confidences, choice, model.thresholds, exclusive=model.scorer.exclusive)
        fits &= ~model.settled
        if model.scorer.exclusive:
            fits &= ~model.settled.any(axis=1, keepdims=True)
        for theirs, mine in np.argwhere(fits.T.astype(int) @ chosen.Y.astype(int) > 0):
            if model.tags[theirs] != chosen.tags[mine]:
                rows = np.flatnonzero(fits[:, theirs] & chosen.Y[:, mine])
                yield _missing(chosen, rows, chosen.tags[mine], model, model.tags[theirs])


def _shared(chosen: Chosen, model: OtherModel) -> Iterator[Finding]:
    for tag in chosen.tags:
        if tag in model.tags:
            reason = say("{title!r} teaches this tag too: the model that goes live last owns it", title=model.title)
            remedy = say("teach it in one of the two")
            yield Finding(Kind.CONFLICT, tag, (), reason, remedy, Step.RETHINK, tag, model.title)


def _missing(chosen: Chosen, rows: Ints, tag: str, model: OtherModel, other: str) -> Finding:
    reason = say("{tag} of {title!r} fits it too", tag=other, title=model.title)
    remedy = say("add it to {tag} there", tag=other)
    return Finding(Kind.COMPLETENESS, tag, chosen.named(rows), reason, remedy, Step.ADD, other, model.title)
