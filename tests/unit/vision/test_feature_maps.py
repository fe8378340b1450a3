"""The last feature map of each view: pooled it makes the embedding, or the encoder says that it does not."""

import numpy as np
import pytest
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.pooling import cell_weights, pooled
from tagsmith.vision.session import EncoderSession
from unit.vision.image_files import quadrants
from unit.vision.onnx_files import network
from unit.vision.test_session import session

PICTURE = quadrants((96, 64))


@pytest.mark.req("M14b")
@pytest.mark.parametrize(("name", "centre"), [("standard", 0.35), ("fast", 0)])
def test_embedding_is_made_from_the_weighted_means_of_the_feature_maps(name, centre, encoder_cache):
    loaded = EncoderSession(find_encoder(name), encoder_cache)
    parts = []
    for cells in loaded.feature_maps(PICTURE):
        _, rows, columns = cells.shape
        part = np.sqrt((cells * cell_weights(rows, columns, centre)).sum(axis=(1, 2)))
        parts.append(part / np.linalg.norm(part))
    np.testing.assert_allclose(np.concatenate(parts), loaded.encode(PICTURE), atol=1e-5)


def test_feature_map_has_the_shape_of_the_image(encoder_cache):
    (cells,) = EncoderSession(find_encoder("fast"), encoder_cache).feature_maps(Image.new("RGB", (400, 200)))
    assert cells.shape == (1280, 5, 10)


def test_encoder_without_a_feature_map_is_refused(tmp_path):
    with pytest.raises(EncoderError, match=r"^tiny: it has no feature map"):
        session(tmp_path).feature_maps(PICTURE)


def test_feature_map_that_is_not_what_the_embedding_is_made_from_is_refused(tmp_path):
    with pytest.raises(EncoderError, match=r"^tiny: its embedding is not the mean of its feature map$"):
        session(tmp_path, network(tokens=True), feature_map="map").feature_maps(PICTURE)


def test_without_a_centre_all_cells_weigh_the_same():
    assert cell_weights(2, 5, 0).tolist() == [[0.1] * 5] * 2


def test_weights_are_a_gaussian_in_units_of_the_sides():
    weights = cell_weights(4, 2, 0.5)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights, weights[::-1, ::-1])
    # cells lie 1/8 and 3/8 of the height from the middle, a quarter and three quarters of the standard deviation
    assert weights[0, 0] / weights[1, 0] == pytest.approx(np.exp(-0.5 * (0.75**2 - 0.25**2)))


def test_pooled_is_the_weighted_mean():
    cells = np.zeros((2, 3, 3), np.float32)
    cells[0, 1, 1], cells[1] = 1, 7
    assert pooled(cells, 0.35) == pytest.approx([cell_weights(3, 3, 0.35)[1, 1], 7])


def test_a_map_as_embedding_is_pooled(tmp_path):
    assert session(tmp_path, output="map", feature_map="map").encode(
        Image.new("RGB", (64, 64), "white")
    ) == pytest.approx(session(tmp_path).encode(Image.new("RGB", (64, 64), "white")))
