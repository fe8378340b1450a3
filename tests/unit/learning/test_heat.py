"""Where a tag's score comes from: planted objects that the heat map must find, and the sums behind it."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tagsmith.learning.classifier import TagClassifier
from tagsmith.learning.heat import heat_map
from tagsmith.vision.encoders import Encoder, Network, Outputs, View, find_encoder
from tagsmith.vision.pooling import cell_weights, pooled
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.sources import LocalFile
from tagsmith.vision.spotlight import as_grey

OBJECTS = ("rings", "checks", "leaves")
FRAME, OBJECT = 320, 160  # pixels: an object covers a quarter of its frame
CORNERS = tuple(itertools.product((0, FRAME - OBJECT), repeat=2))


def frame(chance):
    """A lightly textured frame of some pale colour."""
    noise = chance.normal(chance.integers(170, 240, 3), 6, (FRAME, FRAME, 3))
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))


def plant(picture, kind, corner, chance):
    """Draw an object of a kind, in its own colour, into a corner."""
    ink, pen = tuple(chance.integers(0, 110, 3).tolist()), ImageDraw.Draw(picture)
    left, top = corner
    middle = left + OBJECT // 2, top + OBJECT // 2
    step = int(chance.integers(14, 22))
    if kind == "rings":
        for radius in range(OBJECT // 2 - 8, 4, -step // 2):
            pen.ellipse((middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius), None, ink, 3)
    elif kind == "checks":
        for x, y in itertools.product(range(8, OBJECT - step, step), repeat=2):
            if (x // step + y // step) % 2:
                pen.rectangle((left + x, top + y, left + x + step, top + y + step), ink)
    else:
        for angle in range(0, 360, 2 * step):
            pen.pieslice((left + 8, top + 8, left + OBJECT - 8, top + OBJECT - 8), angle, angle + step, ink)
    return picture


def composed(kind, corner, seed):
    chance = np.random.default_rng([seed, OBJECTS.index(kind)])
    return plant(frame(chance), kind, corner, chance)


@pytest.fixture(scope="module", params=["fast", "standard"])
def session(request, encoder_cache):
    return EncoderSession(find_encoder(request.param), encoder_cache)


@pytest.fixture(scope="module")
def taught(session):
    pairs = [(kind, seed) for kind in OBJECTS for seed in range(12)]
    X = [session.encode(composed(kind, CORNERS[seed % 4], seed)) for kind, seed in pairs]
    return TagClassifier().fit(np.stack(X), [kind for kind, _ in pairs])


def heat_of(session, taught, picture, kind):
    weights = taught.scorer_.presence.weights[taught.classes_.tolist().index(kind)]
    return heat_map(session.feature_maps(picture), session.encoder, weights)


def over_image(heat, picture):
    """Lay a heat map over an image as the page does; as shares of all its light."""
    light = np.asarray(Image.fromarray(as_grey(heat)).resize(picture.size, Image.Resampling.BICUBIC), float)
    return light / light.sum()


def mass_in(heat, corner):
    left, top = corner
    return heat[top : top + OBJECT, left : left + OBJECT].sum()


def is_hottest_in(heat, corner):
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    return corner[0] <= column < corner[0] + OBJECT and corner[1] <= row < corner[1] + OBJECT


@pytest.mark.req("M14b")
@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("kind", OBJECTS)
def test_heat_lies_on_the_planted_object(session, taught, kind, corner):
    picture = composed(kind, corner, 100)
    heat = over_image(heat_of(session, taught, picture, kind), picture)
    assert mass_in(heat, corner) > 0.5
    assert is_hottest_in(heat, corner)


@pytest.mark.req("M14b")
def test_each_tag_is_seen_where_its_own_object_is(session, taught):
    chance = np.random.default_rng(7)
    picture = plant(plant(frame(chance), "rings", CORNERS[0], chance), "checks", CORNERS[3], chance)
    for kind, own, other in (("rings", CORNERS[0], CORNERS[3]), ("checks", CORNERS[3], CORNERS[0])):
        heat = over_image(heat_of(session, taught, picture, kind), picture)
        assert mass_in(heat, own) > 2 * mass_in(heat, other)
        assert is_hottest_in(heat, own)


def test_heat_is_a_share_of_each_cell(session, taught):
    heat = heat_of(session, taught, composed("rings", CORNERS[1], 100), "rings")
    assert heat.min() >= 0
    assert heat.sum() == pytest.approx(1)


def encoder(*dimensions, square_root=True, centre=0.0):
    network = Network("made-up", LocalFile(None, ""), Outputs("map", "map", square_root, centre))
    return Encoder("made-up", tuple(View(network, 32, dimension) for dimension in dimensions))


def score(maps, weights, *, square_root, centre):
    parts = []
    for cells in maps:
        mean = pooled(cells, centre)
        part = np.sign(mean) * np.sqrt(abs(mean)) if square_root else mean
        parts.append(part / np.linalg.norm(part))
    return np.concatenate(parts) @ weights


@pytest.mark.parametrize("centre", [0.0, 0.35])
@pytest.mark.parametrize("square_root", [True, False])
def test_heat_is_what_each_cell_adds_to_the_score(square_root, centre):
    made = {"square_root": square_root, "centre": centre}
    rng = np.random.default_rng(0)
    maps, weights, step = [rng.random((5, 3, 4)), rng.random((6, 3, 4))], rng.standard_normal(11), 1e-6
    added = np.empty((3, 4))
    for cell in np.ndindex(3, 4):
        grown = [cells.copy() for cells in maps]
        for cells in grown:
            cells[:, *cell] *= 1 + step
        added[cell] = score(grown, weights, **made) - score(maps, weights, **made)
    added /= cell_weights(3, 4, centre)
    expected = np.maximum(added, 0) / np.maximum(added, 0).sum()
    found = heat_map(maps, encoder(5, 6, **made), weights)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_views_of_different_grids_meet_on_the_finest():
    coarse, fine = np.ones((2, 2, 2)), np.ones((2, 4, 4))
    coarse[0, 0, 0] = fine[0, 0, 0] = 3
    heat = heat_map([coarse, fine], encoder(2, 2), np.array([1.0, 0, 1, 0]))
    assert heat.shape == (4, 4)
    assert heat.argmax() == 0


def test_image_without_anything_in_it_is_lit_evenly():
    heat = heat_map([np.zeros((3, 2, 2))], encoder(3), np.ones(3))
    assert heat.tolist() == [[0.25, 0.25], [0.25, 0.25]]
