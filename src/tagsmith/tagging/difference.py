"""In which smart tags two states of some assets differ: whole columns are compared, without a loop over smart tags."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

NONE = -1  # no number of a row, and no confidence


@dataclass(frozen=True)
class Given:
    """Smart tags that assets have, or should have, in columns: row i is one. Confidences are in thousandths."""

    assets: Numbers
    tags: Numbers
    models: Numbers
    versions: Numbers
    confidences: Numbers


@dataclass(frozen=True)
class Difference:
    """Smart tags before and after, in columns: row i is one that differs; NONE where there is none."""

    assets: Numbers
    tags: Numbers
    before: Numbers
    before_versions: Numbers
    after: Numbers
    after_versions: Numbers


def joined(parts: Sequence[Given]) -> Given:
    """Return the smart tags of several versions, or blocks of assets, as one."""
    columns = [(part.assets, part.tags, part.models, part.versions, part.confidences) for part in parts]
    if not columns:
        return Given(*np.empty((5, 0), np.int64))
    return Given(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def of_assets(given: Given, assets: Sequence[int]) -> Given:
    """Return the smart tags of these assets."""
    those = np.isin(given.assets, assets)
    return Given(
        given.assets[those], given.tags[those], given.models[those], given.versions[those], given.confidences[those]
    )


def difference(before: Given, after: Given) -> Difference:
    """Return which smart tags are to be given, changed, or taken away.

    A version that says the same as the one of its model before changes nothing, so that publishing does not rewrite
    the table. In neither state is an asset given a tag twice.
    """
    assets, tags = np.append(before.assets, after.assets), np.append(before.tags, after.tags)
    _, first, places = np.unique(assets * (tags.max(initial=0) + 1) + tags, return_index=True, return_inverse=True)
    had = _spread(before, places[: len(before.assets)], len(first))
    gets = _spread(after, places[len(before.assets) :], len(first))
    differs = (had[:2] != gets[:2]).any(axis=0)
    some, had, gets = first[differs], had[:, differs], gets[:, differs]
    return Difference(assets[some], tags[some], had[0], had[2], gets[0], gets[2])


def _spread(given: Given, places: NDArray[np.intp], count: int) -> Numbers:
    """Return (3, count) confidences, models and versions, each smart tag's at its place."""
    result = np.full((3, count), NONE)
    result[:, places] = given.confidences, given.models, given.versions
    return result
