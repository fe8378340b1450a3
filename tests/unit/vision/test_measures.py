"""Measures tell a fault from its absence on drawings where nothing else differs."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from tagsmith.vision.measures import measure


def ball(left: int, top: int, radius: int, ink: str = "navy") -> Image.Image:
    image = Image.new("RGB", (400, 400), "ivory")
    ImageDraw.Draw(image).ellipse((left - radius, top - radius, left + radius, top + radius), fill=ink)
    return image


def test_blurring_takes_sharpness_away():
    image = ball(200, 200, 120)
    assert measure(image).sharpness > 0.4
    assert measure(image.filter(ImageFilter.GaussianBlur(10))).sharpness < 0.1


def test_darkening_takes_brightness_away_and_leaves_sharpness():
    image = ball(200, 200, 120)
    dark = image.point(lambda level: level // 8)
    assert measure(dark).brightness == pytest.approx(measure(image).brightness / 8, abs=0.01)
    assert measure(dark).sharpness == pytest.approx(measure(image).sharpness, abs=0.1)


def test_extent_is_that_of_the_subject():
    assert measure(ball(200, 200, 40)).extent == pytest.approx(0.1, abs=0.02)
    assert measure(ball(200, 200, 160)).extent == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize(("left", "top", "expected"), [(200, 200, 0), (60, 200, 0.35), (340, 340, 0.35 * math.sqrt(2))])
def test_subject_is_as_far_off_the_centre_as_it_is_drawn(left, top, expected):
    assert measure(ball(left, top, 40)).off_centre == pytest.approx(expected, abs=0.02)


def test_detail_and_attention_are_shares_of_the_frame():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8))
    everywhere, one_place = np.ones((8, 10, 10), np.float32), np.zeros((8, 10, 10), np.float32)
    one_place[:, 4, 5] = 1
    assert measure(noise, everywhere).detail == pytest.approx(1, abs=0.01)
    assert measure(noise, everywhere).attended == pytest.approx(1)
    assert measure(ball(200, 200, 40), one_place).detail < 0.2
    assert measure(noise, one_place).attended == pytest.approx(0.01)


def test_without_a_feature_map_attention_is_unknown():
    assert math.isnan(measure(ball(200, 200, 40)).attended)


@pytest.mark.parametrize("size", [(1, 1), (3, 900)])
def test_plain_image_of_any_size_has_no_edges(size):
    measures = measure(Image.new("RGB", size, "white"), np.zeros((4, 1, 2), np.float32))
    assert measures == (0, 1, 0, 0, 0, 0)
