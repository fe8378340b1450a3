"""Small pictures that tests draw: kinds that an encoder tells apart, each picture different from the others."""

import random
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 160
KINDS = ("disc", "stripes", "star", "grid")


def draw(kind: str, seed: int) -> Image.Image:
    """Return picture number `seed` of a kind."""
    chance = random.Random(f"{kind} {seed}")
    picture = Image.new("RGB", (SIZE, SIZE + 8 * chance.randrange(8)), _colour(chance, 170, 255))
    pen = ImageDraw.Draw(picture)
    x, y, r = (chance.randrange(low, high) for low, high in ((55, 105), (55, 105), (28, 50)))
    ink = _colour(chance, 0, 150)
    if kind == "disc":
        for _ in range(chance.randrange(1, 5)):
            pen.ellipse((x - r, y - r, x + r, y + r), fill=_colour(chance, 0, 150))
            x, y, r = chance.randrange(30, 130), chance.randrange(30, 130), chance.randrange(10, 40)
    elif kind == "stripes":
        slope = chance.randrange(-SIZE, SIZE)
        for left in range(-SIZE, SIZE * 2, chance.randrange(16, 44)):
            pen.line((left, picture.height, left + slope, 0), fill=ink, width=chance.randrange(3, 9))
    elif kind == "star":
        for _ in range(chance.randrange(1, 4)):
            pen.regular_polygon((x, y, r), 3, rotation=chance.randrange(360), fill=_colour(chance, 0, 150))
            x, y = chance.randrange(30, 130), chance.randrange(30, 130)
    else:
        step = chance.randrange(14, 26)
        for at in range(0, SIZE * 2, step):
            pen.line((at, 0, at, picture.height), fill=ink, width=2)
            pen.line((0, at, SIZE, at), fill=ink, width=2)
    return picture


def draw_tree(root: Path, kinds: Iterable[str], count: int, first: int = 0) -> Path:
    """Write `count` pictures of each kind into a folder per kind below `root`, which is returned."""
    for kind in kinds:
        folder = root / kind
        folder.mkdir(parents=True, exist_ok=True)
        for seed in range(first, first + count):
            draw(kind, seed).save(folder / f"{kind}-{seed:03}.png")
    return root


def _colour(chance: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return chance.randrange(low, high), chance.randrange(low, high), chance.randrange(low, high)
