"""The last feature map of each view: from its mean the embedding is made, or the encoder says that it is not."""

import numpy as np
import pytest
from PIL import Image

from tagsmith.errors import EncoderError
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession
from unit.vision.image_files import quadrants
from unit.vision.onnx_files import network
from unit.vision.test_session import session

PICTURE = quadrants((96, 64))


@pytest.mark.req("M14b")
@pytest.mark.parametrize("name", ["standard", "fast"])
def test_embedding_is_made_from_the_means_of_the_feature_maps(name, encoder_cache):
    loaded = EncoderSession(find_encoder(name), encoder_cache)
    pooled = [np.sqrt(cells.mean(axis=(1, 2))) for cells in loaded.feature_maps(PICTURE)]
    parts = [part / np.linalg.norm(part) for part in pooled]
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
