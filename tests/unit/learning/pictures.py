"""Small drawings of discs, stars and lines, each unlike the others: what the tests teach and tag."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("disc", "lines", "star")


def drawn(shape: str, seed: int) -> Image.Image:
    """A drawing of some shapes of one kind in random colours."""
    rng = np.random.default_rng([seed, SHAPES.index(shape)])
    image = Image.new("RGB", _whole(rng.integers(120, 300, 2)), _whole(rng.integers(0, 256, 3)))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 30)):
        size = int(rng.integers(15, 80))
        left, top = _whole(rng.integers(0, np.array(image.size) - size))
        colour = _whole(rng.integers(0, 256, 3))
        if shape == "disc":
            pen.ellipse([left, top, left + size, top + size], fill=colour)
        elif shape == "star":
            angles = np.linspace(0, 4 * np.pi, 6)[:-1] + rng.uniform(0, 6)
            corners = zip(left + size / 2 * (1 + np.cos(angles)), top + size / 2 * (1 + np.sin(angles)), strict=True)
            pen.polygon(list(corners), fill=colour)
        else:
            pen.line([left, top, *_whole(rng.integers(0, image.size))], fill=colour, width=int(rng.integers(3, 12)))
    return image


def draw(folder: Path, count: int, *, first: int = 0) -> dict[str, list[Path]]:
    """Write `count` pictures of each shape to a folder per shape; other numbers are other pictures."""
    files: dict[str, list[Path]] = {}
    for shape in SHAPES:
        (folder / shape).mkdir(parents=True, exist_ok=True)
        for seed in range(first, first + count):
            file = folder / shape / f"{seed:02}.png"
            drawn(shape, seed).save(file)
            files.setdefault(shape, []).append(file)
    return files


def _whole(values: np.ndarray) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
