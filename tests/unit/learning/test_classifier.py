"""The estimator on vectors: scikit-learn's conventions, none of these, and independent tags."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tagsmith.errors import ExamplesError
from tagsmith.learning.classifier import TagClassifier, read_labels
from unit.learning.blobs import blobs, indicator, taught

NO_WARNING = "a column of labels is taken without a warning, whose class exists only where scikit-learn does"
REFUSED = {
    "a tag of one example": (["a", "a", "b"], {}, r"at least two of each tag \(b: 1\)"),
    "two tags of one example": (["a", "b", "c", "c"], {}, r"\(a: 1, b: 1\)"),
    "a single tag": (["a", "a", "a"], {}, "only one class is present: 1 class"),
    "too few labels": (["a", "a", "b", "b"], {"rows": 5}, r"inconsistent numbers of samples: \[5, 4\]"),
    "fractions": ([0.5, 0.5, 1.0, 1.0], {}, "Unknown label type: continuous"),
    "not a number": ([np.nan, np.nan, 1.0, 1.0], {}, "Unknown label type: continuous"),
    "a table without names": (np.eye(2)[[0, 0, 1, 1]], {}, r"should be a 1d array, got an array of shape \(4, 2\)"),
    "a cube": (np.zeros((2, 2, 2)), {"exclusive": False}, "should be a 1d array"),
    "two tags on an example": ([[1, 1], [1, 0], [0, 1]], {"names": ["a", "b"]}, "shows exactly one tag"),
    "no tag on an example": ([[0, 0], [1, 0], [0, 1]], {"names": ["a", "b"]}, "shows exactly one tag"),
    "too few names": ([[1, 0], [0, 1]], {"names": ["a"], "exclusive": False}, "1 names for 2 columns"),
    "a count": ([[2, 0], [0, 1]], {"exclusive": False}, "only 0 and 1"),
    "a tag of no example": ([[1, 0], [1, 0]], {"names": ["a", "b"], "exclusive": False}, r"\(b: 0\)"),
}
SETTINGS = {
    "penalty": (0.0, "penalty must be above 0"),
    "background_share": (-1.0, "background_share at least 0"),
    "target_precision": (1.1, "target_precision must be above 0 and at most 1, not 1.1"),
    "prevalence": (0.0, "prevalence must be above 0"),
}


def independent_tags():
    """Images that show each of three tags or not, by the sign of three of their dimensions."""
    rng = np.random.default_rng(0)
    Y = rng.random((60, 3)) < 0.4
    X = rng.normal(size=(60, 12))
    X[:, :3] += np.where(Y, 4, -4)
    return X, Y


def cluttered(rng, each, *, strange=0.0):
    """Images of six tags among strong distractions; `strange` is how much they show of something else."""
    labels = np.repeat(np.arange(6), each)
    X = rng.normal(size=(len(labels), 60))
    X[:, -10:] *= 6
    X[np.arange(len(labels)), labels] += 4
    X[:, 10:14] += strange
    return X, labels


@pytest.mark.req("A6e")
@pytest.mark.filterwarnings("ignore:.*does not inherit from `sklearn.base.BaseEstimator`")
def test_keeps_the_conventions_of_scikit_learn():
    check_estimator(TagClassifier(), expected_failed_checks={"check_supervised_y_2d": NO_WARNING}, on_skip=None)


@pytest.mark.req("A6e")
def test_column_of_labels_is_as_good_as_a_row():
    X, y = blobs()
    column = TagClassifier().fit(X, y[:, None])
    assert column.predict_proba(X).tolist() == taught().predict_proba(X).tolist()
    assert column.score(X, y[:, None]) == column.score(X, y)


@pytest.mark.req("A6e")
def test_clone_learns_the_same_anew():
    X, y = blobs()
    copy = clone(taught(penalty=2.0))
    with pytest.raises(NotFittedError):
        copy.predict(X)
    assert copy.fit(X, y).predict_proba(X).tolist() == taught(penalty=2.0).predict_proba(X).tolist()


@pytest.mark.req("A6e")
def test_works_at_the_end_of_a_pipeline():
    X, y = blobs()
    assert make_pipeline(StandardScaler(), TagClassifier()).fit(X, y).score(X, y) > 0.9


@pytest.mark.req("A6e")
def test_cross_validates():
    assert cross_val_score(TagClassifier(), *blobs(), cv=3).min() > 0.9


@pytest.mark.req("A6e")
def test_grid_search_tries_its_settings():
    search = GridSearchCV(TagClassifier(), {"penalty": [0.3, 1.0]}, cv=2).fit(*blobs())
    assert search.best_params_["penalty"] in (0.3, 1.0)


@pytest.mark.req("A6e")
def test_names_are_predicted_where_names_were_taught():
    X, y = blobs(2)
    names = np.array(["sandal", "boot"])[y]
    model = TagClassifier().fit(X, names)
    assert model.classes_.tolist() == ["boot", "sandal"]
    assert model.predict(X[[0, -1]]).tolist() == ["sandal", "boot"]


@pytest.mark.req("A6e")
def test_probabilities_agree_with_the_prediction():
    X, _ = blobs(seed=1, spread=3.0)
    model = taught()
    assert model.classes_[model.predict_proba(X).argmax(axis=1)].tolist() == model.predict(X).tolist()


def test_learning_twice_gives_the_same_bits():
    X, y = blobs(spread=3.0)
    first, second = (TagClassifier().fit(X, y, background=X[::-1]) for _ in range(2))
    assert first.predict_proba(X).tobytes() == second.predict_proba(X).tobytes()
    assert first.confidence(X).tobytes() == second.confidence(X).tobytes()
    assert first.thresholds_.tobytes() == second.thresholds_.tobytes()


def test_order_of_the_examples_does_not_matter():
    X, y = blobs(spread=3.0)
    order = np.random.default_rng(0).permutation(len(X))
    straight, shuffled = TagClassifier().fit(X, y), TagClassifier().fit(X[order], y[order])
    np.testing.assert_allclose(shuffled.predict_proba(X), straight.predict_proba(X), atol=1e-9)
    np.testing.assert_allclose(shuffled.confidence(X), straight.confidence(X), atol=0.0011)


@pytest.mark.req("M6a")
@pytest.mark.parametrize("seed", range(3))
def test_image_of_something_never_taught_gets_no_tag(seed):
    far, _ = blobs(8, 10, first=10, seed=seed)
    assert not taught().apply(far).any()


@pytest.mark.req("M6a")
def test_image_of_something_taught_gets_its_tag():
    X, y = blobs(each=50, seed=9)
    given = taught().apply(X)
    assert given.any(axis=1).mean() > 0.8
    assert (given.argmax(axis=1) == y)[given.any(axis=1)].mean() > 0.95


@pytest.mark.req("M6a")
def test_no_tag_for_something_never_taught_even_where_the_library_is_said_to_hold_nothing_else():
    X, y = blobs()
    model = TagClassifier(prevalence=1.0, target_precision=0.1).fit(X, y)
    assert not model.apply(blobs(8, 10, first=10)[0]).any()


@pytest.mark.req("M6a", "M6b")
def test_library_teaches_what_something_else_looks_like():
    rng = np.random.default_rng(0)
    X, y = cluttered(rng, 30)
    library = np.vstack([cluttered(rng, 50, strange=4.0)[0], cluttered(rng, 50)[0]])
    strangers, _ = cluttered(rng, 50, strange=4.0)
    images, _ = cluttered(rng, 50)
    without, informed = TagClassifier().fit(X, y), TagClassifier().fit(X, y, background=library)
    assert informed.apply(strangers).any(axis=1).sum() < 0.75 * without.apply(strangers).any(axis=1).sum()
    assert informed.apply(images).any(axis=1).sum() > 0.8 * without.apply(images).any(axis=1).sum()


def test_library_of_other_things_does_not_change_which_tag_is_best():
    X, y = blobs(spread=3.0)
    informed = TagClassifier().fit(X, y, background=blobs(6, 20, first=10)[0])
    assert informed.predict_proba(X) == pytest.approx(TagClassifier().fit(X, y).predict_proba(X), abs=0.001)


def test_large_library_is_sampled_evenly(monkeypatch):
    X, y = blobs(spread=3.0)
    library, _ = blobs(11, 1, first=10)
    sampled = TagClassifier().fit(X, y, background=library[::2]).confidence(X)
    monkeypatch.setattr("tagsmith.learning.classifier.BACKGROUND_LIMIT", 6)
    assert TagClassifier().fit(X, y, background=library).confidence(X).tolist() == sampled.tolist()


@pytest.mark.req("M5a")
def test_exclusive_model_gives_at_most_one_tag():
    X, y = blobs(spread=3.0)
    model = TagClassifier(target_precision=0.2).fit(X, y)
    assert model.confidence(X).astype(bool).sum(axis=1).max() > 1
    assert model.apply(X).sum(axis=1).max() == 1


@pytest.mark.req("M5b")
def test_independent_tags_add_up():
    X, Y = independent_tags()
    model = TagClassifier(exclusive=False).fit(X, Y)
    assert model.score(X, Y) > 0.8
    assert set(model.predict(X).sum(axis=1)) >= {0, 1, 2}


@pytest.mark.req("M5b")
def test_independent_tags_predict_what_applies():
    X, Y = independent_tags()
    model = TagClassifier(exclusive=False).fit(X, Y)
    assert model.predict(X).tolist() == model.apply(X).astype(int).tolist()
    assert model.predict_proba(X).tolist() == model.confidence(X).tolist()


@pytest.mark.req("M5b")
def test_independent_tags_may_be_given_as_one_label_each():
    X, y = blobs()
    model = TagClassifier(exclusive=False).fit(X, y)
    assert model.score(X, y) == model.score(X, indicator(y)) > 0.8


def test_columns_take_the_names_given():
    X, y = blobs(3)
    model = TagClassifier().fit(X, indicator(y), classes=["c", "a", "b"])
    assert model.classes_.tolist() == ["c", "a", "b"]
    assert model.predict(X[[0, -1]]).tolist() == ["c", "b"]
    assert model.score(X, indicator(y)) == 1


@pytest.mark.req("M11a")
def test_quality_is_that_of_examples_not_seen():
    X, y = blobs(each=8, spread=5.0)
    model = TagClassifier().fit(X, y)
    out_of_sample = model.quality_.choice.value
    assert out_of_sample < model.score(X, y)
    assert out_of_sample == pytest.approx(model.score(*blobs(each=200, spread=5.0, seed=1)), abs=0.12)


@pytest.mark.req("M11a")
def test_quality_names_the_tags():
    X, y = blobs(2)
    quality = TagClassifier().fit(X, np.array(["sandal", "boot"])[y]).quality_
    assert [(tag.tag, tag.examples) for tag in quality.tags] == [("boot", 12), ("sandal", 12)]


@pytest.mark.req("M11a")
def test_judge_counts_images_without_a_tag_as_strangers():
    model = taught()
    X, y = blobs(5, 3)
    quality = model.judge(X, indicator(y)[:, :4])
    assert (quality.images, quality.strangers) == (15, 3)
    assert quality.choice.trials == 12


@pytest.mark.req("M11b")
def test_higher_target_precision_never_lowers_a_threshold():
    X, y = blobs(spread=4.0)
    low, high = (TagClassifier(target_precision=target).fit(X, y).thresholds_ for target in (0.6, 0.95))
    assert (np.nan_to_num(high, nan=2) >= np.nan_to_num(low, nan=2)).all()
    assert np.nan_to_num(high, nan=2).sum() > np.nan_to_num(low, nan=2).sum()


@pytest.mark.req("M11b")
def test_tags_that_cannot_be_told_apart_are_never_applied():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 8))
    model = TagClassifier(target_precision=0.95).fit(X, np.arange(40) % 2)
    assert np.isnan(model.thresholds_).all()
    assert {tag.support for tag in model.quality_.tags} == {"target precision not reached"}
    assert not model.apply(X).any()


@pytest.mark.req("M11b")
def test_few_examples_are_not_enough_evidence():
    quality = TagClassifier().fit(*blobs(2, 3)).quality_
    assert {tag.support for tag in quality.tags} == {"not enough evidence"}


def test_identical_examples_are_borne():
    model = TagClassifier().fit(np.ones((8, 3)), np.arange(8) % 2)
    np.testing.assert_allclose(model.predict_proba(np.ones((1, 3))), 0.5)


@pytest.mark.req("A6e")
def test_other_number_of_dimensions_is_refused():
    with pytest.raises(ExamplesError, match="X has 3 features, but TagClassifier is expecting 32"):
        taught().predict(np.ones((1, 3)))


def test_library_of_other_dimensions_is_refused():
    X, y = blobs()
    with pytest.raises(ExamplesError, match="X has 3 features"):
        TagClassifier().fit(X, y, background=np.ones((1, 3)))


@pytest.mark.req("A6e")
@pytest.mark.parametrize("name", SETTINGS)
def test_impossible_setting_is_refused_by_fit(name):
    value, reason = SETTINGS[name]
    with pytest.raises(ValueError, match=reason):
        TagClassifier(**{name: value}).fit(*blobs())


@pytest.mark.req("A6e")
@pytest.mark.parametrize("what", REFUSED)
def test_labels_that_teach_nothing_are_refused(what):
    y, settings, reason = REFUSED[what]
    with pytest.raises(ExamplesError, match=reason):
        read_labels(y, **{"rows": len(y), "exclusive": True, **settings})


@pytest.mark.req("M6a")
def test_library_that_hardly_shows_the_tags_makes_them_rarer():
    rng = np.random.default_rng(0)
    X, y = cluttered(rng, 30)
    strange, shown = cluttered(rng, 50, strange=4.0)[0], cluttered(rng, 50)[0]
    few, many = (
        TagClassifier().fit(X, y, background=library) for library in (strange, np.vstack([shown, strange[:50]]))
    )
    assert few.prevalence_ < 0.1
    assert many.prevalence_ > 0.6
    assert few.apply(shown).any(axis=1).mean() < many.apply(shown).any(axis=1).mean()


def test_prevalence_that_is_said_is_not_estimated():
    X, y = blobs(spread=3.0)
    assert TagClassifier(prevalence=0.3).fit(X, y, background=blobs(6, 20, first=10)[0]).prevalence_ == 0.3
    assert TagClassifier().fit(X, y).prevalence_ == 0.5


@pytest.mark.req("M6c")
def test_rejected_images_lower_the_confidence_of_images_like_them():
    rng = np.random.default_rng(3)
    X, y = cluttered(rng, 20)
    refused = X[y == y[0]][:1] + rng.normal(scale=0.1, size=(8, X.shape[1])) + 1.0
    alike = X[y == y[0]][:1] + rng.normal(scale=0.1, size=(20, X.shape[1])) + 1.0
    before, after = TagClassifier().fit(X, y), TagClassifier().fit(X, y, rejected=refused)
    assert (
        after.scorer_.presence.scores(alike).max(axis=1).mean()
        < before.scorer_.presence.scores(alike).max(axis=1).mean()
    )
    assert after.confidence(alike).mean() < before.confidence(alike).mean()


@pytest.mark.req("M11c")
def test_tags_are_suggested_from_where_they_are_more_likely_right_than_wrong():
    X, y = cluttered(np.random.default_rng(0), 30)
    model = TagClassifier().fit(X, y)
    assert (model.suggest_thresholds_ <= model.thresholds_).all()
    assert (model.suggest_thresholds_ >= 0.5).all()
    assert (TagClassifier(suggest_precision=0.9).fit(X, y).suggest_thresholds_ == model.thresholds_).all()
