"""Every format is read, and sizes follow the hint."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from tagsmith.vision.decode import EXTENSIONS, decode
from unit.vision.image_files import (
    BLUE,
    GREEN,
    NAMES,
    QUADRANTS,
    RED,
    XBM,
    XPM,
    YELLOW,
    quadrants,
    samples,
    saved,
    seen,
)

pytestmark = pytest.mark.req("L3a")


def shown(data):
    return np.asarray(decode(data))[..., 0].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_format_is_decoded(name, tmp_path):
    data, tolerance = samples()[name]
    path = tmp_path / name
    path.write_bytes(data)
    image = decode(path)
    assert (image.mode, image.size, image.info) == ("RGB", (64, 48), {})
    assert np.abs(np.subtract(seen(image), QUADRANTS)).max() <= tolerance
    assert path.suffix in EXTENSIONS


@pytest.mark.parametrize("name", ["plain", "pages"])
def test_heic_is_decoded(name, heic):
    image = decode(heic[name])
    assert (image.mode, image.size) == ("RGB", (64, 48))
    assert np.abs(np.subtract(seen(image), QUADRANTS)).max() <= 12


@pytest.mark.parametrize("data", [b"P1 3 2\n1 0 1\n0 1 0\n", b"P4 3 2\n\xa0\x40"])
def test_pbm_has_black_for_1(data):
    assert shown(data) == [[0, 255, 0], [255, 0, 255]]


@pytest.mark.parametrize("data", [b"P2 3 1 255\n0 100 255\n", b"P5 3 1 255\n\x00\x64\xff"])
def test_pgm_is_decoded(data):
    assert shown(data) == [[0, 100, 255]]


def test_xbm_has_black_for_set_bits():
    assert shown(XBM) == [[0] * 4 + [255] * 5, [255] * 4 + [0] * 5]


def test_xpm_with_hexadecimal_and_named_colours_and_transparency():
    image = decode(XPM)
    assert [image.getpixel(at) for at in [(0, 0), (2, 0), (0, 1), (2, 1)]] == [
        RED,
        GREEN,
        (34, 139, 34),
        (255, 255, 255),
    ]


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_first_frame_counts(file_format):
    first, second = quadrants(), quadrants(colours=(BLUE, YELLOW, RED, GREEN))
    data = saved(first, file_format, save_all=True, append_images=[second], lossless=True, quality=95)
    assert np.abs(np.subtract(seen(decode(data)), QUADRANTS)).max() <= 12


def test_content_decides_not_the_name(tmp_path):
    path = tmp_path / "really.jpg"
    path.write_bytes(saved(quadrants(), "PNG"))
    assert seen(decode(path)) == list(QUADRANTS)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
@pytest.mark.parametrize("at_least", [None, 64])
def test_narrow_images_keep_their_size(size, at_least):
    assert decode(saved(Image.new("RGB", size, RED), "PNG"), at_least=at_least).size == size


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(
    ("size", "at_least"), [((1000, 600), 100), ((601, 999), 64), ((1000, 600), 600), ((90, 60), 64)]
)
def test_hint_reduces_large_images_but_not_below_it(file_format, size, at_least):
    data = saved(quadrants(size), file_format)
    full, reduced = decode(data), decode(data, at_least=at_least)
    assert full.size == size
    assert min(reduced.size) >= min(at_least, *size)
    assert min(reduced.size) < 2 * at_least
    same_size = full.resize(reduced.size, Image.Resampling.BOX)
    assert np.abs(np.subtract(seen(reduced), seen(same_size))).max() <= 4


def test_large_jpeg_is_decoded_at_a_fraction_of_its_size():
    image = Image.radial_gradient("L").resize((2048, 1536)).convert("RGB")
    data = saved(image, "JPEG", quality=90)
    full, reduced = decode(data), decode(data, at_least=384)
    assert reduced.size == (512, 384)
    expected = full.resize(reduced.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(expected, float) - np.asarray(reduced, float)).mean() < 1


def test_extensions_are_lower_case_with_their_dot():
    assert all(extension.startswith(".") and extension.islower() for extension in EXTENSIONS)
    assert {".jpg", ".heic", ".xpm", ".psd", ".avif"} <= EXTENSIONS


def test_hint_below_1_is_the_callers_mistake():
    with pytest.raises(ValueError, match="at_least is 0; it must be 1 or more"):
        decode(b"any", at_least=0)


def test_threads_do_not_disturb_each_other():
    files = [data for data, _ in samples().values()] * 3
    with ThreadPoolExecutor(4) as threads:
        images = list(threads.map(decode, files))
    assert [seen(image) for image in images] == [seen(decode(data)) for data in files]
