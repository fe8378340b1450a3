import numpy as np
import pytest

from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.outlook import TYPICAL_ERROR, look_ahead
from unit.learning.blobs import blobs


def asked(each, spread, more, *, exclusive=True):
    X, labels = blobs(each=each, spread=spread)
    Y = np.eye(4, dtype=bool)[labels]
    classifier = TagClassifier(exclusive=exclusive).fit(X, labels if exclusive else Y.astype(int))
    return classifier, look_ahead(classifier, X.astype(np.float32), Y, more)


@pytest.mark.req("M13c")
def test_more_examples_of_hard_tags_are_said_to_lift_what_is_right():
    classifier, outlook = asked(24, 3.5, 96)
    assert outlook.now == pytest.approx(classifier.quality_.macro_accuracy)
    assert outlook.now + TYPICAL_ERROR <= outlook.then < 1
    assert outlook.more == 96


@pytest.mark.req("M13c")
@pytest.mark.parametrize(
    ("each", "spread", "more", "exclusive"),
    [(12, 3.5, 96, True), (24, 0.5, 96, True), (24, 3.5, 1, True), (24, 3.5, 96, False)],
    ids=["too few examples", "nothing is wrong", "hardly any more", "independent tags"],
)
def test_nothing_is_said_where_it_would_be_a_guess(each, spread, more, exclusive):
    assert asked(each, spread, more, exclusive=exclusive)[1] is None


def test_more_examples_are_said_to_help_more():
    assert asked(24, 3.5, 300)[1].then > asked(24, 3.5, 96)[1].then
