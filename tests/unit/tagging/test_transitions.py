import numpy as np
import pytest

from tagsmith.tagging.difference import Given
from tagsmith.tagging.transitions import NOWHERE, Found, Tally

BOOT, HAT, MODEL, OLD, NEW = 1, 2, 7, 10, 11


def given(version, *rows):
    """Return smart tags of (asset, tag, confidence)."""
    assets, tags, confidences = np.array(rows, np.int64).reshape(-1, 3).T
    return Given(assets, tags, np.full(len(tags), MODEL), np.full(len(tags), version), confidences)


@pytest.fixture
def tally():
    return Tally(2, (OLD, NEW))


def test_tag_that_comes_and_tag_that_goes_are_counted(tally):
    tally.add(given(OLD, (1, BOOT, 900)), given(NEW, (2, HAT, 800)))
    assert tally.counts == {(BOOT, NOWHERE): 1, (NOWHERE, HAT): 1}
    assert tally.samples == {(BOOT, NOWHERE): [Found(1, 900, None)], (NOWHERE, HAT): [Found(2, None, 800)]}
    assert tally.changes == 2


def test_tag_of_an_exclusive_model_that_gives_way_to_another_is_one_move_and_two_changes(tally):
    tally.add(given(OLD, (1, BOOT, 900)), given(NEW, (1, HAT, 800)))
    assert tally.counts == {(BOOT, HAT): 1}
    assert tally.samples == {(BOOT, HAT): [Found(1, 900, 800)]}
    assert tally.changes == 2


def test_independent_tags_do_not_give_way_to_each_other():
    tally = Tally(2, None)
    tally.add(given(OLD, (1, BOOT, 900)), given(NEW, (1, HAT, 800)))
    assert tally.counts == {(BOOT, NOWHERE): 1, (NOWHERE, HAT): 1}


def test_what_stays_is_counted_apart_from_what_has_another_confidence(tally):
    tally.add(given(OLD, (1, BOOT, 900), (2, BOOT, 900)), given(NEW, (1, BOOT, 900), (2, BOOT, 901)))
    assert (tally.before, tally.after, tally.rescored) == ({BOOT: 2}, {BOOT: 2}, {BOOT: 1})
    assert (tally.counts, tally.changes) == ({}, 1)


def test_samples_are_the_most_confident_of_all_parts(tally):
    for part in ([(1, BOOT, 700), (2, BOOT, 900), (3, BOOT, 800)], [(4, BOOT, 850), (5, BOOT, 600)]):
        tally.add(given(OLD), given(NEW, *part))
    assert tally.counts == {(NOWHERE, BOOT): 5}
    assert [found.asset for found in tally.samples[NOWHERE, BOOT]] == [2, 4]


def test_nothing_at_all_is_no_change(tally):
    tally.add(given(OLD), given(NEW))
    assert (tally.changes, tally.samples) == (0, {})
