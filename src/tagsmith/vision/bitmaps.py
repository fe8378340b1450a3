"""Readers for old plain formats where Pillow's are slow or wrong: XPM, XBM, and deep PNM."""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps, PpmImagePlugin, XbmImagePlugin

from tagsmith.errors import ImageError
from tagsmith.vision.bounds import check_pixels, take

QUOTED = re.compile(rb'"([^"\n]*)"')
XPM_KEYS = ("c", "g", "g4", "m", "s")  # colour, grey, four greys, black and white, symbolic name
# names whose X11 colour is not the one of CSS
X11_COLOURS = {
    "gray": (190, 190, 190),
    "grey": (190, 190, 190),
    "green": (0, 255, 0),
    "maroon": (176, 48, 96),
    "purple": (160, 32, 240),
}


def open_pnm(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Open PBM, PGM or PPM; samples with another range than 0..255 are scaled to it."""
    image = PpmImagePlugin.PpmImageFile(file)
    check_pixels(image.size, max_pixels)
    decoder, _, offset, args = image.tile[0]
    if decoder != "ppm" or not isinstance(args, tuple):
        return image
    highest = int(args[1])
    bands = Image.getmodebands(image.mode)
    kind = np.dtype(">u2") if highest > 255 else np.dtype(np.uint8)
    file.seek(offset)
    samples = np.frombuffer(take(file, image.width * image.height * bands * kind.itemsize), kind)
    scaled = np.rint(np.minimum(samples, highest).astype(np.float32) * (255 / highest)).astype(np.uint8)
    shape = (image.height, image.width, bands) if bands > 1 else (image.height, image.width)
    return Image.fromarray(scaled.reshape(shape))


def open_xbm(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Open an X bitmap: set bits are ink, black on white. Pillow gives the negative."""
    image = XbmImagePlugin.XbmImageFile(file)
    check_pixels(image.size, max_pixels)
    return ImageOps.invert(image.convert("L"))


def open_xpm(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Open an X pixmap (version 3), with named colours, which Pillow refuses."""
    strings = QUOTED.findall(file.read())
    if not strings:
        raise EOFError("truncated")
    width, height, colours, code_length = (int(number) for number in strings[0].split()[:4])
    check_pixels((width, height), max_pixels)
    if not 1 <= code_length <= 8:
        raise ImageError("XPM with {count} characters a pixel is not read", count=code_length)
    palette = dict(_xpm_colour(line, code_length) for line in strings[1 : 1 + colours])
    rows = strings[1 + colours : 1 + colours + height]
    if len(rows) < height or not palette:
        raise EOFError("truncated")
    pixels = _look_up(rows, palette, (height, width), code_length)
    return Image.fromarray(pixels)


def _look_up(
    rows: list[bytes], palette: Mapping[int, tuple[int, ...]], shape: tuple[int, int], code_length: int
) -> NDArray[np.uint8]:
    codes = np.array(sorted(palette), np.uint64)
    colours = np.array([palette[int(code)] for code in codes], np.uint8)
    pixels = np.empty((*shape, 4), np.uint8)
    for row, text in enumerate(rows):
        found = _codes(text, shape[1], code_length)
        index = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
        if (codes[index] != found).any():
            raise ImageError("XPM with a colour that it does not define")
        pixels[row] = colours[index]
    return pixels


def _codes(text: bytes, width: int, code_length: int) -> NDArray[Any]:
    """Return the pixels of one row as integers, one for each code of up to eight characters."""
    if len(text) < width * code_length:
        raise EOFError("truncated")
    padded = np.zeros((width, 8), np.uint8)
    padded[:, 8 - code_length :] = np.frombuffer(text, np.uint8, width * code_length).reshape(width, code_length)
    return padded.view(">u8")[:, 0].astype(np.uint64)


def _xpm_colour(line: bytes, code_length: int) -> tuple[int, tuple[int, ...]]:
    words: dict[str, str] = {}
    key = ""
    for word in line[code_length:].decode("latin-1").split():
        if word in XPM_KEYS and (not key or words.get(key)):
            key = word
        else:
            words[key] = words.get(key, "") + word
    name = next((words[key] for key in XPM_KEYS[:-1] if key in words), "")
    return int.from_bytes(line[:code_length], "big"), _rgba(name.lower())


def _rgba(name: str) -> tuple[int, ...]:
    if name in ("none", "transparent"):
        return 0, 0, 0, 0
    digits = len(name) // 3
    if name.startswith("#") and digits and len(name) == 1 + 3 * digits:
        parts = (int(name[1 + i * digits : 1 + (i + 1) * digits], 16) for i in range(3))
        return *(round(part * 255 / (16**digits - 1)) for part in parts), 255
    if grey := re.fullmatch(r"gr[ae]y(\d{1,3})", name):
        return *[min(255, round(int(grey[1]) * 2.55))] * 3, 255
    return *(X11_COLOURS.get(name) or ImageColor.getrgb(name)[:3]), 255
