"""How many assets a version would give each tag, or suggest it for, at any threshold. Nothing is written.

The library is scored once. Confidences are in thousandths, so that how many assets reach each of them is all there is
to know: answers at other thresholds are looked up.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from django.db.models import Count, Max, Sum
from numpy.typing import NDArray

from tagsmith.assets.models import State
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.models import Embedding, StoredEncoder
from tagsmith.learning.scoring import STEPS
from tagsmith.tagging.heads import Board, Head, boards_of
from tagsmith.tagging.over_library import give, judgeable
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import Version
from tagsmith.training.overrides import Override
from tagsmith.training.selectors import live_with

Number = TypeVar("Number", np.int64, np.float64)

REMEMBERED = 16  # versions, each some hundred kilobytes


@dataclass(frozen=True)
class Reach:
    """How many assets are given each tag with how much confidence.

    Of an exclusive model only the best tag of each asset counts, as in a run.

    Attributes
    ----------
    assets
        How many were looked at.
    counts
        (thousandths + 1,) of each tag: how many assets have it with at least that confidence.
    right
        The same with the sum of their confidences: on how many of them the tag should be right.
    """

    assets: int
    counts: Mapping[int, NDArray[np.int64]]
    right: Mapping[int, NDArray[np.float64]]

    def at(self, tag: int, threshold: float | None) -> int:
        """Return how many assets reach a threshold; none reach None."""
        return 0 if threshold is None else int(self.counts[tag][_step(threshold)])

    def precision(self, tag: int, threshold: float | None) -> float | None:
        """Return the share of these on which the tag should be right, by the version's own confidences."""
        count = self.at(tag, threshold)
        return None if threshold is None or not count else float(self.right[tag][_step(threshold)] / count)

    def threshold(self, tag: int, precision: float) -> float | None:
        """Return the lowest threshold that should be this precise over the library; None where there is none."""
        counts = self.counts[tag]
        reached = np.flatnonzero((counts > 0) & (self.right[tag] >= precision * counts - 1e-9))
        return max(int(reached[0]), 1) / STEPS if len(reached) else None


@dataclass(frozen=True)
class Counts:
    """What a tag's thresholds, None for never, do over the library.

    `suggested` does not count what is applied. `precision` is the share of the assets given the tag on which it
    should be right, by the version's own confidences.
    """

    tag: Tag
    apply_from: float | None
    suggest_from: float | None
    applied: int
    suggested: int
    precision: float | None


def what_if(scope: Scope, version: Version, said: Mapping[int, Override] | None = None) -> list[Counts]:
    """Return how many assets would have each tag of a version, in the order of their keys.

    Parameters
    ----------
    scope
        What of the library counts.
    version
        One that is not live counts as if it had just gone live.
    said
        Thresholds to try, by tag; others are as they would be in a run now.
    """
    board, head = _board(version)
    reach = _reach(scope, board, head)
    tried = said or {}
    tags = Tag.objects.filter(pk__in=reach.counts).order_by("key")
    return [_counts(reach, tag, _thresholds(head, tag.pk, tried.get(tag.pk))) for tag in tags]


def reach_of(scope: Scope, version: Version) -> Reach:
    """Return how many assets a version gives each of its tags with how much confidence."""
    return _reach(scope, *_board(version))


def _board(version: Version) -> tuple[Board, Head]:
    """Return a version alone, with the rights that it has among the live ones."""
    for board in boards_of(live_with(version.model, version)):
        for head in board.heads:
            if head.version == version.pk:
                return Board(board.encoder, (head,)), head
    raise AssertionError("a version that goes live is live")


def _counts(reach: Reach, tag: Tag, thresholds: Override) -> Counts:
    applied = reach.at(tag.pk, thresholds.apply_from)
    return Counts(
        tag=tag,
        apply_from=thresholds.apply_from,
        suggest_from=thresholds.suggest_from,
        applied=applied,
        suggested=max(reach.at(tag.pk, thresholds.suggest_from) - applied, 0),
        precision=reach.precision(tag.pk, thresholds.apply_from),
    )


def _thresholds(head: Head, tag: int, tried: Override | None) -> Override:
    """Return a tag's thresholds; of tags that were merged into it, the lowest ones."""
    columns = head.tags == tag
    apply, suggest = (_lowest(thresholds[columns]) for thresholds in (head.thresholds, head.suggest_thresholds))
    if tried:
        apply = apply if tried.apply_from is None else tried.apply_from
        suggest = suggest if tried.suggest_from is None else tried.suggest_from
    return Override(apply, suggest if apply is None or suggest is None else min(apply, suggest))


def _lowest(thresholds: NDArray[np.float64]) -> float | None:
    lowest = float(np.fmin.reduce(thresholds))
    return None if np.isnan(lowest) else lowest


def _step(threshold: float) -> int:
    return int(np.ceil(threshold * STEPS - 1e-6))


def _reach(scope: Scope, board: Board, head: Head) -> Reach:
    """Return what was found out before, if nothing has changed since."""
    key = (scope, head.version, head.tags.tobytes(), head.may_give.tobytes(), _state(scope, board.encoder))
    found = _found.get(key)
    if found is None:
        found = _found[key] = _score(scope, board, head)
        while len(_found) > REMEMBERED:
            _found.pop(next(iter(_found)), None)  # the oldest; another thread may have been quicker
    return found


def _state(scope: Scope, encoder: StoredEncoder) -> Hashable:
    """Return what changes when assets, vectors, or what people said change.

    An asset whose content is replaced is not ready until it has a new vector.
    """
    assets = live_assets(scope).filter(state=State.READY).aggregate(Count("pk"), Sum("pk"), Max("modified"))
    said = (kind.objects.aggregate(count=Count("*"), last=Max("at")) for kind in (HumanTag, Rejection))
    vectors = Embedding.objects.filter(encoder=encoder).count()
    return (vectors, *assets.values(), *(value for row in said for value in row.values()))


def _score(scope: Scope, board: Board, head: Head) -> Reach:
    """Let the version give whatever it has any confidence in, and count."""
    least = np.full(len(head.tags), 1 / STEPS)
    lenient = replace(head, thresholds=least, suggest_thresholds=least)
    tags = np.unique(head.tags)
    counts = np.zeros((len(tags), STEPS + 1), np.int64)
    assets = judgeable(scope, [board.encoder])
    for _, [given] in give(assets, [[Board(board.encoder, (lenient,))]]):
        places = np.searchsorted(tags, given.tags) * (STEPS + 1) + given.confidences
        counts += np.bincount(places, minlength=counts.size).reshape(counts.shape)
    right = counts * (np.arange(STEPS + 1) / STEPS)
    return Reach(len(assets), _at_least(tags, counts), _at_least(tags, right))


def _at_least(tags: NDArray[np.int64], values: NDArray[Number]) -> dict[int, NDArray[Number]]:
    return dict(zip(tags.tolist(), values[:, ::-1].cumsum(axis=1)[:, ::-1], strict=True))


_found: dict[Hashable, Reach] = {}
