"""What scenes are drawn with: skies, the sun, clouds, hills. The scenes themselves are in `scenes.py`."""

import math
import random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
SIZES = ((960, 640), (960, 640), (960, 720), (720, 900))
DAY: tuple[Colour, Colour] = ((92, 158, 214), (214, 233, 240))
DAWN: tuple[Colour, Colour] = ((96, 116, 168), (250, 206, 166))
DUSK: tuple[Colour, Colour] = ((58, 48, 96), (244, 138, 98))
NIGHT: tuple[Colour, Colour] = ((14, 20, 48), (64, 70, 120))


class Scene(NamedTuple):
    """A picture that is being drawn, with its own chance."""

    chance: random.Random
    image: Image.Image
    pen: ImageDraw.ImageDraw

    @property
    def width(self) -> int:
        """In pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.image.height


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def begin(chance: random.Random, top: Colour, bottom: Colour) -> Scene:
    """Return a scene that is nothing but sky."""
    width, height = chance.choice(SIZES)
    down = np.linspace(0, 1, height)[:, None, None] ** 0.9
    rows = np.array(top) * (1 - down) + np.array(bottom) * down
    image = Image.fromarray(np.broadcast_to(rows, (height, width, 3)).astype(np.uint8), "RGB")
    return Scene(chance, image, ImageDraw.Draw(image, "RGBA"))


def sun(scene: Scene, lowest: float, colour: Colour = (255, 240, 205)) -> float:
    """Draw the sun with its glow; return where it stands, as a share of the width."""
    x, y = scene.chance.uniform(0.2, 0.8), scene.chance.uniform(0.15, lowest)
    radius = scene.chance.uniform(0.035, 0.06) * scene.width
    for ring in range(9, 0, -1):
        reach = radius * (1 + ring * 0.55)
        disc(scene, x * scene.width, y * scene.height, reach, (*colour, 14))
    disc(scene, x * scene.width, y * scene.height, radius, (*colour, 255))
    return x


def clouds(scene: Scene, count: int) -> None:
    """Draw soft clouds."""
    veil = Image.new("RGBA", scene.image.size, (255, 255, 255, 0))
    pen = ImageDraw.Draw(veil)
    for _ in range(count):
        x, y = scene.chance.uniform(0, 1) * scene.width, scene.chance.uniform(0.08, 0.45) * scene.height
        for _ in range(7):
            dx, r = scene.chance.gauss(0, 70), scene.chance.uniform(18, 46)
            pen.ellipse((x + dx - 1.6 * r, y - 0.6 * r, x + dx + 1.6 * r, y + 0.6 * r), fill=(255, 255, 255, 90))
    scene.image.paste(veil := veil.filter(ImageFilter.GaussianBlur(9)), (0, 0), veil)


def ridge(scene: Scene, level: float, roughness: float, colour: Colour, waves: int = 6) -> list[tuple[float, float]]:
    """Draw a range of hills from edge to edge, down to the ground; return its line."""
    shifts = [(scene.chance.uniform(0, math.tau), scene.chance.uniform(0.5, 1)) for _ in range(waves)]
    line = []
    for x in range(0, scene.width + 8, 8):
        rise = sum(
            size / (wave + 1) * math.sin(shift + (wave + 1) * 2.1 * x / scene.width)
            for wave, (shift, size) in enumerate(shifts)
        )
        line.append((float(x), scene.height * (level - roughness * rise)))
    scene.pen.polygon([(0, scene.height), *line, (scene.width, scene.height)], fill=colour)
    return line


def disc(scene: Scene, x: float, y: float, r: float, fill: tuple[int, int, int, int]) -> None:
    """Draw a disc."""
    scene.pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)
