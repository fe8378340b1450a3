"""The perceptual hash: copies are near, other images far."""

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from drawings import draw
from tagsmith.assets.likeness import distance, likeness
from tagsmith.assets.selectors.likeness import WITHIN

PICTURES = [draw(kind, seed) for kind in ("disc", "star") for seed in range(16)]


def recompressed(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Image.open(file)


def resized(image):
    return image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.LANCZOS)


def brighter(image):
    return ImageEnhance.Brightness(image).enhance(0.9)


@pytest.mark.req("L8a")
@pytest.mark.parametrize("change", [recompressed, resized, brighter])
def test_copies_differ_in_few_bits(change):
    assert max(distance(likeness(image), likeness(change(image))) for image in PICTURES) <= WITHIN


def test_other_images_differ_in_many():
    hashes = [likeness(image) for image in PICTURES]
    apart = sorted(distance(one, other) for one, other in itertools.combinations(hashes, 2))
    assert apart[0] > WITHIN
    assert apart[len(apart) // 2] > 20


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
def test_any_mode_and_size_has_a_hash_that_fits_the_column(mode):
    for image in (PICTURES[0], PICTURES[0].resize((3, 500)), PICTURES[0].resize((9, 9))):
        assert -(2**63) <= likeness(image.convert(mode)) < 2**63


@pytest.mark.parametrize("image", [Image.new("RGB", (90, 90), "pink"), Image.effect_noise((640, 640), 20)])
def test_plain_or_finely_textured_image_has_none(image):
    assert likeness(image) is None
    assert likeness(recompressed(image)) is None


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 63))
def test_distance_counts_differing_bits(number, bit):
    flipped = (number ^ (1 << bit)) & (2**64 - 1)
    assert distance(number, flipped - 2**64 if flipped >> 63 else flipped) == 1
    assert distance(number, number) == 0
