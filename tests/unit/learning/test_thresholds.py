"""A threshold per tag from a wanted precision, and how much the examples prove."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.learning.evidence import Evidence
from tagsmith.learning.thresholds import choose_thresholds, wilson

KNOWN = {  # successes, trials: 95 % interval, to three digits
    (0, 10): (0.0, 0.278),
    (1, 10): (0.018, 0.404),
    (5, 10): (0.237, 0.763),
    (10, 10): (0.722, 1.0),
    (9, 10): (0.596, 0.982),
    (90, 100): (0.826, 0.945),
}
CONFIDENCE = st.integers(0, 20).map(lambda step: step / 20)
CLAIM = st.tuples(CONFIDENCE, st.integers(0, 2), st.booleans(), st.sampled_from([1, 3]))  # with tag, right, weight
CLAIMS = st.lists(CLAIM, min_size=1, max_size=40)


def evidence(confidences, right, tags=None, weights=None):
    size = len(confidences)
    return Evidence(
        features=np.zeros((size, 3)),
        tags=np.zeros(size, int) if tags is None else np.array(tags),
        right=np.array(right, bool),
        weights=np.ones(size) if weights is None else np.array(weights, float),
    )


def chosen(confidences, right, target, *, tags=None, weights=None, count=1):
    claims = evidence(confidences, right, tags, weights)
    return choose_thresholds(np.array(confidences, float), claims, target=target, count=count)


@pytest.mark.req("M11a")
@pytest.mark.parametrize("counts", KNOWN)
def test_interval_is_wilsons(counts):
    assert wilson(*counts) == pytest.approx(KNOWN[counts], abs=5e-4)


@pytest.mark.req("M11a")
def test_nothing_tried_proves_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.req("M11a")
@given(st.integers(0, 1000), st.integers(1, 1000))
def test_interval_holds_the_share(successes, more):
    low, high = wilson(successes, successes + more)
    share = successes / (successes + more)
    assert 0 <= low < share + 1e-12
    assert share - 1e-12 < high <= 1


@pytest.mark.req("M11b")
def test_threshold_is_the_lowest_that_reaches_the_target():
    confidences = [0.9, 0.8, 0.7, 0.6, 0.5]
    right = [True, True, False, True, False]
    assert chosen(confidences, right, 0.75) == [0.6]
    assert chosen(confidences, right, 0.8) == [0.8]


@pytest.mark.req("M11b")
def test_claims_of_equal_confidence_stand_or_fall_together():
    assert chosen([0.9, 0.9, 0.5], [True, False, True], 0.6) == [0.5]
    assert np.isnan(chosen([0.9, 0.9], [True, False], 0.6)).all()


@pytest.mark.req("M11b")
@given(CLAIMS, st.floats(0.1, 1))
def test_claims_past_the_threshold_reach_the_target(claims, target):
    confidences, _, right, weights = (np.array(column) for column in zip(*claims, strict=True))
    (threshold,) = chosen(confidences, right, target, weights=weights)
    past = confidences >= threshold  # none where it is not a number
    assert (weights * right)[past].sum() >= (target - 1e-9) * weights[past].sum()


@pytest.mark.req("M11b")
def test_claim_that_is_more_likely_wrong_by_its_own_confidence_is_never_made():
    assert chosen([0.9, 0.6, 0.4, 0.1], [True] * 4, 0.9) == [0.6]
    assert chosen([0.9, 0.6, 0.4, 0.1], [True] * 4, 0.3) == [0.4]
    assert np.isnan(chosen([0.4, 0.1], [True] * 2, 0.9)).all()


@pytest.mark.req("M11b")
def test_tag_that_never_reaches_the_target_has_no_threshold():
    assert np.isnan(chosen([0.9, 0.8], [False, False], 0.5)).all()


@pytest.mark.req("M11b")
def test_tag_without_a_right_claim_has_no_threshold_of_its_siblings():
    thresholds = chosen([0.9] * 20, [True] * 20, 0.5, tags=[0] * 20, count=2)
    assert thresholds[0] == 0.9
    assert np.isnan(thresholds[1])


@pytest.mark.req("M11b")
def test_few_wrong_claims_do_not_set_a_tag_apart_from_its_siblings():
    confidences = [0.9] * 100 + [0.9] * 2
    right = [True] * 100 + [True, False]
    assert chosen(confidences, right, 0.9, tags=[0] * 100 + [1] * 2, count=2).tolist() == [0.9, 0.9]


@pytest.mark.req("M11b")
def test_many_wrong_claims_do():
    confidences = [0.9] * 400 + [0.9] * 100
    right = [True] * 400 + [True, False] * 50
    thresholds = chosen(confidences, right, 0.8, tags=[0] * 400 + [1] * 100, count=2)
    assert thresholds[0] == 0.9
    assert np.isnan(thresholds[1])


@pytest.mark.req("M11b")
@given(CLAIMS, st.floats(0, 1), st.floats(0, 1))
def test_higher_target_never_lowers_a_threshold(claims, one, other):
    confidences, tags, right, weights = (np.array(column) for column in zip(*claims, strict=True))
    low, high = (
        np.nan_to_num(chosen(confidences, right, target, tags=tags, weights=weights, count=3), nan=np.inf)
        for target in sorted([one, other])
    )
    assert (high >= low).all()


@pytest.mark.req("M6a")
def test_no_confidence_at_all_is_never_enough():
    assert chosen([0.9, 0.0], [True, True], 0.5) == [0.9]
    assert np.isnan(chosen([0.0, 0.0], [True, True], 0.5)).all()
