from types import SimpleNamespace

import pytest

from tagsmith.learning.quality import Share, TagQuality
from tagsmith.learning.thresholds import Support
from tagsmith.reports.training import _row, reason_in_words

VERSION = SimpleNamespace(model=SimpleNamespace(title="Shoes", target_precision=0.9), number=1)


def row(*, examples=30, threshold=0.7, support=Support.ENOUGH, recall=(20, 30), confused=""):
    quality = TagQuality("boot", examples, threshold, Share(19, 20), Share(*recall), 0.9, support)
    return _row(VERSION, "default:boot", quality, confused)


@pytest.mark.req("R2a")
def test_tag_with_enough_examples_precision_and_recall_is_trained():
    for one in (row(), row(examples=10), row(recall=(15, 30)), row(support=Support.THIN)):
        assert one["state"] == "good"
        assert reason_in_words(one) == ""


@pytest.mark.req("R2a")
@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"examples": 9}, "1 more different example is needed."),
        ({"examples": 7}, "3 more different examples are needed."),
        ({"threshold": None}, "A precision of 90% is not reached."),
        ({"support": Support.NONE}, "A precision of 90% is not reached."),
        ({"recall": (14, 30)}, "Fewer than half of its images would be found."),
        ({"recall": (0, 0)}, "Fewer than half of its images would be found."),
    ],
)
def test_tag_that_lacks_something_is_not_completely_trained_and_says_what_to_add(lacking, said):
    one = row(**lacking)
    assert one["state"] == "fair"
    assert reason_in_words(one).startswith(said)


def test_tag_that_is_taken_for_another_names_it():
    assert "taken for default:hat" in reason_in_words(row(threshold=None, confused="default:hat"))
