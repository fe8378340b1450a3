"""One decoding for two needs: the encoder gets the pixels it gets elsewhere, the eye gets enough."""

import numpy as np
import pytest
from PIL import Image

from drawings import draw
from tagsmith.errors import ImageError
from tagsmith.vision import looks as room
from tagsmith.vision.bounds import DecodeLimits
from tagsmith.vision.decode import decode
from tagsmith.vision.looks import decode_both

SHOWN, ENCODED = 512, 320
SIZES = [(30, 20), (400, 600), (1200, 800), (1600, 1200), (2560, 2560)]


@pytest.fixture
def saved(tmp_path):
    def save(size, form, orientation=1):
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = tmp_path / f"{form}-{size}"
        draw("grid", 1).resize(size).save(path, form, exif=exif)
        return path

    return save


def pixels(image):
    return np.asarray(image).astype(int)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_encoder_gets_the_very_pixels_that_decoding_for_it_alone_gives(saved, size, form):
    path = saved(size, form, orientation=6)
    looks = decode_both(path, shown=SHOWN, encoded=ENCODED)
    assert np.array_equal(pixels(looks.encoded), pixels(decode(path, at_least=ENCODED)))


@pytest.mark.parametrize("size", SIZES[:4])
def test_so_it_does_of_a_jpeg_that_is_decoded_at_one_scale_for_both(saved, size):
    path = saved(size, "JPEG", orientation=6)
    looks = decode_both(path, shown=SHOWN, encoded=ENCODED)
    assert np.array_equal(pixels(looks.encoded), pixels(decode(path, at_least=ENCODED)))


def test_large_jpeg_differs_by_rounding_alone(saved):
    path = saved((2560, 2560), "JPEG")
    looks, alone = decode_both(path, shown=SHOWN, encoded=ENCODED), decode(path, at_least=ENCODED)
    assert looks.encoded.size == alone.size == (320, 320)
    assert np.abs(pixels(looks.encoded) - pixels(alone)).max() <= 8
    assert np.abs(pixels(looks.encoded) - pixels(alone)).mean() < 1


@pytest.mark.req("L1b")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_image_to_be_looked_at_is_large_enough_and_the_size_is_the_files(saved, size, form):
    looks = decode_both(saved(size, form, orientation=6), shown=SHOWN, encoded=ENCODED)
    assert (looks.format, looks.width, looks.height) == (form, size[1], size[0])
    assert max(looks.shown.size) >= min(SHOWN, max(size))
    assert looks.shown.info == looks.encoded.info == {}


def test_file_is_read_once(saved, monkeypatch):
    path, opened = saved((1200, 800), "JPEG"), []
    real = room.opened
    monkeypatch.setattr(room, "opened", lambda *given: (opened.append(given[0]), real(*given))[1])
    decode_both(path, shown=SHOWN, encoded=ENCODED)
    assert opened == [path]


def test_bad_file_is_refused_with_its_reason(tmp_path, saved):
    with pytest.raises(ImageError, match="no such file"):
        decode_both(tmp_path / "missing", shown=SHOWN, encoded=ENCODED)
    with pytest.raises(ImageError, match="the limit is 10"):
        decode_both(saved((30, 20), "PNG"), shown=SHOWN, encoded=ENCODED, limits=DecodeLimits(max_pixels=10))
