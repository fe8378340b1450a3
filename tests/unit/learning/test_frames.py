"""What a measured image is told, and what is not said of one that was never measured."""

import numpy as np
import pytest

from tagsmith.learning.findings import Chosen, Kind, Step
from tagsmith.learning.frames import check_frames
from tagsmith.vision.measures import Measures

GOOD = Measures(sharpness=0.5, brightness=0.8, detail=0.4, attended=0.5, extent=0.35, off_centre=0.05)


def found(*rows, sides=None):
    count = len(rows)
    chosen = Chosen(
        ["boot"],
        range(100, 100 + count),
        np.ones((count, 4), np.float32),
        np.ones((count, 1), bool),
        np.array(rows, float),
        np.array(sides or [400] * count, float),
    )
    return list(check_frames(chosen))


def test_good_image_has_no_finding():
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("kind", "fault", "said"),
    [
        pytest.param(Kind.QUALITY, {"sharpness": 0.1}, "blurred", marks=pytest.mark.req("M8g")),
        pytest.param(Kind.QUALITY, {"brightness": 0.1}, "dark", marks=pytest.mark.req("M8g")),
        pytest.param(Kind.DISTRACTION, {"extent": 0.08}, "small", marks=pytest.mark.req("M8d")),
        pytest.param(Kind.DISTRACTION, {"off_centre": 0.4}, "off to the side", marks=pytest.mark.req("M8d")),
        pytest.param(Kind.DISTRACTION, {"detail": 0.8, "attended": 0.9}, "cluttered", marks=pytest.mark.req("M8d")),
    ],
)
def test_fault_is_found_on_its_image_with_reason_and_remedy(kind, fault, said):
    [finding] = found(GOOD, GOOD._replace(**fault))
    assert (finding.kind, finding.tag, finding.images, finding.step) == (kind, "boot", (101,), Step.DROP)
    assert said in finding.reason
    assert "choose" in finding.remedy or "crop" in finding.remedy


@pytest.mark.req("M8g")
def test_tiny_image_is_not_called_blurred_too():
    [finding] = found(GOOD._replace(sharpness=0.1), sides=[90])
    assert "smaller than 128 pixels" in finding.reason


@pytest.mark.req("M8d")
def test_rich_frame_with_one_subject_is_not_cluttered():
    assert found(GOOD._replace(detail=0.9)) == []


@pytest.mark.req("M8g")
def test_image_that_was_never_measured_is_named_and_not_judged():
    [finding] = found(GOOD, [np.nan] * 6)
    assert finding.images == (101,)
    assert "before images were measured" in finding.reason
    assert finding.step is Step.NONE
