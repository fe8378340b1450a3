"""The merged image of a Photoshop document, at every depth and colour mode. Layers are not read.

Source: Adobe Photoshop File Formats Specification. Pillow reads 8 bits only, takes any fourth channel for
transparency, and turns bitmaps into their negative.
"""

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tagsmith.errors import ImageError
from tagsmith.vision.bounds import check_pixels, take

HEADER = struct.Struct(">4sH6xHIIHH")
MODES = {0: "1", 1: "L", 2: "P", 3: "RGB", 4: "CMYK", 8: "L", 9: "LAB"}  # 7 is multichannel: inks without colours
DEPTHS = {"1": (1,), "P": (8,), "L": (8, 16, 32), "RGB": (8, 16, 32), "CMYK": (8, 16), "LAB": (8, 16)}
RAW, PACK_BITS = 0, 1
ICC_PROFILE, VERSION_INFO = 1039, 1057


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    channels: int
    depth: int
    mode: str

    @property
    def row(self) -> int:
        """Bytes of one row of one channel."""
        return (self.width * self.depth + 7) // 8


def open_psd(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Return the merged image in 8 bits, its ICC profile in `info`.

    Channels after the colours are left out: Photoshop stores a transparent document's colours
    already blended with white, and further channels are saved selections.
    """
    header = _read_header(file, max_pixels)
    palette = _block(file)
    resources = _resources(_block(file))
    layers = _block_length(file)
    if layers and resources.get(VERSION_INFO, b"")[4:5] == b"\0":
        raise ImageError("PSD without a merged image; save it with 'Maximize compatibility'")
    file.seek(layers, 1)
    planes = [_to_8_bits(plane, header) for plane in _planes(file, header)]
    image = planes[0] if len(planes) == 1 else Image.merge(header.mode, planes)
    if header.mode == "P":
        image.putpalette(palette[:768], "RGB;L")
    if header.depth != 32 and ICC_PROFILE in resources:  # the profile of 32 bits is the linear form of sRGB
        image.info["icc_profile"] = resources[ICC_PROFILE]
    return image


def _read_header(file: BinaryIO, max_pixels: int) -> _Header:
    _, version, channels, height, width, depth, mode_number = HEADER.unpack(take(file, HEADER.size))
    if version != 1:
        raise ImageError("large Photoshop documents (PSB) are not read")
    check_pixels((width, height), max_pixels)
    mode = MODES.get(mode_number, "")
    if depth not in DEPTHS.get(mode, ()):
        raise ImageError("PSD of colour mode {mode} with {depth} bits is not read", mode=mode_number, depth=depth)
    if channels < Image.getmodebands(mode):
        raise ImageError("PSD with fewer channels than its colour mode needs")
    return _Header(width, height, channels, depth, mode)


def _block_length(file: BinaryIO) -> int:
    return int.from_bytes(take(file, 4), "big")


def _block(file: BinaryIO) -> bytes:
    return take(file, _block_length(file))


def _resources(block: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 12 <= len(block):
        name_length = block[at + 6]
        start = at + 6 + (name_length + 2) // 2 * 2  # the name and its length byte fill an even number
        size = int.from_bytes(block[start : start + 4], "big")
        found[int.from_bytes(block[at + 4 : at + 6], "big")] = block[start + 4 : start + 4 + size]
        at = start + 4 + (size + 1) // 2 * 2
    return found


def _planes(file: BinaryIO, header: _Header) -> list[Image.Image]:
    """Return the colour channels, each as an "L" image of its bytes: `row` wide, `height` high."""
    wanted = Image.getmodebands(header.mode)
    shape = (header.row, header.height)
    compression = int.from_bytes(take(file, 2), "big")
    if compression == RAW:
        return [Image.frombytes("L", shape, take(file, header.row * header.height)) for _ in range(wanted)]
    if compression != PACK_BITS:
        raise ImageError("PSD with compression {compression} is not read", compression=compression)
    counts = np.frombuffer(take(file, 2 * header.height * header.channels), ">u2").reshape(header.channels, -1)
    lengths = [int(channel.sum()) for channel in counts[:wanted]]
    return [Image.frombytes("L", shape, take(file, length), "packbits", "L") for length in lengths]


def _to_8_bits(plane: Image.Image, header: _Header) -> Image.Image:
    if header.mode == "1":
        return Image.frombytes("1", (header.width, header.height), plane.tobytes(), "raw", "1;I")
    if header.depth == 8 and header.mode != "CMYK":
        return plane
    samples: NDArray[Any] = np.asarray(plane)
    if header.depth == 16:
        samples = samples[:, ::2]  # the high byte comes first
    elif header.depth == 32:
        samples = _encode_linear(samples.view(">f4"))
    return Image.fromarray(np.ascontiguousarray(255 - samples if header.mode == "CMYK" else samples))


def _encode_linear(light: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Map linear light 0..1 to sRGB 0..255 (IEC 61966-2-1)."""
    with np.errstate(invalid="ignore"):  # damaged files hold every kind of "not a number"
        light = np.clip(np.nan_to_num(light.astype(np.float32)), 0, 1)
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    encoded: NDArray[np.uint8] = np.rint(curve * 255).astype(np.uint8)
    return encoded
