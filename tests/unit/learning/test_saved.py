"""A trained tag model comes back from its file as it was, and a file whose parts do not fit is refused."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from tagsmith.errors import ModelFileError
from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.examples import Examples
from tagsmith.learning.saved import SavedModel, read_saved, write_saved
from unit.learning.blobs import blobs, indicator
from unit.learning.model_files import read_model_file, write_model_file

TAGS = ["boot", "clog", "fruit/äpple", "sandal"]
ARRAYS = (
    "centres",
    "choice.bias",
    "choice.weights",
    "coefficients",
    "example_counts",
    "example_vectors",
    "intercepts",
    "presence.bias",
    "presence.weights",
    "scalars",
    "suggest_thresholds",
    "thresholds",
    "typical",
)
DOCUMENT = ("encoder", "encoder_name", "examples", "quality", "settings", "tags")
MISFITS = {
    "another tag": ("tags", [*TAGS, "more"]),
    "no tags": ("tags", []),
    "tags that are a number": ("tags", 4),
    "unknown setting": ("settings", {"depth": 3}),
    "settings that are a list": ("settings", []),
    "independent tags": ("settings", {"exclusive": False}),
    "quality of nothing": ("quality", {}),
    "quality that is a list": ("quality", [1]),
    "an example fewer": ("examples", [["a"] * 12, ["b"] * 12, ["c"] * 12, ["d"] * 11]),
    "examples of a tag fewer": ("examples", [["a"] * 12, ["b"] * 12, ["c"] * 12]),
    "examples that are numbers": ("examples", [[1] * 12] * 4),
}


def model(*, exclusive=True):
    X, labels = blobs(4, 12, spread=2.0)
    classifier = TagClassifier(exclusive=exclusive, target_precision=0.8, penalty=0.7)
    classifier.fit(X, indicator(labels), classes=TAGS)
    names = {tag: [Path(f"{tag}/{number}.png") for number in range(12)] for tag in TAGS}
    vectors = {tag: X[labels == code].astype(np.float32) for code, tag in enumerate(TAGS)}
    return SavedModel("tiny@1;fp32", "tiny", classifier, Examples(names, vectors))


@pytest.fixture(params=[True, False], ids=["exclusive", "independent"])
def pair(tmp_path, request):
    """A model before and after it was saved."""
    saved = model(exclusive=request.param)
    write_saved(tmp_path / "model", saved)
    return saved, read_saved(tmp_path / "model")


@pytest.fixture
def path(tmp_path):
    write_saved(tmp_path / "model", model())
    return tmp_path / "model"


def rewrite(path, document=(), arrays=()):
    """Change parts of the file, with a checksum that fits; a part of None is left out."""
    old_document, old_arrays = read_model_file(path)
    parts = ({**old_document, **dict(document)}, {**old_arrays, **dict(arrays)})
    write_model_file(path, *({name: part for name, part in whole.items() if part is not None} for whole in parts))


def refused(path):
    with pytest.raises(ModelFileError, match="its parts do not fit together"):
        read_saved(path)


@pytest.mark.req("M15a")
def test_scores_come_back_bit_for_bit(pair):
    before, after = (saved.classifier for saved in pair)
    X, _ = blobs(6, 20, seed=1, spread=2.0)
    assert after.predict_proba(X).tobytes() == before.predict_proba(X).tobytes()
    assert after.confidence(X).tobytes() == before.confidence(X).tobytes()
    assert after.apply(X).tolist() == before.apply(X).tolist()
    assert after.predict(X).tolist() == before.predict(X).tolist()


@pytest.mark.req("M15a")
def test_tags_settings_and_thresholds_come_back(pair):
    before, after = (saved.classifier for saved in pair)
    assert after.classes_.tolist() == TAGS
    assert after.get_params() == before.get_params()
    assert after.thresholds_.tobytes() == before.thresholds_.tobytes()


@pytest.mark.req("M15a", "M11a")
def test_quality_comes_back(pair):
    before, after = (asdict(saved.classifier.quality_) for saved in pair)
    assert after.pop("confusion").tolist() == before.pop("confusion").tolist()
    assert after == before


@pytest.mark.req("M15a")
def test_teaching_vectors_come_back_in_half_precision(pair):
    before, after = (saved.examples for saved in pair)
    assert after.names == {tag: [Path(name.name) for name in before.names[tag]] for tag in TAGS}  # without folders
    assert after.tags == TAGS
    for tag in TAGS:
        np.testing.assert_allclose(after.vectors[tag], before.vectors[tag], rtol=1e-3, atol=1e-3)


@pytest.mark.req("M15a")
def test_encoder_comes_back(pair):
    _, after = pair
    assert (after.encoder_id, after.encoder_name) == ("tiny@1;fp32", "tiny")


@pytest.mark.req("M15a", "M11b")
def test_tag_that_is_never_applied_stays_so(tmp_path):
    saved = model()
    saved.classifier.thresholds_[1] = np.nan
    write_saved(tmp_path / "model", saved)
    assert np.isnan(read_saved(tmp_path / "model").classifier.thresholds_).tolist() == [False, True, False, False]


@pytest.mark.req("M15b")
def test_any_changed_byte_is_refused_or_changes_nothing(path):
    X, _ = blobs(spread=2.0)
    whole, scores = path.read_bytes(), read_saved(path).classifier.predict_proba(X).tobytes()
    rng = np.random.default_rng(0)
    refusals = 0
    for position in rng.integers(0, len(whole), 300):
        changed = bytearray(whole)
        changed[position] ^= rng.integers(1, 256)
        path.write_bytes(changed)
        try:
            assert read_saved(path).classifier.predict_proba(X).tobytes() == scores
        except ModelFileError:
            refusals += 1
    assert refusals > 270


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", ARRAYS)
def test_missing_array_is_refused(path, name):
    rewrite(path, arrays={name: None})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", ARRAYS)
def test_array_with_a_row_fewer_is_refused(path, name):
    rewrite(path, arrays={name: read_model_file(path)[1][name][:-1]})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", ARRAYS)
def test_array_of_one_number_is_refused(path, name):
    rewrite(path, arrays={name: np.array(1.0)})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", ["centres", "choice.weights", "presence.weights", "example_vectors"])
def test_array_of_fewer_dimensions_is_refused(path, name):
    rewrite(path, arrays={name: read_model_file(path)[1][name][:, :-1]})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", sorted(set(ARRAYS) - {"example_counts", "example_vectors"}))
def test_array_of_another_precision_is_refused(path, name):
    rewrite(path, arrays={name: read_model_file(path)[1][name].astype(np.float32)})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(path, number):
    weights = read_model_file(path)[1]["choice.weights"].copy()
    weights[0, 0] = number
    rewrite(path, arrays={"choice.weights": weights})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("name", DOCUMENT)
def test_missing_part_of_the_document_is_refused(path, name):
    rewrite(path, document={name: None})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize("what", MISFITS)
def test_document_that_does_not_fit_the_arrays_is_refused(path, what):
    name, value = MISFITS[what]
    rewrite(path, document={name: value})
    refused(path)


@pytest.mark.req("M15b")
def test_number_too_large_to_count_is_refused(path):
    quality = read_model_file(path)[0]["quality"]
    rewrite(path, document={"quality": {**quality, "confusion": [[10**30]]}})
    refused(path)


@pytest.mark.req("M15b")
@pytest.mark.parametrize(("name", "reason"), [("nowhere", "No such file or directory"), (".", "Is a directory")])
def test_file_that_cannot_be_opened_is_refused(tmp_path, name, reason):
    with pytest.raises(ModelFileError) as raised:
        read_saved(tmp_path / name)
    assert str(raised.value) == f"{tmp_path / name}: {reason}"
