"""What a library's images teach of "something else", as far as they seem to show none of the tags."""

import numpy as np
import pytest

from tagsmith.learning.fitting import Material
from unit.learning.blobs import DIMENSIONS, blobs, indicator


def presence_of_taught(shown, *, rejected=0):
    """Mean left-out presence of examples in their own tag, beside a library that is half like them, half strange."""
    X, labels = blobs(4, 12)
    like, strange = blobs(4, 10, seed=1)[0], blobs(6, 20, first=10, seed=2)[0]
    material = Material(
        X, indicator(labels), np.vstack([like, strange]), like[:rejected].reshape(-1, DIMENSIONS), 1.0, 0.6, shown
    )
    return material.example_presence[np.arange(len(X)), labels].mean()


NOTHING_KNOWN = presence_of_taught(None)


@pytest.mark.req("M6b")
def test_images_that_seem_to_show_a_tag_count_less_as_something_else():
    assert presence_of_taught(np.repeat([1.0, 0.0], [40, 120])) > NOTHING_KNOWN + 0.02


def test_what_is_taken_from_them_the_others_get():
    assert presence_of_taught(np.repeat([0.0, 1.0], [40, 120])) < NOTHING_KNOWN


@pytest.mark.parametrize("all_alike", [0.0, 0.5, 1.0])
def test_a_library_whose_images_all_seem_alike_teaches_what_an_unknown_one_does(all_alike):
    assert presence_of_taught(np.full(160, all_alike)) == pytest.approx(NOTHING_KNOWN)


def test_a_persons_rejection_counts_whatever_the_image_seems_to_show():
    seeming = np.repeat([1.0, 0.0], [40, 120])
    assert presence_of_taught(seeming, rejected=40) < NOTHING_KNOWN
