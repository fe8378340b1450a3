"""Each kind of advice on made-up embeddings in which one fault was planted."""

import numpy as np
import pytest

from tagsmith.learning.examples import Limits
from tagsmith.learning.findings import Chosen, Kind, OtherModel, Step
from tagsmith.learning.guidelines import check
from tagsmith.vision.measures import Measures
from unit.learning.blobs import blobs, indicator, taught

GOOD = Measures(sharpness=0.5, brightness=0.8, detail=0.4, attended=0.5, extent=0.35, off_centre=0.05)
TAGS = ["bag", "boot", "hat", "sock"]


def chosen(X, Y, *, tags=TAGS, exclusive=True):
    measures = np.tile(np.array(GOOD), (len(X), 1))
    return Chosen(tags, range(100, 100 + len(X)), X.astype(np.float32), Y, measures, np.full(len(X), 400.0), exclusive)


def found(kind, X, Y, *, others=(), **settings):
    return [finding for finding in check(chosen(X, Y, **settings), Limits(), others) if finding.kind is kind]


def faultless(each=30):
    X, labels = blobs(each=each)
    return X, indicator(labels)


def test_faultless_examples_need_no_advice():
    assert check(chosen(*faultless()), Limits()) == []


@pytest.mark.req("M8a")
@pytest.mark.parametrize(
    ("count", "said", "remedy"),
    [
        (0, "0 different examples; a tag needs 10", "add at least 10 more, better 30"),
        (1, "1 different example; a tag needs 10", "add at least 9 more, better 29"),
        (12, "12 different examples; 30 teach better", "add 18 more if you have them"),
        (52, "52 different examples; a tag takes 50", "drop 2, the most alike first"),
    ],
)
def test_count_out_of_bounds_is_named(count, said, remedy):
    X, Y = faultless(60)
    kept = np.ones(len(X), bool)
    kept[:60] = np.arange(60) < count
    [*_, finding] = [one for one in found(Kind.QUANTITY, X[kept], Y[kept]) if one.tag == "bag"]
    assert (finding.reason, finding.remedy) == (said, remedy)


@pytest.mark.req("M8a")
def test_model_without_any_example_is_checked():
    findings = check(chosen(np.empty((0, 32)), np.empty((0, 4), bool)), Limits())
    assert [(finding.kind, finding.tag) for finding in findings] == [(Kind.QUANTITY, tag) for tag in TAGS]


@pytest.mark.req("M8b")
def test_image_of_another_tag_is_to_be_moved_there():
    X, Y = faultless()
    X[3] = np.roll(X[3], 2)  # looks like the third tag
    [finding] = found(Kind.COHERENCE, X, Y)
    assert (finding.tag, finding.images, finding.step, finding.other) == ("bag", (103,), Step.MOVE, "hat")
    assert finding.reason == "unlike the rest of its tag, and like hat"


@pytest.mark.req("M8b")
def test_image_unlike_every_tag_is_to_be_dropped():
    X, Y = faultless()
    X[3] = 0
    X[3, [20, 30]] = 7  # what no tag has
    [finding] = found(Kind.COHERENCE, X, Y)
    assert (finding.tag, finding.images, finding.step) == ("bag", (103,), Step.DROP)


@pytest.mark.req("M8c")
def test_look_with_few_examples_is_named():
    X, Y = faultless()
    X[[4, 9, 20], 30] += 9
    [finding] = found(Kind.COVERAGE, X, Y)
    assert (finding.tag, finding.images, finding.step) == ("bag", (104, 109, 120), Step.CHOOSE)
    assert finding.reason == "a kind of look with 3 examples; one is learned from about 5"


@pytest.mark.req("M8c")
def test_examples_that_are_all_alike_lack_variety():
    X, labels = blobs(each=30, spread=1.0)
    X[:30] = 0.5 * (X[:30] - X[:30].mean(axis=0)) + X[:30].mean(axis=0)
    findings = found(Kind.COVERAGE, X, indicator(labels))
    assert [(finding.tag, finding.reason) for finding in findings] == [("bag", "all examples look much alike")]


@pytest.mark.req("M8e")
def test_image_that_shows_two_tags_is_ambiguous():
    X, Y = faultless()
    X[3] = X[:30].mean(axis=0) + X[60:90].mean(axis=0)
    [finding] = found(Kind.COMPLETENESS, X, Y)
    assert (finding.tag, finding.images, finding.step, finding.other) == ("bag", (103,), Step.DROP, "hat")


@pytest.mark.req("M8e")
def test_where_tags_do_not_exclude_each_other_the_second_is_to_be_added():
    X, Y = faultless()
    X[60:75, 0] += 7  # half of the hats are bags too
    Y[60:75, 0] = True
    Y[70, 0] = False
    [finding] = found(Kind.COMPLETENESS, X, Y, exclusive=False)
    assert (finding.tag, finding.images, finding.step, finding.other) == ("hat", (170,), Step.ADD, "bag")


@pytest.mark.req("M8e")
def test_image_that_a_tag_of_another_model_fits_is_to_be_added_there():
    X, Y = faultless()
    model = taught()
    settled = np.zeros((len(X), 4), bool)
    settled[30] = True  # a person has said so already, or that it is not so
    other = OtherModel("Wear", ["left", "boots", "up", "down"], model.scorer_, np.array([2, 0.5, 2, 2.0]), settled)
    [finding] = found(Kind.COMPLETENESS, X, Y, others=[other])
    assert (finding.tag, finding.step, finding.other, finding.other_model) == ("boot", Step.ADD, "boots", "Wear")
    assert finding.reason == "boots of 'Wear' fits it too"
    assert len(finding.images) > 20
    assert 130 not in finding.images


@pytest.mark.req("M8f")
def test_tags_that_cannot_be_told_apart_conflict():
    X, Y = faultless(20)
    Y[60:, 3] = False
    Y[40:, 2] = False
    rows = np.arange(40, 80)
    X[rows] = blobs(tags=1, each=40, first=2, seed=3)[0]
    Y[rows[::2], 2] = Y[rows[1::2], 3] = True
    [finding] = found(Kind.CONFLICT, X, Y)
    assert (finding.tag, finding.other, finding.step) == ("hat", "sock", Step.RETHINK)
    assert "hard to tell from sock" in finding.reason
    assert found(Kind.COHERENCE, X, Y) == []


@pytest.mark.req("M8f")
def test_nearly_the_same_image_under_two_tags_conflicts():
    X, Y = faultless()
    X[40] = 1.01 * X[3]
    [finding] = found(Kind.CONFLICT, X, Y)
    assert (finding.tag, finding.other, finding.images, finding.step) == ("bag", "boot", (103, 140), Step.DROP)


@pytest.mark.req("M8f")
def test_tag_that_another_live_model_teaches_conflicts():
    X, Y = faultless()
    model = taught()
    never = np.full(4, np.nan)
    other = OtherModel("Wear", ["a", "boot", "c", "d"], model.scorer_, never, np.zeros((len(X), 4), bool))
    [finding] = found(Kind.CONFLICT, X, Y, others=[other])
    assert (finding.tag, finding.other_model) == ("boot", "Wear")


@pytest.mark.req("M8g")
def test_near_duplicates_count_once():
    X, Y = faultless()
    X[[7, 9]] = X[3], X[3] * 2
    [quality] = found(Kind.QUALITY, X, Y)
    assert quality.images == (107, 109)
    [quantity] = found(Kind.QUANTITY, X, Y)
    assert quantity.reason == "28 different examples; 30 teach better"


@pytest.mark.req("M8h")
def test_advice_on_few_examples_holds_no_image_against_another():
    X, Y = faultless(4)
    assert {finding.kind for finding in check(chosen(X, Y), Limits())} == {Kind.QUANTITY}
