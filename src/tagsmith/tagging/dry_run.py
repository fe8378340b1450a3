"""What publishing a version would change over the whole library. Nothing is written.

The versions are asked by the very code that tags, so that a run does what the dry run says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tagsmith.assets.models import Asset
from tagsmith.assets.scope import Scope
from tagsmith.assets.selectors.assets import live_assets
from tagsmith.tagging.difference import Given, difference
from tagsmith.tagging.heads import Board, Head, boards_of
from tagsmith.tagging.over_library import Advance, give, judgeable
from tagsmith.tagging.services import stored_smart_tags
from tagsmith.tagging.transitions import NOWHERE, Tally, Transition
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import TagModel, Version
from tagsmith.training.selectors import live_with

SAMPLES = 6


@dataclass(frozen=True)
class Sample:
    """An asset on which a tag changes, with its confidence before and after, in thousandths; None without the tag."""

    asset: Asset
    before: int | None
    after: int | None


Samples = dict[Transition, list[Sample]]


@dataclass(frozen=True)
class Effect:
    """What happens to a tag: assets that have it before and after, and that only gain or lose it.

    Assets that have another tag of the exclusive model instead are in neither, but in the moves. `rescored` are those
    that keep it with another confidence, or from another model.
    """

    tag: Tag
    before: int
    after: int
    kept: int
    rescored: int
    gained: int
    lost: int
    gained_samples: list[Sample]
    lost_samples: list[Sample]


@dataclass(frozen=True)
class Move:
    """Assets on which one tag of an exclusive model gives way to another."""

    source: Tag
    target: Tag
    assets: int
    samples: list[Sample]


@dataclass(frozen=True)
class DryRun:
    """What a version would change against another, or against none.

    Attributes
    ----------
    judged, unjudged
        How many assets a run would look at, and how many others there are.
    changes
        How many smart tags a run over the whole library would write, if the present ones are as `against` gives them.
    stale
        How many smart tags are not as `against`, which serves, would give them now: a run changes these in any
        case. None if another version serves.
    """

    version: Version
    against: Version | None
    judged: int
    unjudged: int
    changes: int
    stale: int | None
    effects: list[Effect]
    moves: list[Move]


def dry_run(
    scope: Scope,
    version: Version,
    against: Version | None,
    *,
    samples: int = SAMPLES,
    advance: Advance | None = None,
) -> DryRun:
    """Return what would change over the library if a version served instead of another of its model, or of none.

    What people set and rejected, blocked tags, thresholds set by hand, and tags that pass from or to other live
    models count as they do in a run. Of one that was live before, publishing restores smart tags from the change log,
    which may differ from what it would give now.

    Parameters
    ----------
    scope
        What of the library is looked at.
    version, against
        After and before. One that is not live counts as if it had just gone live.
    samples
        How many assets to name of each kind of change, those with the highest confidence.
    advance
        Told how many assets are done, now and then.
    """
    model = version.model
    before, after = (boards_of(live_with(model, one)) for one in (against, version))
    assets = judgeable(scope, list({board.encoder: None for board in (*before, *after)}))
    sides = [_that_differ(model, before, after), _that_differ(model, after, before)]
    tally = Tally(samples, (against.pk, version.pk) if against and model.exclusive else None)
    models = {model.pk, *(head.model for board in sides[0] for head in board.heads)}
    stale = 0 if against == model.versions.filter(live=True).first() else None
    for chunk, (had, gets) in give(assets, sides, advance):
        tally.add(had, gets)
        if stale is not None:
            stale += _stale(chunk, had, models)
    named = _samples(scope, tally)
    return DryRun(
        version=version,
        against=against,
        judged=len(assets),
        unjudged=live_assets(scope).count() - len(assets),
        changes=tally.changes,
        stale=stale,
        effects=_effects(tally, named, _taught(model, sides)),
        moves=_moves(tally, named),
    )


def _that_differ(model: TagModel, boards: Iterable[Board], others: Iterable[Board]) -> list[Board]:
    """Return the model's versions, and those of other models that may not give the same tags on the other side."""
    elsewhere = {_rights(head) for board in others for head in board.heads}
    kept = (
        (board.encoder, tuple(head for head in board.heads if head.model == model.pk or _rights(head) not in elsewhere))
        for board in boards
    )
    return [Board(encoder, heads) for encoder, heads in kept if heads]


def _rights(head: Head) -> tuple[int, bytes]:
    return head.version, head.may_give.tobytes()


def _stale(assets: Sequence[int], given: Given, models: set[int]) -> int:
    """Return how many smart tags of these models are not as they would be given now."""
    stored = stored_smart_tags(assets)
    theirs = np.isin(stored.models, list(models))
    return len(difference(Given(*(column[theirs] for column in vars(stored).values())), given).assets)


def _taught(model: TagModel, sides: Sequence[Sequence[Board]]) -> set[int]:
    """Return the tags that the versions of the model teach."""
    heads = [head for boards in sides for board in boards for head in board.heads if head.model == model.pk]
    return {tag for head in heads for tag in head.tags.tolist()}


def _effects(tally: Tally, samples: Samples, taught: set[int]) -> list[Effect]:
    """Return what happens to the tags of the model, and to others that change, in the order of their keys."""
    tags = Tag.objects.filter(pk__in=taught | {tag for pair in tally.counts for tag in pair} | set(tally.rescored))
    effects = []
    for tag in tags.order_by("key"):
        gain, loss = (NOWHERE, tag.pk), (tag.pk, NOWHERE)
        leaving = sum(count for (source, _), count in tally.counts.items() if source == tag.pk)
        effects.append(
            Effect(
                tag=tag,
                before=tally.before[tag.pk],
                after=tally.after[tag.pk],
                kept=tally.before[tag.pk] - leaving,
                rescored=tally.rescored[tag.pk],
                gained=tally.counts[gain],
                lost=tally.counts[loss],
                gained_samples=samples.get(gain, []),
                lost_samples=samples.get(loss, []),
            )
        )
    return effects


def _moves(tally: Tally, samples: Samples) -> list[Move]:
    """Return which tags give way to which, the most frequent first."""
    tags = Tag.objects.in_bulk({tag for pair in tally.counts for tag in pair})
    return [
        Move(tags[source], tags[target], count, samples[source, target])
        for (source, target), count in sorted(tally.counts.items(), key=lambda item: (-item[1], item[0]))
        if NOWHERE not in (source, target)
    ]


def _samples(scope: Scope, tally: Tally) -> Samples:
    """Return the samples with their assets; one that is gone meanwhile is left out."""
    ids = {found.asset for some in tally.samples.values() for found in some}
    assets = live_assets(scope).select_related("folder").in_bulk(ids)
    return {
        pair: [Sample(assets[one.asset], one.before, one.after) for one in some if one.asset in assets]
        for pair, some in tally.samples.items()
    }
