"""Where the heat map lies: images of tags planted in plain frames, and beside three other tags in a grid of four.

Printed is the share of the heat inside the planted image, in how many compositions that is more than half, and in how
many the hottest point lies inside: for the map that is shown, and for others that were weighed against it.
"""

import random
import sys
from contextlib import suppress
from pathlib import Path
from statistics import mean

import numpy as np
from PIL import Image, ImageOps

from tagsmith import TagClassifier
from tagsmith.errors import ImageError
from tagsmith.learning.examples import read_example_tree
from tagsmith.learning.heat import heat_map, stretched
from tagsmith.vision.cache import default_cache
from tagsmith.vision.decode import decode
from tagsmith.vision.encoders import find_encoder
from tagsmith.vision.session import EncoderSession
from tagsmith.vision.stream import encode_files

SIDE, HALF = 640, 320
TAUGHT, LEAST = 20, 28
COMPOSED, OCCLUDED = 60, 6  # of each kind; by occlusion fewer, as it takes fifty runs of the networks each


def main(root: Path) -> None:
    chance, session = random.Random(0), EncoderSession(find_encoder("standard"), default_cache())
    files = {tag: chance.sample(sorted(paths), len(paths)) for tag, paths in read_example_tree(root).tags.items()}
    files = {tag: paths for tag, paths in files.items() if len(paths) >= LEAST}
    model = teach(session, files)
    rest = {tag: paths[TAUGHT:] for tag, paths in files.items()}
    print(f"{root}\nframe  map                              share of heat  over half  hottest inside")
    for name, compose in (("plain", in_frame), ("grid", in_grid)):
        results: dict[str, list[tuple[float, bool]]] = {}
        for number in range(COMPOSED):
            tag = chance.choice(sorted(rest))
            image, box = compose(rest, tag, chance)
            for kind, heat in maps(session, model, tag, image, occlude=number < OCCLUDED):
                results.setdefault(kind, []).append(judged(heat, box))
        for kind, found in results.items():
            shares = [share for share, _ in found]
            halves, inside = mean(share > 0.5 for share in shares), mean(hit for _, hit in found)
            print(f"{name:5}  {kind:32} {mean(shares):13.1%}  {halves:9.0%}  {inside:14.0%}", flush=True)


def teach(session, files):
    pairs = [(path, tag) for tag, paths in files.items() for path in paths[:TAUGHT]]
    encoded = zip(encode_files(session, [path for path, _ in pairs]), pairs, strict=True)
    X, y = zip(*[(item.vector, tag) for item, (_, tag) in encoded if item.vector is not None], strict=True)
    return TagClassifier().fit(np.stack(X), np.array(y))


def in_frame(files, tag, chance):
    """An image within a quarter of a lightly textured frame."""
    colour = [chance.randrange(150, 256) for _ in "rgb"]
    noise = np.random.default_rng(chance.randrange(10**6)).normal(colour, 8, (SIDE, SIDE, 3))
    frame = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    planted = ImageOps.contain(drawn(files[tag], chance), (HALF, HALF))
    left, top = chance.randrange(SIDE - planted.width + 1), chance.randrange(SIDE - planted.height + 1)
    frame.paste(planted, (left, top))
    return frame, (left, top, left + planted.width, top + planted.height)


def in_grid(files, tag, chance):
    """An image in a quarter, images of other tags in the others."""
    places = chance.sample([(0, 0), (HALF, 0), (0, HALF), (HALF, HALF)], 4)
    others = [chance.choice([other for other in sorted(files) if other != tag]) for _ in places[1:]]
    frame = Image.new("RGB", (SIDE, SIDE))
    for shown, place in zip((tag, *others), places, strict=True):
        frame.paste(drawn(files[shown], chance).resize((HALF, HALF)), place)
    left, top = places[0]
    return frame, (left, top, left + HALF, top + HALF)


def drawn(paths, chance):
    """An image drawn by chance, of those that can be read."""
    while True:
        with suppress(ImageError):
            return decode(chance.choice(paths), at_least=HALF)


def maps(session, model, tag, image, *, occlude):
    scorer, own = model.scorer_, model.classes_.tolist().index(tag)
    presence, choice = scorer.presence.weights, scorer.choice.weights
    scores = scorer.choice.scores(session.encode(image)[None])[0]
    rival = max(set(range(len(scores))) - {own}, key=scores.__getitem__)
    cells = session.feature_maps(image)
    yield "presence (shown)", heat_map(cells, session.encoder, presence[own])
    yield "choice against the mean of tags", heat_map(cells, session.encoder, choice[own] - choice.mean(axis=0))
    yield "presence against the runner-up", heat_map(cells, session.encoder, presence[own] - presence[rival])
    yield "choice against the runner-up", heat_map(cells, session.encoder, choice[own] - choice[rival])
    yield "activation alone", sum(part.sum(axis=0) for part in cells)
    yield "even", np.ones((8, 8))
    if occlude:
        yield f"presence, {OCCLUDED} of them", heat_map(cells, session.encoder, presence[own])
        yield f"occlusion, {OCCLUDED} of them", occlusion(session, image, presence[own])


def occlusion(session, image, weights, window=160, step=80):
    """Return by how much the score falls with windows that are painted grey."""
    whole, grid = session.encode(image) @ weights, np.zeros((SIDE // step, SIDE // step))
    for left in range(0, SIDE - window + 1, step):
        for top in range(0, SIDE - window + 1, step):
            painted = image.copy()
            painted.paste((200, 200, 200), (left, top, left + window, top + window))
            fall = whole - session.encode(painted) @ weights
            grid[top // step : (top + window) // step, left // step : (left + window) // step] += fall
    return np.maximum(grid, 0)


def judged(heat, box):
    heat = np.maximum(stretched(heat.astype(np.float64), SIDE, SIDE), 0)
    heat /= heat.sum()
    left, top, right, bottom = box
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    return float(heat[top:bottom, left:right].sum()), bool(left <= column < right and top <= row < bottom)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        main(Path(argument))
