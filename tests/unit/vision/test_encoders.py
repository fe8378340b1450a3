"""An encoder's id names all that changes a vector, and a local encoder is read or refused by field."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tagsmith.errors import EncoderError
from tagsmith.vision.encoders import (
    DEFAULT_ENCODER,
    ENCODERS,
    FAST_ENCODER,
    Encoder,
    Network,
    Outputs,
    Preprocessing,
    View,
    find_encoder,
    read_local_encoder,
)
from tagsmith.vision.sources import BundledWeights, HubFile, LocalFile
from unit.vision.onnx_files import FACTS, described, network

IDS = {  # embeddings in people's libraries carry these: a new one makes every library embed anew
    "standard": "efficientnet-lite2@9656183eaeaf-2/feature_map:320px:aspect32:sqrt:centre0.35"
    "+efficientnet-lite0@579344248a93-2/feature_map:320px:aspect32:sqrt:centre0.35;fp32",
    "fast": "efficientnet-lite0@579344248a93-2/feature_map:224px:aspect32:sqrt;fp32",
}
SOURCE = LocalFile(Path("here.onnx"), "ab" * 32)
NETWORK = Network("tiny", SOURCE, Outputs("embedding"))
CHANGES = {
    "name": {"name": "small"},
    "weights": {"source": replace(SOURCE, sha256="cd" * 32)},
    "output": {"outputs": Outputs("pooled")},
    "square root": {"outputs": Outputs("embedding", square_root=True)},
    "centre": {"outputs": Outputs("embedding", centre=0.5)},
    "aspect": {"preprocessing": Preprocessing(keep_aspect=False)},
    "multiple": {"preprocessing": Preprocessing(multiple=16)},
    "red mean": {"preprocessing": Preprocessing(mean=(126.0, 127.0, 127.0))},
    "blue mean": {"preprocessing": Preprocessing(mean=(127.0, 127.0, 127.00001))},
    "std": {"preprocessing": Preprocessing(std=(128.0, 127.0, 128.0))},
    "mean as std": {"preprocessing": Preprocessing(mean=(128.0, 128.0, 128.0), std=(127.0, 127.0, 127.0))},
}
UNSEEN = {
    "input's name": {"input": "pixel_values"},
    "licence": {"licence": "MIT"},
    "feature map": {"outputs": Outputs("embedding", "map")},
    "place of the file": {"source": replace(SOURCE, path=Path("there.onnx"))},
    "multiple of a square": {"preprocessing": Preprocessing(keep_aspect=False, multiple=16)},
}
WRONG = {
    "name": [5, None, "", "two words", "a+b", "a@b", "a:b", "a/b", "a;b"],
    "side": ["64", 64.0, True, 0, -1, [64]],
    "dimension": ["4", 4.5, True, 0],
    "multiple": ["32", 0, False],
    "output": [1, None, ["embedding"]],
    "input": [1],
    "feature_map": [False],
    "licence": [["MIT"]],
    "square_root": [1, "true"],
    "keep_aspect": [0, "no"],
    "mean": [
        127,
        "127",
        [127, 127],
        [1, 2, 3, 4],
        ["1", "2", "3"],
        [True, 1, 1],
        [float("nan"), 1, 1],
        [10**400, 1, 1],
    ],
    "std": [1, [], [1, 1], [1, 0, 1], [1, -1, 1], [float("inf"), 1, 1], [1e-300, 1, 1], {"r": 1, "g": 1, "b": 1}],
}


def encoder_id(network=NETWORK, side=64, dimension=4):
    return Encoder("any", (View(network, side, dimension),)).id


def refusal(file):
    with pytest.raises(EncoderError) as raised:
        read_local_encoder(file)
    return str(raised.value)


@pytest.mark.parametrize("name", IDS)
def test_id_stays_what_it_is(name):
    assert find_encoder(name).id == IDS[name]


def test_ids_differ():
    assert len({encoder.id for encoder in ENCODERS}) == len({encoder.name for encoder in ENCODERS}) == len(ENCODERS)


@pytest.mark.parametrize("what", CHANGES)
def test_change_of_the_network_changes_the_id(what):
    assert encoder_id(replace(NETWORK, **CHANGES[what])) != encoder_id()


def test_changes_of_the_network_have_different_ids():
    ids = {encoder_id(replace(NETWORK, **change)) for change in CHANGES.values()}
    assert len(ids) == len(CHANGES)


def test_change_of_the_size_changes_the_id():
    assert encoder_id(side=96) != encoder_id()


def test_small_change_of_a_mean_changes_the_id():
    first, second = (Preprocessing(mean=(red, 116.28, 103.53)) for red in (123.675, 123.67501))
    assert encoder_id(replace(NETWORK, preprocessing=first)) != encoder_id(replace(NETWORK, preprocessing=second))


def test_change_of_the_revision_changes_the_id():
    first, second = (replace(NETWORK, source=HubFile("owner/tiny", "m.onnx", name)) for name in ("v1", "v2"))
    assert encoder_id(first) != encoder_id(second)


def test_change_of_the_bundled_weights_changes_the_id():
    first, second = (
        replace(NETWORK, source=BundledWeights("package", "w.pth", digit * 64, 1.0)) for digit in ("0", "1")
    )
    assert encoder_id(first) != encoder_id(second)


def test_change_of_the_built_graph_changes_the_id(monkeypatch):
    before = find_encoder("fast").id
    monkeypatch.setattr("tagsmith.vision.sources.GRAPH_FORMAT", 0)
    assert find_encoder("fast").id != before


def test_order_and_number_of_views_change_the_id():
    small, large = View(NETWORK, 64, 4), View(NETWORK, 96, 4)
    ids = {Encoder("any", views).id for views in [(small,), (large,), (small, large), (large, small), (small, small)]}
    assert len(ids) == 5


@pytest.mark.parametrize("what", UNSEEN)
def test_what_leaves_the_vector_alone_leaves_the_id_alone(what):
    changed = replace(NETWORK, **UNSEEN[what])
    square = replace(NETWORK, preprocessing=Preprocessing(keep_aspect=changed.preprocessing.keep_aspect))
    assert encoder_id(changed) == encoder_id(square)


def test_name_and_note_of_an_encoder_are_not_in_its_id():
    views = (View(NETWORK, 64, 4),)
    assert Encoder("one", views, "a note").id == Encoder("two", views).id


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_embedding_fits_a_row_of_the_database(encoder):
    assert 0 < encoder.dimension < 4000


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_encoder_names_its_licence(encoder):
    assert encoder.licence


def test_licences_of_all_views_are_named_once():
    other = replace(NETWORK, licence="MIT")
    views = tuple(View(network, 64, 4) for network in (other, NETWORK, NETWORK))
    assert Encoder("any", views).licence == "Apache-2.0, MIT"


def test_dimension_is_the_sum_of_the_views():
    assert Encoder("any", (View(NETWORK, 64, 4), View(NETWORK, 96, 5))).dimension == 9


@pytest.mark.parametrize("name", [DEFAULT_ENCODER, FAST_ENCODER])
def test_bundled_encoder_needs_no_network(name):
    assert all(isinstance(view.network.source, BundledWeights) for view in find_encoder(name).views)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_encoder_is_found_by_name_and_by_id(encoder):
    assert find_encoder(encoder.name) is find_encoder(encoder.id) is encoder


def test_unknown_encoder_is_answered_with_the_known_ones():
    with pytest.raises(EncoderError, match=r"no encoder 'best'; there are standard, fast, .*\.onnx file"):
        find_encoder("best")


def test_local_encoder_is_found_by_its_file(tmp_path):
    file = described(tmp_path)
    assert find_encoder(str(file)) == read_local_encoder(file)


def test_local_encoder_has_defaults(tmp_path):
    file = described(tmp_path)
    expected = Network("tiny", LocalFile.of(file), Outputs("embedding"), licence="unknown")
    assert read_local_encoder(file).views == (View(expected, 64, 4),)


def test_every_field_of_a_local_encoder_is_read(tmp_path):
    file = described(
        tmp_path,
        input="x",
        feature_map="map",
        square_root=True,
        keep_aspect=False,
        multiple=14,
        mean=[1, 2.5, 3],
        std=[4, 5, 6.5],
        licence="MIT",
    )
    expected = Network(
        "tiny",
        LocalFile.of(file),
        Outputs("embedding", "map", square_root=True),
        Preprocessing(keep_aspect=False, multiple=14, mean=(1.0, 2.5, 3.0), std=(4.0, 5.0, 6.5)),
        "x",
        "MIT",
    )
    assert read_local_encoder(file).views == (View(expected, 64, 4),)


def test_other_content_of_a_local_file_has_another_id(tmp_path):
    before = read_local_encoder(described(tmp_path)).id
    assert read_local_encoder(described(tmp_path, network(tokens=True))).id != before


@pytest.mark.parametrize("field", FACTS)
def test_missing_field_is_named(field, tmp_path):
    file = described(tmp_path, **{field: None})
    assert refusal(file) == f"{file.with_suffix('.json')}: the field {field!r} is missing"


def test_unknown_field_is_named(tmp_path):
    file = described(tmp_path, width=64)
    assert refusal(file).startswith(
        f"{file.with_suffix('.json')}: the field 'width' is unknown; there are name, side, "
    )


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_wrong_field_is_named(field, value, tmp_path):
    file = described(tmp_path)
    file.with_suffix(".json").write_text(json.dumps(FACTS | {field: value}), encoding="utf-8")
    assert refusal(file).startswith(f"{file.with_suffix('.json')}: the field {field!r} must be ")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"text"', b"null", b"\xff\xfe", b"[" * 3])
def test_json_that_describes_nothing_is_named(content, tmp_path):
    file = described(tmp_path)
    file.with_suffix(".json").write_bytes(content)
    assert refusal(file).startswith(f"{file.with_suffix('.json')}: ")


def test_missing_json_is_named(tmp_path):
    file = described(tmp_path)
    file.with_suffix(".json").unlink()
    assert refusal(file) == f"{file.with_suffix('.json')}: No such file or directory; it must describe tiny.onnx"


def test_missing_network_is_named(tmp_path):
    file = described(tmp_path)
    file.unlink()
    assert refusal(file) == f"{file}: No such file or directory"
