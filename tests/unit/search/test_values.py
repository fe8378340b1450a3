"""Numbers and dates as people write them."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.values import (
    Range,
    read_bytes,
    read_confidence,
    read_dates,
    read_pixels,
    spell_dates,
    spell_numbers,
)

DAYS = st.dates(date(1, 1, 2), date(9998, 12, 31))


def day(year, month=1, day=1):
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("800", 800, 801),
        ("800px", 800, 801),
        ("800..1200", 800, 1201),
        ("800 .. 1200", 800, 1201),
        ("1000..", 1000, None),
        ("..500", None, 501),
        ("…500", None, 501),
        ("８００．．", 800, None),
        (">800", 801, None),
        (">=800", 800, None),
        ("≥800", 800, None),
        ("<800", None, 800),
        ("<=800", None, 801),
        ("≤ 800", None, 801),
    ],
)
def test_pixels(text, start, end):
    assert read_pixels(text) == Range(start, end)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1000", 1000, 1001),
        ("1kB..", 1000, None),
        ("..5 MB", None, 5_000_001),
        ("1MiB..", 2**20, None),
        ("1.5GB..", 1_500_000_000, None),
        ("1,5GB..", 1_500_000_000, None),
        (">1TB", 10**12 + 1, None),
        ("2MB", 1_500_000, 2_500_000),
        ("2.0MB", 1_950_000, 2_050_000),
        ("0MB", 0, 500_000),
    ],
)
def test_sizes(text, start, end):
    assert read_bytes(text) == Range(start, end)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("0.8..", 800, None),
        ("80%..", 800, None),
        ("80..90", 800, 901),
        ("0.25..0.5", 250, 501),
        ("0.8", 750, 850),
        ("0.80", 795, 805),
        ("80%", 795, 805),
        ("1", 950, 1001),
        ("100%", 995, 1001),
        ("0", 0, 50),
        ("..1", None, 1001),
    ],
)
def test_confidences(text, start, end):
    assert read_confidence(text) == Range(start, end)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", day(2024), day(2025)),
        ("2024-05", day(2024, 5), day(2024, 6)),
        ("2024-12", day(2024, 12), day(2025)),
        ("2024-02-29", day(2024, 2, 29), day(2024, 3)),
        ("2024/5/7", day(2024, 5, 7), day(2024, 5, 8)),
        ("2024-01-01..2024-12-31", day(2024), day(2025)),
        ("2023..2024-05", day(2023), day(2024, 6)),
        ("2024..", day(2024), None),
        ("..2024", None, day(2025)),
        (">2024", day(2025), None),
        ("<2024", None, day(2024)),
        ("<=2024-05", None, day(2024, 6)),
    ],
)
def test_dates(text, start, end):
    assert read_dates(text) == Range(start, end)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("read", "text", "start", "end"),
    [
        (read_pixels, "1200..800", 800, 1201),
        (read_bytes, "2MB..1kB", 1000, 2_000_001),
        (read_confidence, "0.9..0.5", 500, 901),
        (read_dates, "2024..2023", day(2023), day(2025)),
    ],
)
def test_range_written_backwards_is_turned(read, text, start, end):
    assert read(text) == Range(start, end, swapped=True)


@pytest.mark.parametrize("read", [read_pixels, read_bytes, read_confidence, read_dates])
@pytest.mark.parametrize("text", ["", "..", "...", "wide", "-5", "1..2..3", ">", "<0", "8e3", "1,2,3", "5 apples", "½"])
def test_what_is_no_value_is_none(read, text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_pixels, "1,200"),
        (read_pixels, "1.5"),
        (read_pixels, "800..tall"),
        (read_confidence, "200"),
        (read_confidence, "101%"),
        (read_dates, "2024-13"),
        (read_dates, "2024-02-30"),
        (read_dates, "2023-02-29"),
        (read_dates, "2024-00"),
        (read_dates, "0000"),
        (read_dates, "9999"),
        (read_dates, "24"),
        (read_dates, "<0001"),
        (read_dates, "2024..2024-02-30"),
    ],
)
def test_impossible_value_is_none(read, text):
    assert read(text) is None


@pytest.mark.parametrize(("read", "scale"), [(read_pixels, 1), (read_bytes, 1), (read_confidence, 1000)])
@given(low=st.none() | st.integers(0, 1000), high=st.none() | st.integers(0, 1000))
def test_numbers_read_back_as_they_are_spelled(read, scale, low, high):
    if low is high is None or (low is not None and high is not None and low > high):
        return
    end = None if high is None else high + 1
    assert read(spell_numbers(low, end, scale)) == Range(low, end)


@given(DAYS, DAYS)
def test_dates_read_back_as_they_are_spelled(first, last):
    start, end = sorted([day(first.year, first.month, first.day), day(last.year, last.month, last.day)])
    if start < end:
        assert read_dates(spell_dates(start, end)) == Range(start, end)


@given(st.text("0123456789.,-/<>=kMGTiB% px"))
def test_any_text_is_read_or_none(text):
    for read in (read_pixels, read_bytes, read_confidence, read_dates):
        found = read(text)
        assert found is None or found.start is None or found.end is None or found.start < found.end
