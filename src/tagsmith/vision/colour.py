"""Pixels of any mode, depth and colour space brought to 8-bit sRGB on white, the right way up."""

import io
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# keys of `image.info` by which a reader says what the numbers of a deep grey image mean
LEVELS = "tagsmith:levels"  # the number that is white
WHITE_IS_ZERO = "tagsmith:white_is_zero"

# what profiles that need no conversion call themselves; converting costs as much as half the decoding
SRGB_NAMES = frozenset(("sRGB", "sRGB IEC61966-2.1", "sRGB built-in", "sRGB2014", "c2", "uRGB"))
PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK", "LAB": "Lab "}
PLAIN_MODES = {
    "1": "L",
    "La": "LA",
    "PA": "RGBA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "YCbCr": "RGB",
    "HSV": "RGB",
}
ORIENTATION = 0x0112
LONG = 4
TURNS: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def to_srgb(image: Image.Image, at_least: int | None) -> Image.Image:
    """Return a loaded image as 8-bit sRGB on white, reduced while its shorter side stays `at_least` pixels."""
    icc = image.info.get("icc_profile")
    image = _reduced(_plain(image), at_least)
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    if alpha is not None:
        image = image.convert("L" if image.mode == "LA" else "RGB")
    rgb = _through_profile(image, icc) or (image if image.mode == "RGB" else image.convert("RGB"))
    if alpha is None:
        return rgb
    return Image.composite(rgb, Image.new("RGB", rgb.size, "white"), alpha)


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Undo an EXIF orientation; unknown numbers leave the image as it is."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def orientation_in(exif: bytes) -> int:
    """Return the orientation (1 to 8) in a block of EXIF, 1 where it has none or is damaged.

    Only this one tag is read: Pillow parses every tag, and warns about each damaged one.
    """
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", block, entry)
            if tag == ORIENTATION:
                return int(struct.unpack_from(order + ("I" if kind == LONG else "H"), block, entry + 8)[0])
    except struct.error:
        pass
    return 1


def _plain(image: Image.Image) -> Image.Image:
    """Return the image in one of the modes L, LA, RGB, RGBA, CMYK and LAB."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _grey(image)
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "P":
        has_alpha = image.palette is not None and image.palette.mode == "RGBA"
        return image.convert("RGBA" if has_alpha else "RGB")
    plain = PLAIN_MODES.get(image.mode)
    return image.convert(plain) if plain else image


def _grey(image: Image.Image) -> Image.Image:
    """Return a deep grey image as "L", or "LA" if one of its levels is transparent."""
    samples = np.asarray(image)
    levels = image.info.get(LEVELS, 65535 if image.mode.startswith("I;16") or image.format == "PPM" else None)
    grey = _scaled(samples, levels)
    if image.info.get(WHITE_IS_ZERO):
        grey = 255 - grey
    transparent = image.info.get("transparency")
    if transparent is None:
        return Image.fromarray(grey)
    alpha = np.where(samples == transparent, 0, 255).astype(np.uint8)
    return Image.merge("LA", (Image.fromarray(grey), Image.fromarray(alpha)))


def _scaled(samples: NDArray[Any], levels: int | None) -> NDArray[np.uint8]:
    """Map 0..`levels` to 0..255. Without `levels`: 0..1 if all lie there, else from the lowest to the highest."""
    if levels == 65535:
        eight_bit: NDArray[np.uint8] = (np.clip(samples, 0, 65535) >> 8).astype(np.uint8)
        return eight_bit
    with np.errstate(invalid="ignore", over="ignore"):  # damaged files hold every kind of number
        numbers = np.nan_to_num(samples.astype(np.float32), copy=False, posinf=0, neginf=0)
        low, high = (0.0, float(levels)) if levels else (float(numbers.min()), float(numbers.max()))
        if samples.dtype.kind == "f" and low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        numbers -= low
        numbers *= 255 / (high - low) if high > low else 0
        return np.rint(np.clip(numbers, 0, 255, out=numbers), out=numbers).astype(np.uint8)


def _reduced(image: Image.Image, at_least: int | None) -> Image.Image:
    factor = 1 if at_least is None else min(image.size) // at_least
    return image.reduce(factor) if factor > 1 else image


def _through_profile(image: Image.Image, icc: object) -> Image.Image | None:
    """Convert to sRGB by an ICC profile; None if there is none, it is damaged, or not made for this mode."""
    if not isinstance(icc, bytes) or not icc:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if profile.profile.xcolor_space != PROFILE_SPACES.get(image.mode):
            return None
        if (profile.profile.profile_description or "").strip(" \0\n") in SRGB_NAMES:
            return None
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        transform = ImageCms.buildTransform(profile, srgb, image.mode, "RGB")
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
