"""The pictures of the README, of a library of drawings that are our own: `make pictures`.

The demo's drawings are somebody else's, and pictures that show them are not committed.
"""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from pictured import Shot
from scenes import draw_scenes
from screenshots import TAGSMITH, chromium, served, signed_in, take

WINDOW = {"width": 1280, "height": 800}
SHARP = 2  # pixels of the picture for each of the window, before it is made smaller
SIZE, QUALITY = (1280, 800), 82
SHOTS = (
    Shot("library", "/library/", is_whole=False),
    Shot("search", "/search/?q=landscape", is_whole=False),
    Shot("why", "/search/?q=tags:boats", ("css=.thumb >> nth=0", "css=.smart a >> nth=0"), is_whole=False),
)


def main() -> None:
    """Draw and teach a library in one folder, and write the pictures into another."""
    work, pictures = Path(sys.argv[1]), Path(sys.argv[2])
    scenes, unsorted = draw_scenes(work / "photos")
    data = work / "library"
    _run(data, "demo", "--data", data, "--photos", scenes, "--no-serve")
    _run(data, "import", unsorted)
    _run(data, "tag", "/")
    with served(data, "--photos", str(scenes)) as (address, password), chromium() as browser:
        page = signed_in(browser, address, password, viewport=WINDOW, device_scale_factor=SHARP)
        for shot in SHOTS:
            raw, made = work / f"{shot.name}.png", pictures / f"{shot.name}.webp"
            take(page, shot, raw)
            made.parent.mkdir(parents=True, exist_ok=True)
            Image.open(raw).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS).save(made, quality=QUALITY, method=6)


def _run(data: Path, *arguments: object) -> None:
    surroundings = {**os.environ, "TAGSMITH_DATA": str(data.resolve())}
    subprocess.run([TAGSMITH, *map(str, arguments)], env=surroundings, check=True)  # noqa: S603 - our own command


if __name__ == "__main__":
    main()
