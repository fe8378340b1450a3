"""Which tags come, go, and give way to others between two states of smart tags, counted part by part of a library."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tagsmith.tagging.difference import NONE, Difference, Given, Numbers, difference

NOWHERE = 0  # in place of a tag: where a gained one comes from, and a lost one goes to

Transition = tuple[int, int]  # from which tag to which


@dataclass(frozen=True)
class Found:
    """An asset of a transition, with the confidence of the tag before and after, in thousandths; None without."""

    asset: int
    before: int | None
    after: int | None

    @property
    def rank(self) -> tuple[int, int]:
        """The most confident comes first."""
        return -(self.before or 0 if self.after is None else self.after), self.asset


class Tally:
    """Counts what differs, with a few assets of each transition, those of the highest confidence.

    Parameters
    ----------
    samples
        How many of each.
    versions
        The version before and the one after of an exclusive model, whose tags give way to each other; None if no
        tags do.

    Attributes
    ----------
    before, after
        How many assets have each tag.
    counts
        How many assets go through each transition.
    rescored
        How many keep each tag with another confidence, or from another model.
    """

    def __init__(self, samples: int, versions: tuple[int, int] | None) -> None:
        self._limit, self._versions = samples, versions
        self.before: Counter[int] = Counter()
        self.after: Counter[int] = Counter()
        self.rescored: Counter[int] = Counter()
        self.counts: Counter[Transition] = Counter()
        self.samples: dict[Transition, list[Found]] = {}

    @property
    def changes(self) -> int:
        """How many smart tags differ: two of an asset on which a tag gives way to another."""
        return self.rescored.total() + sum(count * (1 + (NOWHERE not in pair)) for pair, count in self.counts.items())

    def add(self, before: Given, after: Given) -> None:
        """Count the smart tags of some more assets."""
        differing = difference(before, after)
        kept = (differing.before != NONE) & (differing.after != NONE)
        self.before.update(before.tags.tolist())
        self.after.update(after.tags.tolist())
        self.rescored.update(differing.tags[kept].tolist())
        rows = _transitions(differing, self._versions)
        source, target, assets, had, gets = rows[:, np.lexsort((rows[2], -_confidence(rows), rows[1], rows[0]))]
        starts = np.flatnonzero((np.diff(source, prepend=-1) != 0) | (np.diff(target, prepend=-1) != 0))
        for start, end in pairwise([*starts.tolist(), len(source)]):
            pair = int(source[start]), int(target[start])
            self.counts[pair] += end - start
            best = slice(start, min(end, start + self._limit))
            self._keep(pair, np.stack([assets[best], had[best], gets[best]], axis=1))

    def _keep(self, pair: Transition, rows: Numbers) -> None:
        new = [Found(asset, *(None if one == NONE else one for one in both)) for asset, *both in rows.tolist()]
        some = [*self.samples.get(pair, []), *new]
        self.samples[pair] = sorted(some, key=lambda found: found.rank)[: self._limit]


def _transitions(differing: Difference, versions: tuple[int, int] | None) -> Numbers:
    """Return (5, rows): from which tag, to which, the asset, and the confidences before and after."""
    lost, gained = differing.after == NONE, differing.before == NONE
    source, target = np.where(gained, NOWHERE, differing.tags), np.where(lost, NOWHERE, differing.tags)
    after, chosen = differing.after.copy(), lost | gained
    if versions is not None:
        gone = np.flatnonzero(lost & (differing.before_versions == versions[0]))
        come = np.flatnonzero(gained & (differing.after_versions == versions[1]))
        _, first, second = np.intersect1d(differing.assets[gone], differing.assets[come], return_indices=True)
        gone, come = gone[first], come[second]
        target[gone], after[gone] = differing.tags[come], differing.after[come]  # the two rows become one
        chosen[come] = False
    rows: Numbers = np.stack([source, target, differing.assets, differing.before, after])[:, chosen]
    return rows


def _confidence(rows: Numbers) -> Numbers:
    """Return the confidence after, or before where the tag is lost."""
    had, gets = rows[3:]
    confidence: Numbers = np.where(gets == NONE, had, gets)
    return confidence
