"""Scores become probabilities: the right ones, and finite ones on any examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagsmith.learning.calibration import fit_logistic, sigmoid, smoothed, softmax, stack

SIZE, TAGS = 1500, 4


def drawn_scores(seed, *factors):
    """Random scores of one head per factor, and tags drawn with the probabilities that their weighted sum gives."""
    rng = np.random.default_rng(seed)
    heads = [rng.normal(size=(SIZE, TAGS)) for _ in factors]
    total = sum(factor * head for factor, head in zip(factors, heads, strict=True))
    labels = np.array([rng.choice(TAGS, p=row) for row in softmax(total)])
    return heads, labels


def log_loss(heads, labels):
    total = np.tensordot(stack(heads, labels), np.stack(heads), axes=1)
    return -np.log(softmax(total)[np.arange(len(labels)), labels]).mean()


def drawn_claims(seed, coefficients, intercept):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(4000, len(coefficients)))
    right = rng.random(4000) < sigmoid(features @ coefficients + intercept)
    return features, right


def test_stack_finds_the_factors_behind_the_tags():
    heads, labels = drawn_scores(0, 2.0, 0.5)
    np.testing.assert_allclose(stack(heads, labels), [2.0, 0.5], rtol=0.15)


def test_stack_finds_the_same_whatever_the_scale_of_a_head():
    heads, labels = drawn_scores(1, 2.0, 0.5)
    scaled = stack([heads[0] * 1000, heads[1] / 1000], labels)
    np.testing.assert_allclose(scaled * [1000, 0.001], stack(heads, labels), rtol=1e-6)


def test_stack_gives_a_contrary_head_no_say():
    (good, _), labels = drawn_scores(2, 1.0, 0.0)
    factors = stack([good, -good], labels)
    assert factors[0] > 0
    assert factors[1] == 0


@given(st.integers(0, 1000), st.floats(-2, 2), st.floats(-2, 2))
@settings(deadline=None, max_examples=15)
def test_heads_together_are_no_worse_than_the_best_alone(seed, first, second):
    heads, labels = drawn_scores(seed, first, second)
    alone = min(log_loss([head], labels) for head in heads)
    assert log_loss(heads, labels) <= alone + 0.005  # the shrinkage's share


@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(-5, 5))
@settings(deadline=None, max_examples=15)
def test_factors_are_never_negative(seed, first, second):
    assert (stack(*drawn_scores(seed, first, second)) >= 0).all()


def test_stack_stays_finite_when_the_tags_are_told_apart_perfectly():
    labels = np.arange(40) % TAGS
    factors = stack([np.eye(TAGS)[labels], 1e6 * np.eye(TAGS)[labels]], labels)
    assert np.isfinite(factors).all()
    assert (factors > 0).all()


def test_stack_bears_a_head_that_says_nothing():
    heads, labels = drawn_scores(3, 1.5)
    factors = stack([heads[0], np.zeros((SIZE, TAGS))], labels)
    np.testing.assert_allclose(factors[0], stack(heads, labels), rtol=1e-3)


def test_logistic_finds_the_coefficients_behind_the_claims():
    features, right = drawn_claims(0, [1.5, 0.5], -1.0)
    coefficients, intercept = fit_logistic(features, smoothed(right), np.ones(len(right)))
    np.testing.assert_allclose([*coefficients, intercept], [1.5, 0.5, -1.0], atol=0.2)


def test_logistic_gives_a_contrary_feature_no_say():
    features, right = drawn_claims(1, [1.0, -2.0], 0.0)
    coefficients, _ = fit_logistic(features, smoothed(right), np.ones(len(right)))
    assert coefficients[0] > 0
    assert coefficients[1] == 0


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=3), st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_coefficients_are_never_negative(truth, seed):
    features, right = drawn_claims(seed, truth, 0.0)
    coefficients, intercept = fit_logistic(features, smoothed(right), np.ones(len(right)))
    assert (coefficients >= 0).all()
    assert np.isfinite(intercept)


@pytest.mark.parametrize("weight_of_wrong", [1.0, 9.0])
def test_features_that_say_nothing_give_the_base_rate(weight_of_wrong):
    right = np.arange(2000) % 2 == 0
    weights = np.where(right, 1.0, weight_of_wrong)
    _, intercept = fit_logistic(np.zeros((2000, 2)), smoothed(right), weights)
    assert sigmoid(intercept) == pytest.approx(1 / (1 + weight_of_wrong), abs=0.002)


def test_mean_confidence_is_the_share_that_is_right():
    features, right = drawn_claims(2, [1.0, 1.0], -2.0)
    coefficients, intercept = fit_logistic(features, smoothed(right), np.ones(len(right)))
    assert sigmoid(features @ coefficients + intercept).mean() == pytest.approx(right.mean(), abs=0.002)


def test_logistic_stays_finite_when_right_and_wrong_are_told_apart_perfectly():
    right = np.arange(40) >= 20
    coefficients, intercept = fit_logistic(right[:, None] * 1.0, smoothed(right), np.ones(40))
    confidences = sigmoid(np.array([0.0, 1.0]) * coefficients + intercept)
    assert 0 < confidences[0] < 0.1
    assert 0.9 < confidences[1] < 1


@pytest.mark.parametrize("right", [True, False])
def test_logistic_stays_finite_when_all_claims_are_alike(right):
    coefficients, intercept = fit_logistic(np.arange(10.0)[:, None], smoothed(np.full(10, right)), np.ones(10))
    assert np.isfinite([*coefficients, intercept]).all()
    assert (sigmoid(intercept) > 0.5) == right


def test_sigmoid_is_right_far_out():
    assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]


def test_softmax_is_right_far_out():
    assert softmax(np.array([[1e4, -1e4], [-1e4, -1e4]])).tolist() == [[1.0, 0.0], [0.5, 0.5]]


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5))
def test_softmax_adds_up_to_one(scores):
    assert softmax(np.array([scores])).sum() == pytest.approx(1)


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_logistic_learns_from_right_claims_and_others_of_which_nobody_knows(share):
    rng = np.random.default_rng(5)
    shown = rng.random(6000) < share
    unknown = np.where(shown, 1.0, -1.0)[:, None] + rng.normal(size=(6000, 1))
    known = 1.0 + rng.normal(size=(6000, 1))
    rows, pulls = np.vstack([known, unknown]), np.repeat([1e9, 0.0], 6000)
    coefficients, intercept = fit_logistic(rows, pulls, np.repeat([share * 1e-9, 1.0], 6000))
    confidences = sigmoid(unknown @ coefficients + intercept)
    assert confidences.mean() == pytest.approx(share, abs=0.02)
    assert confidences[shown].mean() > confidences[~shown].mean() + 0.3
