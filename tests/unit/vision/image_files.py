"""Image files made for tests, whose right pixels are known."""

import io
import pickle
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping, Sequence
from functools import cache

from PIL import Image
from psd_tools import PSDImage

Colour = tuple[int, ...]
RED, GREEN, BLUE, YELLOW = (200, 30, 40), (30, 160, 60), (40, 60, 190), (230, 200, 50)
QUADRANTS: tuple[Colour, ...] = (RED, GREEN, BLUE, YELLOW)  # top left, top right, bottom left, bottom right

MAKE_HEIC = """
import io, pickle, sys
import pillow_heif
from PIL import Image
pillow_heif.register_heif_opener()
made = {}
for name, (image, options) in pickle.load(sys.stdin.buffer).items():
    file = io.BytesIO()
    image.save(file, "HEIF", **options)
    made[name] = file.getvalue()
sys.stdout.buffer.write(pickle.dumps(made))
"""


def quadrants(
    size: tuple[int, int] = (32, 24), colours: Sequence[Colour] = QUADRANTS, mode: str = "RGB"
) -> Image.Image:
    """Four rectangles of different colours."""
    width, height = size[0] // 2, size[1] // 2
    image = Image.new(mode, size)
    for index, colour in enumerate(colours):
        x, y = index % 2 * width, index // 2 * height
        image.paste(colour if len(colour) > 1 else colour[0], (x, y, x + width, y + height))
    return image


def seen(image: Image.Image) -> list[Colour]:
    """The colours at the middle of each quarter."""
    width, height = image.size
    return [image.getpixel((x, y)) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]


def saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def heic_files(images: Mapping[str, tuple[Image.Image, Mapping[str, object]]]) -> dict[str, bytes]:
    """Encode in another process: two copies of libheif do not get along in one."""
    command = [sys.executable, "-c", MAKE_HEIC]
    done = subprocess.run(command, input=pickle.dumps(dict(images)), stdout=subprocess.PIPE, check=True)
    return pickle.loads(done.stdout)


def exif(orientation: int, order: str = "<") -> bytes:
    magic = b"II" if order == "<" else b"MM"
    return magic + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def png(size: tuple[int, int], depth: int, colour_type: int, rows: bytes, *, extra: bytes = b"") -> bytes:
    """A PNG from its rows, each with its filter byte; `extra` is put before the pixels."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + png_chunk(b"IEND", b"")


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def tiff(size: tuple[int, int], tags: Mapping[int, int], pixels: bytes) -> bytes:
    """A little-endian TIFF of one strip; all tags are single numbers."""
    count = len(tags) + 5
    start = 8 + 2 + 12 * count + 4
    every = {256: size[0], 257: size[1], 273: start, 278: size[1], 279: len(pixels), **tags}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, every[tag]) for tag in sorted(every))
    return b"II*\0" + struct.pack("<IH", 8, count) + entries + bytes(4) + pixels


def psd(
    size: tuple[int, int],
    mode: int,
    depth: int,
    body: bytes,
    *,
    channels: int,
    resources: Mapping[int, bytes] | None = None,
    palette: bytes = b"",
    layers: bytes = b"",
    version: int = 1,
) -> bytes:
    """A Photoshop document; `body` begins with the two bytes of its compression."""
    header = struct.pack(">4sH6xHIIHH", b"8BPS", version, channels, size[1], size[0], depth, mode)
    blocks = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + bytes(len(content) % 2)
        for number, content in (resources or {}).items()
    )
    return header + b"".join(struct.pack(">I", len(block)) + block for block in (palette, blocks, layers)) + body


# sRGB primaries adapted to D50, and its curve (IEC 61966-2-1)
PRIMARIES = {"r": (0.43607, 0.22249, 0.01392), "g": (0.38515, 0.71687, 0.09708), "b": (0.14307, 0.06061, 0.71410)}
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def rgb_profile(order: str = "rgb") -> bytes:
    """An RGB profile: sRGB, but its channels mean the primaries named in `order`."""
    tags = {
        f"{channel}XYZ".encode(): b"XYZ " + bytes(4) + _fixed(*PRIMARIES[means])
        for channel, means in zip("rgb", order, strict=True)
    }
    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + _fixed(*SRGB_CURVE)
    return _profile(b"RGB ", b"XYZ ", tags | {f"{channel}TRC".encode(): curve for channel in "rgb"})


def linear_grey_profile() -> bytes:
    return _profile(
        b"GRAY", b"XYZ ", {b"kTRC": b"curv" + bytes(8), b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1, 0.8249)}
    )


def odd_cmyk_profile() -> bytes:
    """A CMYK profile by which the first ink is red and the others are invisible."""
    white, red = bytes((255, 128, 128)), bytes((136, 208, 195))  # CIELAB in 8 bits
    grid = white * 8 + red * 8  # the first ink varies slowest
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += bytes(range(256)) * 4 + grid + bytes(range(256)) * 3
    return _profile(b"CMYK", b"Lab ", {b"A2B0": table})


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _profile(space: bytes, connection: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    date = struct.pack(">6H", 2024, 1, 1, 0, 0, 0)
    header = struct.pack(">I4xI4s4s4s", at + len(body), 0x04000000, kind, space, connection) + date + b"acsp"
    header = header.ljust(68, b"\0") + _fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + table + body


XPM = b"""/* XPM */
static char *quarters[] = {
"4 2 4 2 0 0",
"a  c #C81E28 m black",
"b  s name c #1e1ea0a03c3c",
".. g gray40 c forest green",
"   c None",
"a a b b ",
"....    "};
"""
XBM = b"#define q_width 9\n#define q_height 2\nstatic unsigned char q_bits[] = {\n0x0f, 0x00, 0xf0, 0x01\n};\n"


def with_psd_tools(image):
    file = io.BytesIO()
    PSDImage.frompil(image).save(file)
    return file.getvalue()


def plain_ppm(image):
    width, height = image.size
    return b"P3\n# made by hand\n%d %d 255\n" % (width, height) + b" ".join(b"%d" % value for value in image.tobytes())


@cache
def samples():
    """File by name, with the tolerance that its compression needs."""
    picture = quadrants((64, 48))
    return {
        "photo.jpg": (saved(picture, "JPEG", quality=95), 12),
        "progressive.jpeg": (saved(picture, "JPEG", quality=95, progressive=True), 12),
        "picture.png": (saved(picture, "PNG"), 0),
        "palette.png": (saved(picture.quantize(4), "PNG"), 0),
        "picture.gif": (saved(picture.quantize(4), "GIF"), 0),
        "lossless.webp": (saved(picture, "WEBP", lossless=True), 0),
        "lossy.webp": (saved(picture, "WEBP", quality=95), 12),
        "raw.tif": (saved(picture, "TIFF"), 0),
        "lzw.tiff": (saved(picture, "TIFF", compression="tiff_lzw"), 0),
        "deflate.tif": (saved(picture, "TIFF", compression="tiff_adobe_deflate"), 0),
        "jpeg.tif": (saved(picture, "TIFF", compression="jpeg", quality=95), 12),
        "big.tif": (saved(picture, "TIFF", big_tiff=True), 0),
        "picture.bmp": (saved(picture, "BMP"), 0),
        "picture.avif": (saved(picture, "AVIF", quality=95, speed=10), 12),
        "packed.psd": (with_psd_tools(picture), 0),
        "raw.psd": (psd((64, 48), 3, 8, b"\0\0" + b"".join(p.tobytes() for p in picture.split()), channels=3), 0),
        "binary.ppm": (saved(picture, "PPM"), 0),
        "plain.pnm": (plain_ppm(picture), 0),
        "png.ico": (saved(picture, "ICO", sizes=[(64, 48)]), 0),
        "bitmap.ico": (saved(picture, "ICO", sizes=[(64, 48)], bitmap_format="bmp"), 0),
    }


# fmt: off
NAMES = (
    "photo.jpg", "progressive.jpeg", "picture.png", "palette.png", "picture.gif", "lossless.webp", "lossy.webp",
    "raw.tif", "lzw.tiff", "deflate.tif", "jpeg.tif", "big.tif", "picture.bmp", "picture.avif", "packed.psd",
    "raw.psd", "binary.ppm", "plain.pnm", "png.ico", "bitmap.ico",
)
DIRECTORY_LAST = ("lzw.tiff", "deflate.tif", "jpeg.tif", "big.tif")
# fmt: on
