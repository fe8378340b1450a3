"""Colour, depth, transparency, orientation and profiles come out right."""

import struct

import numpy as np
import pytest
from PIL import Image

from tagsmith.vision.decode import decode
from unit.vision.image_files import (
    BLUE,
    GREEN,
    QUADRANTS,
    RED,
    YELLOW,
    exif,
    linear_grey_profile,
    odd_cmyk_profile,
    png,
    png_chunk,
    psd,
    quadrants,
    rgb_profile,
    saved,
    seen,
    tiff,
)

pytestmark = pytest.mark.req("L3b")

WHITE = (255, 255, 255)
STORED = {  # orientation: what must be done to the upright picture to get the stored one
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
RAMP = (0, 64, 128, 255)


def near(found, expected, tolerance=1):
    return np.abs(np.subtract(found, expected)).max() <= tolerance


def greys(image):
    return [pixel[0] for pixel in seen(image)]


def half_transparent(mode="RGBA"):
    image = quadrants()
    image.putalpha(128)
    return image.convert(mode)


def on_white(colour, alpha=128):
    return tuple(round((c * alpha + 255 * (255 - alpha)) / 255) for c in colour)


def deep_grey(samples, kind):
    return np.kron(np.array(samples, kind).reshape(2, 2), np.ones((4, 4), kind))


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation_is_undone(file_format, orientation):
    turn = STORED[orientation]
    upright = quadrants((64, 32))
    stored = upright.transpose(turn) if turn is not None else upright
    image = decode(saved(stored, file_format, exif=b"Exif\0\0" + exif(orientation), quality=95))
    assert image.size == (64, 32)
    assert near(seen(image), QUADRANTS, 12)


def test_orientation_of_a_big_endian_block_is_undone():
    stored = quadrants().transpose(Image.Transpose.ROTATE_180)
    assert seen(decode(saved(stored, "PNG", exif=exif(3, ">")))) == list(QUADRANTS)


@pytest.mark.parametrize("block", [exif(9), exif(0), exif(3)[:12], b"II*\0\xff\xff\xff\xff", b"", b"nonsense"])
def test_damaged_or_unknown_orientation_leaves_the_image_as_it_is(block):
    assert seen(decode(saved(quadrants(), "PNG", exif=block))) == list(QUADRANTS)


def test_damaged_exif_of_a_jpeg_without_resolution_is_no_matter():
    plain = saved(quadrants(), "JPEG", quality=95)
    segment = b"Exif\0\0II*\0\x08\0\0\0\xff\x00\x1a\x01\x05\0"
    damaged = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[20:]
    assert near(seen(decode(damaged)), QUADRANTS, 12)


def test_heic_is_turned_once(heic):
    image = decode(heic["turned"])
    assert image.size == (48, 64)
    assert near(seen(image), [BLUE, RED, YELLOW, GREEN], 12)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "JPEG", "WEBP", "AVIF"])
def test_profile_is_converted_to_srgb(file_format):
    data = saved(quadrants(), file_format, icc_profile=rgb_profile("grb"), quality=95)
    expected = [(g, r, b) for r, g, b in QUADRANTS]
    assert near(seen(decode(data)), expected, 2 if file_format in ("PNG", "TIFF") else 20)


def test_profile_of_heic_is_converted(heic):
    assert near(seen(decode(heic["swapped"])), [(g, r, b) for r, g, b in QUADRANTS], 20)


def test_profile_of_psd_is_converted():
    body = b"\0\0" + bytes([200, 30, 40])
    assert near(
        decode(psd((1, 1), 3, 8, body, channels=3, resources={1039: rgb_profile("grb")})).getpixel((0, 0)),
        (30, 200, 40),
        2,
    )


def test_profile_of_a_palette_applies_to_its_colours():
    image = quadrants().quantize(4)
    assert near(
        seen(decode(saved(image, "PNG", icc_profile=rgb_profile("grb")))), [(g, r, b) for r, g, b in QUADRANTS], 2
    )


def test_profile_of_an_image_with_alpha_leaves_the_background_white():
    image = decode(saved(half_transparent(), "PNG", icc_profile=rgb_profile("grb")))
    assert near(seen(image), [on_white((g, r, b)) for r, g, b in QUADRANTS], 2)


def test_srgb_profile_changes_nothing():
    assert near(seen(decode(saved(quadrants(), "PNG", icc_profile=rgb_profile()))), QUADRANTS, 1)


def test_grey_profile_is_converted():
    image = decode(saved(Image.new("L", (8, 8), 55), "PNG", icc_profile=linear_grey_profile()))
    assert near(image.getpixel((0, 0)), (128, 128, 128), 2)


@pytest.mark.parametrize(
    "profile", [b"not a profile", rgb_profile("grb")[:150], odd_cmyk_profile(), linear_grey_profile(), bytes(200)]
)
def test_broken_or_foreign_profile_is_ignored(profile):
    assert seen(decode(saved(quadrants(), "PNG", icc_profile=profile))) == list(QUADRANTS)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_without_profile_is_inks_on_white(file_format):
    inks = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255)]
    image = decode(saved(quadrants(colours=inks, mode="CMYK"), file_format, quality=95))
    assert near(seen(image), [(0, 255, 255), (255, 0, 255), (255, 255, 0), (0, 0, 0)], 12)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_profile_is_converted(file_format):
    image = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    image.paste((0, 255, 255, 255), (0, 0, 8, 16))
    left, right = seen(decode(saved(image, file_format, icc_profile=odd_cmyk_profile(), quality=95)))[:2]
    assert near(left, WHITE, 12)
    assert near(right, (255, 0, 0), 12)


@pytest.mark.parametrize(
    "body", [b"\0\0" + bytes([0, 255, 255, 255]), b"\0\1" + b"\0\2" * 4 + b"\0\0\0\xff\0\xff\0\xff"]
)
def test_cmyk_psd_stores_paper_as_255(body):
    assert decode(psd((1, 1), 4, 8, body, channels=4)).getpixel((0, 0)) == (0, 255, 255)


def test_lab_psd():
    image = decode(psd((1, 1), 9, 8, b"\0\0" + bytes([136, 208, 195]), channels=3))
    assert near(image.getpixel((0, 0)), (255, 0, 0), 12)


def test_lab_tiff():
    lab = Image.merge("LAB", [Image.new("L", (8, 8), value) for value in (136, 208, 195)])
    assert near(decode(saved(lab, "TIFF")).getpixel((0, 0)), (255, 0, 0), 12)


@pytest.mark.parametrize(
    ("mode", "stored", "expected"),
    [
        (1, [0x8000], (128, 128, 128)),
        (3, [0xC800, 0x1E00, 0x2800], RED),
        (4, [0, 0xFFFF, 0xFFFF, 0xFFFF], (0, 255, 255)),
    ],
)
def test_psd_of_16_bits(mode, stored, expected):
    body = b"\0\0" + struct.pack(f">{len(stored)}H", *stored)
    assert decode(psd((1, 1), mode, 16, body, channels=len(stored))).getpixel((0, 0)) == expected


def test_psd_of_16_bits_packed():
    body = b"\0\1" + b"\0\3" * 3 + b"\1\xc8\0" + b"\1\x1e\0" + b"\1\x28\0"
    assert decode(psd((1, 1), 3, 16, body, channels=3)).getpixel((0, 0)) == RED


def test_psd_of_32_bits_is_linear_light():
    body = b"\0\0" + struct.pack(">3f", 0.2158605, 1.0, 7.0)
    assert near(decode(psd((1, 1), 3, 32, body, channels=3)).getpixel((0, 0)), (128, 255, 255))


def test_psd_bitmap_has_black_for_1():
    body = b"\0\0" + bytes([0b10100000, 0b01000000])
    image = decode(psd((3, 2), 0, 1, body, channels=1))
    assert np.asarray(image)[..., 0].tolist() == [[0, 255, 0], [255, 0, 255]]


def test_psd_palette():
    palette = bytes([0, 200] + [0] * 254 + [0, 30] + [0] * 254 + [0, 40] + [0] * 254)
    assert decode(psd((1, 1), 2, 8, b"\0\0\1", channels=1, palette=palette)).getpixel((0, 0)) == RED


def test_psd_colours_are_already_on_white_and_a_saved_selection_hides_nothing():
    assert decode(psd((1, 1), 3, 8, b"\0\0" + bytes([*RED, 0]), channels=4)).getpixel((0, 0)) == RED


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "PPM"])
def test_grey_of_16_bits_is_scaled(file_format):
    samples = deep_grey([0, 0x4080, 0x8080, 0xFFFF], np.uint16)
    assert greys(decode(saved(Image.fromarray(samples), file_format))) == list(RAMP)


@pytest.mark.parametrize(("photometric", "expected"), [(1, RAMP), (0, (255, 191, 127, 0))])
def test_tiff_of_16_bits_may_begin_with_black_or_white(photometric, expected):
    pixels = deep_grey([0, 0x4080, 0x8080, 0xFFFF], np.uint16)
    assert greys(decode(tiff((8, 8), {258: 16, 262: photometric}, pixels.tobytes()))) == list(expected)


def test_tiff_of_16_bits_may_be_big_endian():
    pixels = deep_grey([0, 0x4080, 0x8080, 0xFFFF], np.uint16).astype(">u2")
    assert greys(decode(saved(Image.frombytes("I;16B", (8, 8), pixels.tobytes()), "TIFF"))) == list(RAMP)


def test_tiff_of_12_bits_is_scaled():
    assert greys(decode(tiff((2, 2), {258: 12, 262: 1}, bytes([0x00, 0x0F, 0xFF, 0x80, 0x04, 0x00])))) == [
        0,
        255,
        128,
        64,
    ]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-50.0, 1000.0)])
def test_float_tiff_is_scaled_by_its_range(low, high):
    samples = low + deep_grey(RAMP, np.float32) / 255 * (high - low)
    assert near(greys(decode(saved(Image.fromarray(samples.astype(np.float32)), "TIFF"))), RAMP)


def test_float_tiff_within_0_and_1_is_not_stretched():
    assert greys(decode(saved(Image.new("F", (8, 8), 0.5), "TIFF"))) == [128] * 4


def test_float_tiff_with_holes_is_read():
    samples = deep_grey([0.0, np.nan, np.inf, 1.0], np.float32)
    assert greys(decode(saved(Image.fromarray(samples), "TIFF"))) == [0, 0, 0, 255]


def test_tiff_of_32_bit_integers_is_stretched():
    assert near(greys(decode(saved(Image.fromarray(deep_grey(RAMP, np.int32) * 1000), "TIFF"))), RAMP)


def test_png_of_16_bits_a_colour():
    rows = b"\0" + struct.pack(">3H", 0xC8FF, 0x1E00, 0x2880)
    assert decode(png((1, 1), 16, 2, rows)).getpixel((0, 0)) == RED


def test_ppm_of_16_bits_a_colour():
    data = b"P6 1 1 65535\n" + struct.pack(">3H", *(value * 257 for value in RED))
    assert decode(data).getpixel((0, 0)) == RED


@pytest.mark.parametrize(("highest", "kind"), [(1023, ">u2"), (100, "u1")])
def test_pgm_of_any_range_is_scaled(highest, kind):
    samples = np.array([0, highest // 2, highest], kind)
    image = decode(b"P5 3 1 %d\n" % highest + samples.tobytes())
    assert near(np.asarray(image)[0, :, 0], [0, 127, 255])


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "ICO"])
def test_alpha_is_laid_on_white(file_format):
    image = decode(saved(half_transparent(), file_format, lossless=True, sizes=[(32, 24)]))
    assert near(seen(image), [on_white(colour) for colour in QUADRANTS])


@pytest.mark.parametrize("name", ["AVIF"])
def test_alpha_of_avif_is_laid_on_white(name):
    assert near(seen(decode(saved(half_transparent(), name, quality=95))), [on_white(c) for c in QUADRANTS], 12)


def test_alpha_of_heic_is_laid_on_white(heic):
    assert near(seen(decode(heic["alpha"])), [on_white(colour) for colour in QUADRANTS], 12)


def test_grey_with_alpha():
    assert near(decode(saved(Image.new("LA", (4, 4), (100, 128)), "PNG")).getpixel((0, 0)), on_white((100,) * 3))


@pytest.mark.parametrize("file_format", ["PNG", "GIF"])
def test_transparent_palette_entry_is_white(file_format):
    image = quadrants().quantize(4)
    hidden = image.getpixel((1, 1))
    assert seen(decode(saved(image, file_format, transparency=hidden))) == [WHITE, *QUADRANTS[1:]]


def test_palette_with_partial_transparency():
    image = quadrants().quantize(4)
    assert near(seen(decode(saved(image, "PNG", transparency=b"\x80" * 4))), [on_white(colour) for colour in QUADRANTS])


@pytest.mark.parametrize(
    ("depth", "colour_type", "row", "transparent", "expected"),
    [
        (8, 0, bytes([7, 100]), struct.pack(">H", 7), [255, 100]),
        (16, 0, struct.pack(">2H", 0x0700, 0x6400), struct.pack(">H", 0x0700), [255, 100]),
        (4, 0, bytes([0x3F]), struct.pack(">H", 3), [255, 255]),
        (2, 0, bytes([0b01100000]), struct.pack(">H", 1), [255, 170]),
        (16, 2, struct.pack(">6H", *[0x0701] * 3, *[0x6400] * 3), struct.pack(">3H", *[0x0701] * 3), [255, 100]),
    ],
)
def test_transparent_colour_of_a_png_is_white(depth, colour_type, row, transparent, expected):
    image = decode(png((2, 1), depth, colour_type, b"\0" + row, extra=png_chunk(b"tRNS", transparent)))
    assert np.asarray(image)[0, :, 0].tolist() == expected


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP", "GIF"])
def test_bilevel_images_are_black_and_white(file_format):
    image = quadrants(colours=[(0,), (255,), (255,), (0,)], mode="1")
    assert greys(decode(saved(image, file_format))) == [0, 255, 255, 0]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_grey_stays_grey(file_format):
    image = quadrants(colours=[(value,) for value in RAMP], mode="L")
    assert near(seen(decode(saved(image, file_format))), [(value,) * 3 for value in RAMP], 6)
