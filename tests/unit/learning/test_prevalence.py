"""How much of a library shows the tags, told from its unlabelled images."""

import numpy as np
import pytest

from tagsmith.learning.prevalence import BOUNDS, estimate_prevalence, share_as_sure


def features(rng, images, centre):
    return rng.normal(loc=centre, size=(images, 2))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_share_of_a_library_is_found(share):
    rng = np.random.default_rng(0)
    shown = int(1000 * share)
    library = np.vstack([features(rng, shown, 2.0), features(rng, 1000 - shown, 0.0)])
    found = estimate_prevalence(features(rng, 300, 2.0), features(rng, 300, 0.0), library)
    assert found == pytest.approx(share, abs=0.08)


def test_strangers_nearer_than_those_rehearsed_are_not_taken_for_the_tags():
    rng = np.random.default_rng(1)
    library = np.vstack([features(rng, 100, 2.0), features(rng, 900, 0.0)])
    found = estimate_prevalence(features(rng, 300, 2.0), features(rng, 300, -3.0), library)
    assert found < 0.25


def test_tags_that_look_alike_are_found_in_a_library_of_other_things():
    rng = np.random.default_rng(2)
    library = np.vstack([features(rng, 100, 2.0), features(rng, 900, -4.0)])
    found = estimate_prevalence(features(rng, 300, 2.0), features(rng, 300, 1.5), library)
    assert 0.04 < found < 0.12  # the likelihood alone says 0.02


def test_few_images_leave_the_question_open():
    assert share_as_sure(np.arange(100.0), np.full(1, 1000.0)) < BOUNDS[1]
    assert share_as_sure(np.arange(100.0), np.full(1000, 1000.0)) == BOUNDS[1]
