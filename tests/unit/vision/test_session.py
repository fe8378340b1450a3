"""A loaded encoder turns one image into one vector, the same one every time."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.encoders import (
    Encoder,
    Network,
    Outputs,
    Preprocessing,
    View,
    find_encoder,
    read_local_encoder,
)
from tagsmith.vision.pooling import pooled
from tagsmith.vision.session import EncoderSession, input_size, network_input
from tagsmith.vision.sources import HubFile, LocalFile
from unit.vision.image_files import quadrants
from unit.vision.onnx_files import KERNEL, described, network

WHITE = Image.new("RGB", (64, 64), (255, 255, 255))
COLOUR = (255, 127, 63)  # as the bundled encoders see it: 1, 0, -0.5
SIDES = st.integers(1, 20_000)
VIEWS = st.builds(
    lambda multiple, times, extra: size_view(multiple * times + extra, multiple=multiple),
    st.sampled_from([1, 14, 16, 32]),
    st.integers(4, 16),
    st.integers(0, 31),
)


def size_view(side, **preprocessing):
    source = LocalFile(Path("none.onnx"), "0" * 64)
    return View(Network("any", source, Outputs("embedding"), Preprocessing(**preprocessing)), side, 4)


def ideal_size(width, height, side):
    aspect = min(max(width / height, 0.25), 4)
    return side * aspect**0.5, side / aspect**0.5


def session(folder, content=b"", **facts):
    return EncoderSession(read_local_encoder(described(folder, content, **facts)), folder)


def unit(*values):
    return np.divide(values, np.linalg.norm(values))


@pytest.fixture(scope="module")
def standard(encoder_cache):
    return EncoderSession(find_encoder("standard"), encoder_cache)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    sizes = [(320, 320), (400, 90), (90, 400), (33, 47), (640, 480)]
    return [Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8)) for width, height in sizes]


def test_embedding_has_the_described_dimension(standard, pictures):
    vector = standard.encode(pictures[0])
    assert (vector.shape, vector.dtype) == ((find_encoder("standard").dimension,), np.float32)


def test_each_views_part_has_length_one(standard, pictures):
    parts = standard.encode(pictures[0]).reshape(2, 1280)
    np.testing.assert_allclose(np.linalg.norm(parts, axis=1), [1, 1], rtol=1e-5)


def test_different_pictures_have_different_embeddings(standard, pictures):
    vectors = np.stack([standard.encode(picture) for picture in (pictures[0], quadrants((64, 64)))])
    assert vectors[0] @ vectors[1] < 1.9


def test_same_picture_has_the_same_bits_whatever_came_before(standard, pictures):
    first = standard.encode(pictures[0]).tobytes()
    for picture in pictures[1:]:
        standard.encode(picture)
    assert standard.encode(pictures[0]).tobytes() == first


def test_same_picture_has_the_same_bits_in_another_session(standard, pictures, encoder_cache):
    other = EncoderSession(find_encoder("standard"), encoder_cache)
    assert other.encode(pictures[1]).tobytes() == standard.encode(pictures[1]).tobytes()


def test_same_picture_has_the_same_bits_from_two_threads_at_once(standard, pictures):
    alone = [standard.encode(picture).tobytes() for picture in pictures]
    start = threading.Barrier(2)

    def all_in(order):
        start.wait()
        return {index: standard.encode(pictures[index]).tobytes() for index in order}

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(all_in, [range(5), reversed(range(5))]))
    assert found == [dict(enumerate(alone))] * 2


def test_one_run_gives_embedding_and_feature_map(standard, pictures):
    sight = standard.look(pictures[0])
    assert sight.vector.tobytes() == standard.encode(pictures[0]).tobytes()
    assert sight.feature_map.shape[0] == 1280
    mean = np.sqrt(pooled(sight.feature_map, 0.35))
    assert mean / np.linalg.norm(mean) == pytest.approx(sight.vector[:1280], abs=1e-5)


def test_encoder_without_a_feature_map_gives_none(tmp_path):
    assert session(tmp_path).look(Image.new("RGB", (4, 4))).feature_map is None


def test_picture_is_left_as_it_was(standard):
    picture = quadrants((64, 48))
    standard.encode(picture)
    assert picture.tobytes() == quadrants((64, 48)).tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (5, 4)])
def test_picture_of_any_size_has_an_embedding(size, tmp_path):
    assert session(tmp_path).encode(Image.new("RGB", size, COLOUR)) == pytest.approx(unit(1, 0, -0.5, -1.5))


def test_channels_are_red_green_blue_scaled(tmp_path):
    view = read_local_encoder(described(tmp_path)).views[0]
    pixels = network_input(Image.new("RGB", (64, 64), COLOUR), view)
    assert (pixels.shape, pixels.dtype) == ((1, 3, 64, 64), np.float32)
    assert pixels[0, :, 5, 5].tolist() == [1, 0, -0.5]


def test_described_mean_and_std_are_used(tmp_path):
    view = read_local_encoder(described(tmp_path, mean=[5, 27, 60], std=[250, 50, 3])).views[0]
    assert network_input(Image.new("RGB", (9, 9), COLOUR), view)[0, :, 5, 5].tolist() == [1, 2, 1]


def test_picture_keeps_its_place(tmp_path):
    view = read_local_encoder(described(tmp_path)).views[0]
    picture = quadrants((64, 64))
    pixels = network_input(picture, view)[0].transpose(1, 2, 0) * 128 + 127
    assert np.abs(pixels - np.asarray(picture)).max() <= 1


@given(SIDES, SIDES, VIEWS)
def test_sides_are_multiples_near_the_ideal(width, height, view):
    multiple = view.network.preprocessing.multiple
    for found, ideal in zip(input_size(width, height, view), ideal_size(width, height, view.side), strict=True):
        assert found > 0
        assert found % multiple == 0
        assert abs(found - ideal) <= multiple / 2 + 1e-6


@given(SIDES, SIDES, VIEWS)
def test_turned_picture_has_a_turned_input(width, height, view):
    assert input_size(height, width, view) == input_size(width, height, view)[::-1]


@given(SIDES, SIDES)
def test_area_is_near_the_squared_side(width, height):
    found = np.prod(input_size(width, height, size_view(320)))
    assert 0.8 * 320**2 < found < 1.2 * 320**2


@given(SIDES, SIDES)
def test_input_of_a_squashing_encoder_is_square(width, height):
    assert input_size(width, height, size_view(224, keep_aspect=False)) == (224, 224)


def test_small_side_is_never_nothing():
    assert input_size(4, 1, size_view(16)) == (32, 32)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (384, 288)),
        ((3000, 4000), (288, 384)),
        ((500, 500), (320, 320)),
        ((4000, 1000), (640, 160)),
        ((10_000, 10), (640, 160)),
        ((10, 10_000), (160, 640)),
    ],
)
def test_aspect_is_kept_up_to_four_to_one(size, expected):
    assert input_size(*size, size_view(320)) == expected


def test_shortest_side_is_the_largest_views(standard, tmp_path):
    assert (standard.shortest_side, session(tmp_path).shortest_side) == (320, 64)


def test_first_token_stands_for_the_image(tmp_path):
    tokens = session(tmp_path, network(tokens=True), keep_aspect=False)
    picture = Image.new("RGB", (64, 64))
    picture.putpixel((0, 0), COLOUR)
    assert tokens.encode(picture) == pytest.approx(unit(1, 0, -0.5, -1.5))


def test_square_root_keeps_the_sign(tmp_path):
    kernel = np.array([[4, 0, 0], [0, -9, 0], [0, 0, 0], [1, 0, 0]], np.float32)
    assert session(tmp_path, network(kernel), square_root=True).encode(WHITE) == pytest.approx(unit(2, -3, 0, 1))


def test_embedding_of_nothing_is_zero(tmp_path):
    assert session(tmp_path).encode(Image.new("RGB", (64, 64), (127, 127, 127))).tolist() == [0, 0, 0, 0]


def test_views_stand_side_by_side(tmp_path):
    view = read_local_encoder(described(tmp_path)).views[0]
    rooted = replace(view.network, outputs=Outputs("embedding", square_root=True))
    both = EncoderSession(Encoder("both", (view, View(rooted, 96, 4))), tmp_path)
    expected = [*unit(1, 1, 1, -9), *unit(1, 1, 1, -3)]
    assert both.encode(WHITE) == pytest.approx(expected)


def test_id_of_a_downloaded_encoder_holds_its_digest(hub, tmp_path):
    hub.files["/owner/tiny/resolve/main/model.onnx"] = network()
    source = HubFile("owner/tiny", "model.onnx")
    source.download(tmp_path, hub.endpoint)
    encoder = Encoder("tiny", (View(Network("tiny", source, Outputs("embedding")), 64, 4),))
    loaded = EncoderSession(encoder, tmp_path)
    digest = hashlib.sha256(network()).hexdigest()
    assert encoder.id == "tiny@main/embedding:64px:aspect32:plain;fp32"
    assert loaded.encoder.id == f"tiny@{digest[:12]}/embedding:64px:aspect32:plain;fp32"
    assert loaded.encode(WHITE) == pytest.approx(unit(1, 1, 1, -9))


@pytest.mark.parametrize(
    ("content", "facts", "reason"),
    [
        (b"not a network", {}, "not an ONNX network that can be loaded"),
        (network()[:-20], {}, "not an ONNX network that can be loaded"),
        (b"", {"input": "x"}, r"its inputs are \['image'\], not 'x'"),
        (b"", {"output": "pooled"}, r"it has no output 'pooled'; there are \['embedding', 'map'\]"),
        (b"", {"feature_map": "maps"}, "it has no output 'maps'"),
        (b"", {"dimension": 5}, r"'embedding' gave \(1, 4\), not \(1, 5\)"),
        (b"", {"output": "map", "dimension": 5}, r"'map' gave \(1, 4\), not \(1, 5\)"),
        (network(tokens=True), {"dimension": 5}, r"'embedding' gave \(1, 4\), not \(1, 5\)"),
        (network(size=(64, 64)), {}, "cannot run on 96 x 32 pixels"),
        (network(np.full_like(KERNEL, np.inf)), {}, "'embedding' gave numbers that are not finite"),
    ],
)
def test_file_that_is_not_as_described_is_named_on_loading(content, facts, reason, tmp_path):
    with pytest.raises(EncoderError, match=rf"^{tmp_path}/tiny\.onnx: {reason}"):
        session(tmp_path, content, **facts)


def test_network_of_one_size_runs_where_the_image_is_squashed(tmp_path):
    fixed = session(tmp_path, network(size=(64, 64)), keep_aspect=False)
    assert fixed.encode(WHITE) == pytest.approx(unit(1, 1, 1, -9))


def test_weights_outside_the_file_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = described(tmp_path)
    onnx.save(onnx.load(file), file, save_as_external_data=True, location="tiny.data", size_threshold=0)
    onnx.checker.check_model(file)
    with pytest.raises(EncoderError, match=rf"^{file}: not an ONNX network that can be loaded .*tiny\.data"):
        EncoderSession(read_local_encoder(file), tmp_path)


def test_file_that_vanished_is_named(tmp_path):
    encoder = read_local_encoder(described(tmp_path))
    (tmp_path / "tiny.onnx").unlink()
    with pytest.raises(EncoderError, match=rf"^{tmp_path}/tiny\.onnx: "):
        EncoderSession(encoder, tmp_path)
