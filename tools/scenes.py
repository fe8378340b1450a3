"""Draws the photos of the library in the README's pictures: landscapes and the like, all our own, each different."""

import math
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageFilter

from painting import DAWN, DAY, DUSK, NIGHT, Colour, Scene, begin, clouds, disc, mixed, ridge, sun

PER_KIND, UNSORTED = 40, 60
FIRS: dict[str, Colour] = {
    "summer": (22, 70, 50),
    "autumn": (168, 92, 34),
    "winter": (92, 120, 136),
    "spring": (96, 142, 62),
}


def mountains(chance: random.Random) -> Image.Image:
    """Ridges behind one another, the far ones pale; the highest with snow."""
    top, bottom = chance.choice((DAY, DAWN, DUSK))
    scene = begin(chance, top, bottom)
    sun(scene, 0.3)
    dark: Colour = (chance.randrange(24, 50), chance.randrange(44, 74), chance.randrange(60, 90))
    peaks = [(chance.uniform(0, 1), chance.uniform(0.24, 0.42)) for _ in range(chance.randrange(3, 6))]
    for x, y in peaks:
        _peak(scene, x * scene.width, y * scene.height, mixed(bottom, dark, 0.45))
    for layer in range(1, 5):
        ridge(scene, 0.45 + 0.13 * layer, 0.075, mixed(bottom, dark, 0.4 + 0.15 * layer))
    return scene.image


def _peak(scene: Scene, x: float, y: float, colour: Colour) -> None:
    half, foot = scene.chance.uniform(0.22, 0.38) * scene.width, 0.85 * scene.height
    scene.pen.polygon([(x - half, foot), (x, y), (x + half, foot)], fill=colour)
    scene.pen.polygon([(x, y), (x + half, foot), (x + 0.15 * half, foot)], fill=mixed(colour, (0, 0, 0), 0.15))
    cap, snow = 0.22 * (foot - y), [(x, y)]
    for step in range(7):
        across = 0.22 * half * (1 - step / 3)
        snow.append((x + across, y + cap * (1 if step in {0, 6} else scene.chance.uniform(0.6, 1.25))))
    scene.pen.polygon(snow, fill=(246, 249, 252))


def sea(chance: random.Random) -> Image.Image:
    """Water to the horizon, with the light of the sun on it."""
    scene = begin(chance, *chance.choice((DAY, DAWN, DUSK)))
    _water(scene, sun(scene, 0.4))
    clouds(scene, chance.randrange(4))
    return scene.image


def _water(scene: Scene, light: float, level: float = 0.55) -> None:
    horizon, deep = level * scene.height, scene.chance.choice(((16, 72, 104), (22, 92, 112), (38, 62, 96)))
    for y in range(round(horizon), scene.height, 3):
        depth = (y - horizon) / (scene.height - horizon)
        pale = scene.image.getpixel((round(light * scene.width), max(0, round(2 * horizon - y))))
        scene.pen.rectangle((0, y, scene.width, y + 3), fill=mixed(pale, deep, 0.45 + 0.45 * depth))  # type: ignore[arg-type]
        for _ in range(4):
            x = scene.chance.gauss(light, 0.05 + 0.12 * depth) * scene.width
            long = scene.chance.uniform(8, 30) * (0.4 + depth)
            scene.pen.line((x - long, y, x + long, y), fill=(255, 244, 214, 110), width=2)


def boats(chance: random.Random) -> Image.Image:
    """Sailing boats on the water, near and far."""
    scene = begin(chance, *chance.choice((DAY, DAY, DAWN)))
    _water(scene, sun(scene, 0.3), 0.5)
    clouds(scene, 3)
    for place in range(chance.randrange(1, 4)):
        size = scene.width * (0.1 + 0.07 * place)
        x, y = chance.uniform(0.18, 0.82) * scene.width, (0.56 + 0.14 * place) * scene.height
        sail = chance.choice(((250, 248, 240), (214, 72, 62), (240, 190, 80), (250, 250, 250)))
        scene.pen.polygon([(x, y - 1.5 * size), (x, y - 4), (x + 0.62 * size, y - 4)], fill=sail)
        scene.pen.polygon(
            [(x - 6, y - 1.3 * size), (x - 6, y - 4), (x - 0.46 * size, y - 4)], fill=mixed(sail, (60, 60, 70), 0.16)
        )
        hull = [
            (x - 0.6 * size, y),
            (x + 0.7 * size, y),
            (x + 0.48 * size, y + 0.2 * size),
            (x - 0.42 * size, y + 0.2 * size),
        ]
        scene.pen.polygon(hull, fill=chance.choice(((92, 52, 38), (40, 48, 66), (150, 40, 40))))
    return scene.image


def city(chance: random.Random) -> Image.Image:
    """Towers with windows, some lit."""
    top, bottom = chance.choice((DUSK, NIGHT, DAWN, DAY))
    scene, dark = begin(chance, top, bottom), chance.choice(((22, 24, 40), (70, 60, 58), (40, 58, 70)))
    if chance.random() < 0.6:
        sun(scene, 0.3)
    scale, highest = chance.uniform(0.6, 2.2), chance.uniform(0.4, 0.8)
    for layer in range(3):
        wall, x = mixed(bottom, dark, 0.5 + 0.22 * layer), -20.0
        while x < scene.width:
            wide = scale * chance.uniform(46, 120)
            high = chance.uniform(0.3, 1) * (highest - 0.14 * layer) * scene.height
            _tower(scene, x, scene.height * (0.98 + 0.02 * layer) - high, wide, wall)
            x += wide + chance.uniform(-6, 14)
    return scene.image


def _tower(scene: Scene, x: float, y: float, wide: float, wall: Colour) -> None:
    scene.pen.rectangle((x, y, x + wide, scene.height), fill=wall)
    if scene.chance.random() < 0.2:
        scene.pen.line((x + wide / 2, y - 40, x + wide / 2, y), fill=wall, width=4)
    for row in range(round(y) + 12, scene.height - 8, 18):
        for column in range(round(x) + 9, round(x + wide) - 10, 16):
            lit = scene.chance.random() < 0.42
            pane = (255, 214, 130, 235) if lit else (*mixed(wall, (120, 140, 180), 0.2), 255)
            scene.pen.rectangle((column, row, column + 7, row + 9), fill=pane)


def forest(chance: random.Random) -> Image.Image:
    """Firs in the mist, the near ones dark, at some time of the year."""
    mist: tuple[tuple[Colour, Colour], ...] = (
        ((196, 214, 214), (228, 236, 226)),
        ((150, 186, 214), (222, 230, 224)),
        DAWN,
    )
    scene, near = begin(chance, *chance.choice(mist)), FIRS[chance.choice(list(FIRS))]
    if chance.random() < 0.4:
        sun(scene, 0.3)
    size, foot = chance.uniform(0.6, 2.2), chance.uniform(0.5, 0.68)
    for layer in range(4):
        green, level = mixed((200, 212, 206), near, 0.3 + 0.23 * layer), foot + 0.13 * layer
        for _ in range(round((24 - 3 * layer) / size)):
            high = size * scene.height * chance.uniform(0.18, 0.34) * (0.7 + 0.25 * layer)
            _fir(scene, chance.uniform(-0.05, 1.05) * scene.width, level * scene.height, high, green)
        ridge(scene, level + 0.03, 0.02, green)
    return scene.image


def _fir(scene: Scene, x: float, foot: float, high: float, green: Colour) -> None:
    for tier in range(4):
        y, half = foot - high * (0.25 * tier), high * (0.26 - 0.05 * tier)
        scene.pen.polygon(
            [(x - half, y), (x, y - 0.42 * high), (x + half, y)], fill=mixed(green, (0, 0, 0), 0.04 * tier)
        )


def desert(chance: random.Random) -> Image.Image:
    """Dunes under a hot sky, each with a lit and a shaded side."""
    scene = begin(chance, *chance.choice((((86, 150, 200), (248, 222, 180)), DAWN, ((220, 120, 80), (252, 214, 150)))))
    sun(scene, 0.3)
    sand = chance.choice(((226, 170, 104), (214, 148, 92), (236, 190, 130)))
    for layer in range(4):
        ground = mixed(sand, (120, 66, 40), 0.1 + 0.16 * layer)
        line = ridge(scene, 0.5 + 0.13 * layer, 0.07, ground, waves=2)
        x, y = min(line, key=lambda point: point[1])
        shade = [(x, y), *[(a, b) for a, b in line if a > x], (scene.width, scene.height), (x - 60, scene.height)]
        scene.pen.polygon(shade, fill=(*mixed(ground, (70, 36, 30), 0.35), 200))
    return scene.image


def flowers(chance: random.Random) -> Image.Image:
    """Blossoms close up, before a green that is out of focus."""
    scene = begin(chance, (64, 116, 66), (128, 168, 84))
    for _ in range(26):
        x, y, r = chance.uniform(0, 1) * scene.width, chance.uniform(0, 1) * scene.height, chance.uniform(20, 90)
        disc(scene, x, y, r, (chance.randrange(90, 190), chance.randrange(150, 220), chance.randrange(70, 130), 70))
    scene.image.paste(scene.image.filter(ImageFilter.GaussianBlur(14)))
    ink = chance.choice(((232, 80, 110), (246, 196, 60), (172, 110, 210), (250, 246, 240), (240, 130, 60)))
    for place in range(chance.randrange(2, 6)):
        x, y = chance.uniform(0.15, 0.85) * scene.width, chance.uniform(0.2, 0.75) * scene.height
        scene.pen.line((x, y, x + chance.uniform(-40, 40), scene.height), fill=(52, 98, 50), width=9)
        _blossom(scene, x, y, scene.width * (0.07 + 0.02 * place), ink)
    return scene.image


def _blossom(scene: Scene, x: float, y: float, reach: float, ink: Colour) -> None:
    petals, turn = scene.chance.choice((6, 8, 12)), scene.chance.uniform(0, math.tau)
    for ring, share in ((1.0, 0.0), (0.72, 0.25)):
        for petal in range(petals):
            angle = turn + math.tau * petal / petals + ring
            away, half = ring * reach * 0.58, ring * reach * (0.9 if petals < 9 else 0.5) * 0.5
            disc(
                scene,
                x + away * math.cos(angle),
                y + away * math.sin(angle),
                half,
                (*mixed(ink, (255, 255, 255), share), 255),
            )
    disc(scene, x, y, reach * 0.26, (120, 74, 30, 255))


def balloons(chance: random.Random) -> Image.Image:
    """Striped balloons in the sky over a low country."""
    top, bottom = chance.choice((DAY, DAY, DAWN))
    scene = begin(chance, top, bottom)
    clouds(scene, 4)
    for layer in range(2):
        ridge(scene, 0.84 + 0.08 * layer, 0.03, mixed((120, 160, 110), (40, 80, 60), 0.4 + 0.4 * layer))
    for _ in range(chance.randrange(1, 5)):
        _balloon(scene, chance.uniform(0.15, 0.85) * scene.width, chance.uniform(0.2, 0.6) * scene.height)
    return scene.image


def _balloon(scene: Scene, x: float, y: float) -> None:
    r = scene.chance.uniform(0.06, 0.13) * scene.width
    inks = scene.chance.sample(((214, 62, 58), (246, 190, 66), (58, 120, 190), (250, 248, 240), (74, 160, 110)), 2)
    scene.pen.polygon(
        [
            (x - 0.8 * r, y + 0.6 * r),
            (x + 0.8 * r, y + 0.6 * r),
            (x + 0.16 * r, y + 1.5 * r),
            (x - 0.16 * r, y + 1.5 * r),
        ],
        fill=inks[0],
    )
    for stripe in range(6, 0, -1):
        half = r * math.sin(math.pi / 2 * stripe / 6)
        scene.pen.ellipse((x - half, y - r, x + half, y + r), fill=inks[stripe % 2])
    scene.pen.rectangle((x - 0.15 * r, y + 1.65 * r, x + 0.15 * r, y + 1.9 * r), fill=(96, 60, 36))


KINDS: dict[str, Callable[[random.Random], Image.Image]] = {
    "landscape/mountains": mountains,
    "landscape/desert": desert,
    "landscape/forest": forest,
    "landscape/sea": sea,
    "balloons": balloons,
    "boats": boats,
    "city": city,
    "flowers": flowers,
}


def draw_scenes(root: Path) -> tuple[Path, Path]:
    """Write a folder per tag, and one of what nobody has sorted, below `root`; return both."""
    for tag, paint in KINDS.items():
        for number in range(1, PER_KIND + 1):
            _write(root / "Scenes" / tag / f"{tag.rpartition('/')[2]}-{number:02}.jpg", paint)
    chance = random.Random("unsorted")  # noqa: S311 - not for security
    for number in range(UNSORTED):
        _write(root / "new" / f"IMG_{2041 + number}.jpg", chance.choice(list(KINDS.values())))
    return root / "Scenes", root / "new"


def _write(path: Path, paint: Callable[[random.Random], Image.Image]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        paint(random.Random(path.name)).save(path, quality=88)  # noqa: S311 - not for security
