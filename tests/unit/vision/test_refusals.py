"""What cannot be read is refused with its reason, before anything is allocated for it."""

import os
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tagsmith.errors import ImageError
from tagsmith.vision.decode import DecodeLimits, decode
from unit.vision.image_files import (
    DIRECTORY_LAST,
    NAMES,
    XBM,
    XPM,
    png,
    png_chunk,
    psd,
    quadrants,
    samples,
    saved,
    tiff,
)

pytestmark = pytest.mark.req("L3c")

BOMBS = ("PNG", "JPEG", "TIFF", "PSD", "GIF", "BMP", "PNM", "deep PNM", "XPM", "XBM")


def reason(source, **options):
    with pytest.raises(ImageError) as caught:
        decode(source, **options)
    return str(caught.value)


@pytest.mark.parametrize("name", ["none.jpg", "no\0ne.jpg"])
def test_missing_file(tmp_path, name):
    assert reason(tmp_path / name) == "no such file"


def test_folder(tmp_path):
    assert reason(tmp_path) == "a folder, not a file"


def test_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path / "pipe.jpg") == "not a regular file"


def test_reason_of_the_system_is_passed_on(tmp_path):
    assert reason(tmp_path / ("x" * 300 + ".jpg")) == "cannot be read: File name too long"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty file"),
        (b"Dear Sir or Madam,\n", "not an image that Tagsmith reads"),
        (b"\0" * 5000, "not an image that Tagsmith reads"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not an image that Tagsmith reads"),
        (b"#define A 1\nint main(void) {}\n", "not an image that Tagsmith reads"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawings are not read"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<SVG/>', "SVG drawings are not read"),
        (psd((1, 1), 3, 8, b"\0\0abc", channels=3, version=2), "large Photoshop documents (PSB) are not read"),
        (psd((1, 1), 7, 8, b"\0\0a", channels=1), "PSD of colour mode 7 with 8 bits is not read"),
        (psd((1, 1), 3, 8, b"\0\0a", channels=1), "PSD with fewer channels than its colour mode needs"),
        (psd((1, 1), 1, 8, b"\0\2a", channels=1), "PSD with compression 2 is not read"),
        (
            psd((1, 1), 1, 8, b"\0\0a", channels=1, layers=b"some", resources={1057: b"\0\0\0\1\0"}),
            "PSD without a merged image; save it with 'Maximize compatibility'",
        ),
        (png((0, 5), 8, 2, b""), "damaged PNG file: not identified by this driver"),
        (psd((0, 5), 1, 8, b"\0\0", channels=1), "no pixels: 0 wide, 5 high"),
        (XPM.replace(b"a a b b ", b"a a bbb "), "XPM with a colour that it does not define"),
        (XPM.replace(b"4 2 4 2", b"4 2 4 9"), "XPM with 9 characters a pixel is not read"),
        (XPM[:60], "truncated"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "damaged JPEG file: not identified by this driver"),
    ],
)
def test_refusal_names_the_reason(data, expected):
    assert reason(data) == expected


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(DIRECTORY_LAST)))
def test_truncated_file(name):
    data, _ = samples()[name]
    assert reason(data[: len(data) * 3 // 4]) == "truncated"


@pytest.mark.parametrize("name", DIRECTORY_LAST)
def test_truncated_tiff_that_has_lost_its_directory(name):
    data, _ = samples()[name]
    assert reason(data[: len(data) // 4]).startswith(("truncated", "damaged TIFF file"))


def test_truncated_heic(heic):
    assert reason(heic["plain"][:-40]) == "truncated"


def bombs():
    side = 30_000
    gif = (
        b"GIF89a"
        + struct.pack("<HHBBB", side, side, 0, 0, 0)
        + b","
        + struct.pack("<4HB", 0, 0, side, side, 0)
        + b"\2\0;"
    )
    jpeg = saved(Image.new("RGB", (8, 8)), "JPEG")
    frame = jpeg.index(b"\xff\xc0") + 5
    webp = saved(Image.new("RGB", (8, 8)), "WEBP", exif=b"II*\0\x08\0\0\0\0\0")
    canvas = (13_999).to_bytes(3, "little") + (15_999).to_bytes(3, "little")
    bmp = saved(Image.new("RGB", (8, 8)), "BMP")
    ico = struct.pack("<3H4B2H2I", 0, 1, 1, 0, 0, 0, 0, 1, 32, 100, 22) + png((side, side), 8, 2, b"")
    return {
        "PNG": png((side, side), 8, 2, b""),
        "JPEG": jpeg[:frame] + struct.pack(">HH", side, side) + jpeg[frame + 4 :],
        "TIFF": tiff((side, side), {258: 8, 262: 1}, b""),
        "PSD": psd((side, side), 3, 8, b"\0\0", channels=3),
        "GIF": gif,
        "BMP": bmp[:18] + struct.pack("<ii", side, side) + bmp[26:],
        "WebP": webp[:24] + canvas + webp[30:],
        "PNM": b"P6 30000 30000 255\n",
        "deep PNM": b"P6 30000 30000 1023\n",
        "XPM": XPM.replace(b"4 2 4", b"30000 30000 4"),
        "XBM": XBM.replace(b"width 9", b"width 30000").replace(b"height 2", b"height 30000"),
        "ICO": ico,
    }


@pytest.mark.parametrize("name", BOMBS)
def test_huge_size_is_refused_by_the_header(name):
    assert reason(bombs()[name]) == "900,000,000 pixels; the limit is 200,000,000"


def test_huge_icon_and_webp_are_refused():
    assert reason(bombs()["ICO"]) == "900,000,000 pixels; the limit is 67,108,864"
    assert reason(bombs()["WebP"]) == "224,000,000 pixels; the limit is 178,956,970"


def test_huge_heic_is_refused_by_the_header(heic):
    spatial_extent = b"ispe" + bytes(4) + struct.pack(">II", 64, 64)
    assert spatial_extent in heic["square"]
    data = heic["square"].replace(spatial_extent, b"ispe" + bytes(4) + struct.pack(">II", 30_000, 30_000))
    assert reason(data) == "900,000,000 pixels; the limit is 200,000,000"


def test_huge_avif_is_refused_by_the_header():
    data = samples()["picture.avif"][0]
    spatial_extent = b"ispe" + bytes(4) + struct.pack(">II", 64, 48)
    bomb = data.replace(spatial_extent, b"ispe" + bytes(4) + struct.pack(">II", 16_000, 16_000))
    assert reason(bomb) == "256,000,000 pixels; the limit is 200,000,000"


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP"])
def test_size_between_the_limits_of_pillow_and_the_caller_passes_without_warning(file_format):
    data = saved(Image.new("1", (10_000, 9_500)), file_format)
    assert decode(data, at_least=64).size == (68, 65)


def test_limits_can_be_set():
    data = saved(quadrants(), "PNG")
    assert reason(data, limits=DecodeLimits(max_pixels=767)) == "768 pixels; the limit is 767"
    assert reason(b"x" * 1001, limits=DecodeLimits(max_bytes=1000)) == "1,001 bytes; the limit is 1,000"
    assert decode(data, limits=DecodeLimits(max_pixels=768)).size == (32, 24)


def test_file_limit_counts_for_paths(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(bytes(1001))
    assert reason(path, limits=DecodeLimits(max_bytes=1000)) == "1,001 bytes; the limit is 1,000"


def test_text_that_unpacks_to_too_much_is_refused():
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))
    assert reason(png((1, 1), 8, 0, b"\0\0", extra=text)) == "its text or colour profile unpacks to too much"


def test_strip_that_covers_a_corner_only_is_truncated():
    data = tiff((64, 64), {258: 8, 262: 1, 278: 2}, bytes(128))
    assert reason(data) == "truncated"


def mutated(data, chance):
    """Cut the file off, or overwrite some bytes, more often in its first part."""
    damaged = bytearray(data)
    if chance.random() < 0.25:
        return bytes(damaged[: chance.randrange(len(damaged))])
    for _ in range(chance.choice((1, 2, 5, 20))):
        end = min(len(damaged), chance.choice((64, 200, len(damaged))))
        damaged[chance.randrange(end)] = chance.choice((0, 255, chance.randrange(256)))
    return bytes(damaged)


def is_image_or_refused(data):
    try:
        image = decode(data, limits=DecodeLimits(max_pixels=1_000_000))
    except ImageError as error:
        return "\n" not in str(error) and 0 < len(str(error)) < 150
    return image.mode == "RGB"


@pytest.mark.parametrize("name", [*NAMES, "xpm", "xbm"])
def test_damaged_file_is_an_image_or_refused(name):
    data = {"xpm": XPM, "xbm": XBM}.get(name) or samples()[name][0]
    chance = random.Random(name)
    assert all(is_image_or_refused(mutated(data, chance)) for _ in range(100))


def test_damaged_heic_is_an_image_or_refused(heic):
    chance = random.Random(1)
    assert all(is_image_or_refused(mutated(heic["plain"], chance)) for _ in range(100))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"8BPS\0\1", b"GIF89a", b"P3 ", b"BM", b"/* XPM */"]
    ),
    st.binary(max_size=200),
)
def test_any_bytes_are_an_image_or_refused(start, rest):
    assert is_image_or_refused(start + rest)
