"""Every number that is shown of a tag model, held against what can be counted by hand."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from tagsmith.learning.quality import Judged, Share, average_precision, measure_calibration, measure_quality
from tagsmith.learning.thresholds import Support

NAMES = ["boot", "sandal"]
HALF = np.array([0.5, 0.5])
RANKED = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=30)  # few values: many ties


def measured(confidences, truth, *, thresholds=HALF, exclusive=True, target=0.9):
    confidences = np.array(confidences, float)
    judged = Judged(confidences, confidences, np.array(truth, bool))
    return measure_quality(judged, NAMES, np.array(thresholds), exclusive=exclusive, target=target)


@pytest.fixture
def four_images():
    """A boot known, a boot taken for a sandal, a sandal not recognised, and a stranger taken for a boot."""
    return measured([[0.9, 0.1], [0.2, 0.8], [0.1, 0.4], [0.7, 0.2]], [[1, 0], [1, 0], [0, 1], [0, 0]])


@pytest.mark.req("M11a")
@given(RANKED)
def test_average_precision_is_that_of_scikit_learn(ranked):
    confidences = np.array([value / 8 for value, _ in ranked])
    truth = np.array([shown for _, shown in ranked])
    got = average_precision(confidences, truth)
    if truth.any():
        assert got == pytest.approx(average_precision_score(truth, confidences))
    else:
        assert got is None


@pytest.mark.req("M11a")
def test_precision_counts_the_images_given_the_tag(four_images):
    assert [tag.precision for tag in four_images.tags] == [Share(1, 2), Share(0, 1)]


@pytest.mark.req("M11a")
def test_recall_counts_the_images_that_show_the_tag(four_images):
    assert [tag.recall for tag in four_images.tags] == [Share(1, 2), Share(0, 1)]
    assert [tag.examples for tag in four_images.tags] == [2, 1]


@pytest.mark.req("M11a")
def test_found_are_the_images_of_all_tags_that_are_given_theirs(four_images):
    assert four_images.found == Share(1, 3)


@pytest.mark.req("M11a")
def test_confusion_says_what_was_taken_for_what(four_images):
    assert four_images.confusion.tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 0]]


@pytest.mark.req("M11a")
@pytest.mark.parametrize("seed", range(3))
def test_confusion_counts_every_image_of_an_exclusive_model_once(seed):
    rng = np.random.default_rng(seed)
    truth = np.eye(3, 2)[rng.integers(0, 3, 50)]  # the last row is a stranger
    quality = measured(rng.random((50, 2)), truth)
    assert quality.confusion.sum() == quality.images == 50
    assert quality.confusion.sum(axis=1).tolist() == [*truth.sum(axis=0), quality.strangers]
    assert quality.confusion.sum(axis=0)[:2].tolist() == [tag.precision.trials for tag in quality.tags]


@pytest.mark.req("M11a")
def test_confusion_of_independent_tags_counts_the_images_of_one_tag():
    quality = measured([[0.9, 0.9], [0.9, 0.1], [0.9, 0.9]], [[1, 1], [1, 0], [1, 0]], exclusive=False)
    assert quality.confusion.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]


@pytest.mark.req("M11a", "M6a")
def test_strangers_given_a_tag_are_counted(four_images):
    assert four_images.strangers == 1
    assert four_images.false_tags == Share(1, 1)


@pytest.mark.req("M11a")
def test_forced_choice_does_not_ask_for_a_threshold(four_images):
    assert four_images.choice == Share(2, 3)
    assert four_images.macro_accuracy == pytest.approx((1 / 2 + 1 / 1) / 2)


@pytest.mark.req("M11b")
def test_tag_that_is_never_applied_has_no_threshold():
    quality = measured([[0.9, 0.1]], [[1, 0]], thresholds=[np.nan, 0.5])
    assert quality.tags[0].threshold is None
    assert quality.tags[0].support is Support.NONE
    assert quality.tags[0].recall == Share(0, 1)


@pytest.mark.req("M11b")
@pytest.mark.parametrize(("images", "support"), [(5, "not enough evidence"), (40, "enough")])
def test_few_images_are_not_enough_evidence(images, support):
    quality = measured([[0.9, 0.1]] * images, [[1, 0]] * images)
    assert quality.tags[0].support == support


@pytest.mark.req("M11b")
def test_tag_that_was_given_to_no_image_is_not_proven():
    assert measured([[0.9, 0.1]], [[1, 0]]).tags[1].support is Support.THIN


@pytest.mark.req("M11a")
def test_share_has_an_interval():
    assert Share(9, 10).value == 0.9
    assert Share(9, 10).interval == pytest.approx((0.596, 0.982), abs=5e-4)
    assert Share(0, 0).value is None


def test_certain_and_right_is_perfectly_calibrated():
    right = np.arange(50) % 3 == 0
    calibration = measure_calibration(right.astype(float), right)
    assert (calibration.error, calibration.noise_floor) == (0, 0)


def test_certain_and_wrong_is_as_far_off_as_can_be():
    assert measure_calibration(np.ones(20), np.zeros(20, bool)).error == 1


def test_calibrated_confidences_lie_near_the_noise_floor():
    rng = np.random.default_rng(0)
    confidences = rng.random(20_000)
    calibration = measure_calibration(confidences, rng.random(20_000) < confidences)
    assert 0 < calibration.noise_floor < 0.02
    assert calibration.error < 2 * calibration.noise_floor


def test_too_high_confidences_lie_above_the_noise_floor():
    rng = np.random.default_rng(1)
    confidences = rng.random(5000)
    calibration = measure_calibration(confidences, rng.random(5000) < confidences / 2)
    assert calibration.error == pytest.approx(0.25, abs=0.02)


def test_no_images_at_all_are_no_error():
    quality = measured(np.empty((0, 2)), np.empty((0, 2)))
    assert (quality.images, quality.calibration, quality.macro_accuracy) == (0, None, None)
    assert [tag.average_precision for tag in quality.tags] == [None, None]


def test_only_strangers_are_no_error():
    quality = measured([[0.9, 0.1], [0.1, 0.2]], [[0, 0], [0, 0]])
    assert quality.false_tags == Share(1, 2)
    assert quality.choice == Share(0, 0)


@pytest.mark.parametrize("thresholds", [HALF, [np.nan, np.nan]])
def test_all_numbers_go_into_json(thresholds):
    quality = asdict(measured([[0.9, 0.1], [0.2, 0.8]], [[1, 0], [0, 0]], thresholds=thresholds))
    confusion = quality.pop("confusion")
    written = json.loads(json.dumps({**quality, "confusion": confusion.tolist()}, allow_nan=False))
    assert written["tags"][0]["tag"] == "boot"
    assert written["strangers"] == 1
