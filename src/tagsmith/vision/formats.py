"""Which reader a file's first bytes call for. The name of the file does not count; no other reader ever runs."""

import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from tagsmith.errors import ImageError
from tagsmith.vision.bitmaps import open_pnm, open_xbm, open_xpm
from tagsmith.vision.bounds import check_pixels, length_of, take
from tagsmith.vision.colour import LEVELS, WHITE_IS_ZERO
from tagsmith.vision.psd import open_psd

Opener = Callable[[BinaryIO, int], Image.Image]

HEAD_LENGTH = 4096
# fmt: off
EXTENSIONS: frozenset[str] = frozenset((
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".dib",
    ".heic", ".heif", ".hif", ".avif", ".psd", ".pnm", ".pgm", ".pbm", ".ppm", ".ico", ".xbm", ".xpm",
))
# fmt: on
MAX_ICON_PIXELS = 2**26  # Pillow warns about larger ones; an icon has no need of them

MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II\x2a\0": "TIFF",
    b"MM\0\x2a": "TIFF",
    b"II\x2b\0": "TIFF",
    b"MM\0\x2b": "TIFF",
    b"8BPS": "PSD",
    b"\0\0\1\0": "ICO",
    b"/* XPM */": "XPM",
}
HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
AVIF_BRANDS = frozenset((b"avif", b"avis"))


def format_of(head: bytes) -> str:
    """Return the name of the format that the first bytes of a file show, or refuse them."""
    for magic, name in MAGIC.items():
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in b" \t\r\n#":
        return "PNM"
    if name := _text_format(head) or _box_format(head):
        return name
    raise ImageError("not an image that Tagsmith reads")


def _text_format(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") and b"<svg" in text.lower():
        raise ImageError("SVG drawings are not read")
    if text.startswith(b"/* XPM */"):
        return "XPM"
    is_bitmap = text.startswith((b"#define ", b"/*")) and b"_width " in text
    return "XBM" if is_bitmap else ""


def _box_format(head: bytes) -> str:
    """Tell HEIC from AVIF by the brands in the `ftyp` box that both begin with."""
    if head[4:8] != b"ftyp":
        return ""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, length - 3, 4)}
    if head[8:12] in AVIF_BRANDS or (brands & AVIF_BRANDS and head[8:12] in (b"mif1", b"msf1")):
        return "AVIF"
    return "HEIC" if brands & HEIF_BRANDS else ""


class _Jpeg(JpegImagePlugin.JpegImageFile):
    def _read_dpi_from_exif(self) -> None:
        """Leave the resolution alone: reading it warns about EXIF that is damaged or merely odd."""


class _Tiff(TiffImagePlugin.TiffImageFile):
    def load_prepare(self) -> None:
        """Allocate without Pillow's own check, which warns of sizes that the caller's limit allows."""
        if self._im is None:
            self.im = Image.core.new(self.mode, self._tile_size)  # type: ignore[attr-defined]
        ImageFile.ImageFile.load_prepare(self)

    def load_end(self) -> None:
        """Keep the stored orientation: Pillow would turn the image here, and parse all EXIF for it."""
        self._size = self._tile_size


def _open_png(file: BinaryIO) -> Image.Image:
    """Open a PNG; its transparent colour is brought to 8 bits as its pixels are, which Pillow forgets."""
    image = PngImagePlugin.PngImageFile(file)
    colour = image.info.get("transparency")
    raw_mode = image.tile[0].args if image.tile else None
    if isinstance(colour, tuple) and raw_mode == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in colour)
    elif isinstance(colour, int) and raw_mode in ("L;2", "L;4"):
        image.info["transparency"] = min(255, colour * (85 if raw_mode == "L;2" else 17))
    return image


def _open_tiff(file: BinaryIO, max_pixels: int) -> Image.Image:
    image = _Tiff(file)
    check_pixels(image.size, max_pixels)
    boxes = [tile.extents or (0, 0, 0, 0) for tile in image.tile]
    if sum((right - left) * (low - top) for left, top, right, low in boxes) < image.width * image.height:
        raise EOFError("truncated")
    bits = image.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (1,))[0]
    signed = image.tag_v2.get(TiffImagePlugin.SAMPLEFORMAT, (1,))[0] == 2
    if image.mode.startswith("I") and bits <= 16 and not signed:
        image.info[LEVELS] = 2**bits - 1
    image.info[WHITE_IS_ZERO] = image.tag_v2.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0
    return image


def _open_heic(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Open a HEIC file without Pillow's plugin, which decodes a file of several images anew at every use."""
    import pi_heif  # noqa: PLC0415 - libheif is loaded by those who have such files

    heif = pi_heif.HeifFile(file)
    check_pixels(heif.size, max_pixels)
    image: Image.Image = heif.to_pillow()
    return image


def _open_ico(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Open the largest picture of an icon, its size checked before Pillow decodes it."""
    icon = IcoImagePlugin.IcoFile(file)
    file.seek(icon.entry[0].offset)
    head = take(file, 24)
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">16xII", head)
    else:
        old = int.from_bytes(head[:4], "little") == 12
        width, height = struct.unpack_from("<HH" if old else "<ii", head, 4)
    check_pixels((width, abs(height)), min(max_pixels, MAX_ICON_PIXELS))
    image = icon.frame(0)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (0, 0):
        image.putalpha(255)  # 32 bits of an old icon without transparency
    return image


def _by(reader: Callable[[BinaryIO], Image.Image]) -> Opener:
    """Make an opener of a reader that takes nothing but the header until the image is loaded."""
    return lambda file, _: reader(file)


OPENERS: Mapping[str, Opener] = {
    "JPEG": _by(_Jpeg),
    "PNG": _by(_open_png),
    "GIF": _by(GifImagePlugin.GifImageFile),
    "WebP": _by(WebPImagePlugin.WebPImageFile),
    "TIFF": _open_tiff,
    "BMP": _by(BmpImagePlugin.BmpImageFile),
    "HEIC": _open_heic,
    "AVIF": _by(AvifImagePlugin.AvifImageFile),
    "PSD": open_psd,
    "PNM": open_pnm,
    "ICO": _open_ico,
    "XBM": open_xbm,
    "XPM": open_xpm,
}


def is_cut_short(name: str, file: BinaryIO) -> bool:
    """Whether the lengths that a WebP, HEIC or AVIF file announces reach beyond its end."""
    end = length_of(file)
    file.seek(0)
    if name == "WebP":
        return int.from_bytes(file.read(8)[4:], "little") + 8 > end
    at = 0
    while name in ("HEIC", "AVIF") and at + 8 <= end:
        file.seek(at)
        length = int.from_bytes(file.read(4), "big")
        if length < 8:  # 0 and 1 have other meanings
            return False
        at += length
    return at > end
