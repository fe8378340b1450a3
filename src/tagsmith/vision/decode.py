"""Image files of any kind, trusted or not, decoded to upright 8-bit sRGB; what cannot be is refused with a reason."""

import io
import os
import re
import stat
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from PIL import Image, ImageFile, JpegImagePlugin, TiffImagePlugin

from tagsmith.errors import ImageError
from tagsmith.sentences import Sentence, say
from tagsmith.vision.bounds import DecodeLimits, check_bytes, check_pixels
from tagsmith.vision.colour import orientation_in, to_srgb, upright
from tagsmith.vision.formats import EXTENSIONS, HEAD_LENGTH, OPENERS, format_of, is_cut_short

__all__ = ["EXTENSIONS", "DecodeLimits", "decode"]

T = TypeVar("T")
DEFAULT_LIMITS = DecodeLimits()
TIFF_ORIENTATION = 274
# what Pillow, pi_heif and zlib raise on damaged files; a warning is raised where the host turns them into errors
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Image.DecompressionBombError,
    Warning,
    struct.error,
    zlib.error,
)
CUT_SHORT = re.compile(
    r"truncated|not enough image data|premature|unpack\w* requires|end of (data|file)|EOF"
    r"|not large enough|cannot load this image",
    re.IGNORECASE,
)


def decode(source: Path | bytes, *, at_least: int | None = None, limits: DecodeLimits = DEFAULT_LIMITS) -> Image.Image:
    """Decode one image file.

    The content decides on the format, not the name. Of several frames or pages the first counts.
    Safe to call from several threads: the heavy work releases the interpreter lock, and no setting is changed.

    Parameters
    ----------
    source
        The file, or its bytes.
    at_least
        The caller needs no more than this many pixels on the shorter side. The image may then be
        smaller than the file says, by a whole factor, but its shorter side has this many pixels
        (or as many as the file has, if fewer). It makes large JPEGs several times faster.
    limits
        Checked before anything is allocated for pixels.

    Returns
    -------
    PIL.Image.Image
        Mode "RGB", sRGB, EXIF orientation applied, transparency laid on white, `info` empty.

    Raises
    ------
    ImageError
        The file is missing, empty, too large, damaged, or no image; `str(error)` is the reason.
    ValueError
        `at_least` is below 1.
    """
    if at_least is not None and at_least < 1:
        raise ValueError(f"at_least is {at_least}; it must be 1 or more")
    return opened(source, limits, lambda image, _: _to_rgb(image, at_least))


def opened(source: Path | bytes, limits: DecodeLimits, use: Callable[[Image.Image, str], T]) -> T:
    """Return what `use` makes of an image that is not loaded yet, and of its format's name; raises ImageError."""
    if isinstance(source, bytes):
        check_bytes(len(source), limits.max_bytes)
        return _use_file(io.BytesIO(source), limits, use)
    with _open(source, limits) as file:
        return _use_file(file, limits, use)


def _open(path: Path, limits: DecodeLimits) -> BinaryIO:
    if "\0" in str(path):
        raise ImageError("no such file")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe or a device may wait for ever
            wrong = say("a folder, not a file") if stat.S_ISDIR(status.st_mode) else say("not a regular file")
            raise ImageError(wrong)
        check_bytes(status.st_size, limits.max_bytes)
        return path.open("rb")
    except FileNotFoundError:
        raise ImageError("no such file") from None
    except OSError as error:
        raise ImageError("cannot be read: {reason}", reason=os.strerror(error.errno or 0)) from error


def _use_file(file: BinaryIO, limits: DecodeLimits, use: Callable[[Image.Image, str], T]) -> T:
    name = ""
    try:
        name = format_of(file.read(HEAD_LENGTH))
        file.seek(0)
        image = OPENERS[name](file, limits.max_pixels)
        check_pixels(image.size, limits.max_pixels)
        return use(image, name)
    except ImageError:
        raise
    except DAMAGE as error:
        raise ImageError(_reason(error, name, file)) from error


def _to_rgb(image: Image.Image, at_least: int | None) -> Image.Image:
    is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
    if at_least is not None and is_jpeg:
        image.draft(None, (at_least, at_least))
    image.load()
    return bare(upright(to_srgb(image, at_least), orientation_of(image)))


def bare(image: Image.Image) -> Image.Image:
    """Return a converted image without what its file said about it, and without the file."""
    if isinstance(image, ImageFile.ImageFile) and not isinstance(image, JpegImagePlugin.JpegImageFile):
        image = image.copy()  # other readers keep their decoder, and with it the file
    image.info = {}
    return image


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation of an image, 1 to 8."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        orientation = image.tag_v2.get(TIFF_ORIENTATION)
        return orientation if isinstance(orientation, int) else 1
    exif = image.info.get("exif")
    return orientation_in(exif) if isinstance(exif, bytes) else 1


def _reason(error: BaseException, name: str, file: BinaryIO) -> Sentence:
    detail = " ".join(str(error).split())[:100]
    if isinstance(error, MemoryError):
        return say("needs more memory than there is")
    if isinstance(error, Image.DecompressionBombError):
        pixels, limit = (int(number) for number in re.findall(r"\d+", detail)[:2])
        return say("{count:,} pixels; the limit is {limit:,}", count=pixels, limit=limit)
    if "MAX_TEXT" in detail:
        return say("its text or colour profile unpacks to too much")
    if not name:
        return say("cannot be read: {reason}", reason=detail)
    if isinstance(error, EOFError | struct.error) or CUT_SHORT.search(detail) or is_cut_short(name, file):
        return say("truncated")
    is_told = isinstance(error, OSError | RuntimeError | SyntaxError)  # the others speak of Python, not of the file
    damaged = say("damaged {format} file", format=name)
    return say("{damage}: {reason}", damage=damaged, reason=detail) if is_told and detail else damaged
