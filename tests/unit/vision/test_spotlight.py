import numpy as np
import pytest
from PIL import Image

from tagsmith.vision.spotlight import as_grey, spotlight

ORANGE = (240, 120, 0)


@pytest.mark.req("M14b")
def test_hottest_place_keeps_its_colours_and_the_rest_is_grey_and_darker():
    heat = np.zeros((4, 4))
    heat[0, 0] = 0.7
    lit = spotlight(Image.new("RGB", (80, 40), ORANGE), heat)
    assert lit.size == (80, 40)
    assert lit.getpixel((2, 2)) == ORANGE
    red, green, blue = lit.getpixel((70, 35))
    assert red == green == blue < 60


def test_grey_values_reach_from_black_to_white():
    assert as_grey(np.array([[0.0, 0.1], [0.05, 0.2]])).tolist() == [[0, 128], [64, 255]]


def test_no_heat_at_all_is_black():
    assert as_grey(np.zeros((1, 2))).tolist() == [[0, 0]]
