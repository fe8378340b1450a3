"""The values of fields that hold numbers and dates, as people write them: `800..1200`, `>2MB`, `2024-05`.

A single value stands for all that would be written so: `2024` is the whole year, `2MB` is from 1.5 to 2.5 MB.
Every range here is half-open: its start belongs to it, its end does not.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from tagsmith.search.folding import fold

Bound = TypeVar("Bound", int, datetime)
Span = tuple[Bound, Bound]
Spans = tuple[Span[Bound], Span[Bound]]  # what a value stands for as the end of a range, and alone

LARGEST = 10**15
YEARS = range(1, 9999)  # the year after the last one must be a date too
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

PIXELS = {"": 1, "px": 1}
DECIMAL_BYTES = {"": 1, "b": 1, "k": 10**3, "kb": 10**3, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9, "tb": 10**12}
BYTES = {**DECIMAL_BYTES, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
THOUSANDTHS = {"": 1000, "%": 10}
CERTAIN = 1000
WIDEST_CONFIDENCE = 100  # thousandths: "1" alone is not everything from one half

_NUMBER = re.compile(r"([0-9]{1,18})(?:[.,]([0-9]{1,6}))?\s*([a-z%]*)")
_DATE = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?")
_COMPARISON = re.compile(r"(<=|>=|[<>≤≥])(.*)")
_DOTS = re.compile(r"\.{2,3}")


@dataclass(frozen=True, slots=True)
class Range(Generic[Bound]):
    """A half-open range; a missing end is open. `swapped` says that it was written backwards."""

    start: Bound | None
    end: Bound | None
    swapped: bool = False


def read_pixels(text: str) -> Range[int] | None:
    """Read a width or height; None where the text is none."""
    return _read(text, lambda value: _number(value, PIXELS), lowest=0)


def read_bytes(text: str) -> Range[int] | None:
    """Read a size in bytes or with a unit (MB is a million, MiB is 2 to the 20th); None where the text is none."""
    return _read(text, lambda value: _number(value, BYTES), lowest=0)


def read_confidence(text: str) -> Range[int] | None:
    """Read a confidence (`0.8`, `80%`, `80`) in thousandths; None where the text is none."""
    return _read(text, _confidence, lowest=0)


def read_dates(text: str) -> Range[datetime] | None:
    """Read years, months and days, in UTC; None where the text is none or names a day that there is not."""
    return _read(text, _dates, lowest=BEGINNING)


def spell_numbers(start: int | None, end: int | None, scale: int = 1) -> str:
    """Write a range of numbers so that it reads back the same; `scale` is how many make one."""
    low = "" if start is None else f"{Decimal(start) / scale:f}"
    high = "" if end is None else f"{Decimal(end - 1) / scale:f}"
    return f"{low}..{high}"


def spell_dates(start: datetime | None, end: datetime | None) -> str:
    """Write a range of days so that it reads back the same."""
    low = "" if start is None else start.date().isoformat()
    high = "" if end is None else (end - DAY).date().isoformat()
    return f"{low}..{high}"


def _read(text: str, spans: Callable[[str], Spans[Bound] | None], lowest: Bound) -> Range[Bound] | None:
    text = fold(text).strip()
    if comparison := _COMPARISON.fullmatch(text):
        found = _compared(comparison[1], spans(comparison[2].strip()))
    elif dots := _DOTS.search(text):
        found = _between(text[: dots.start()].strip(), text[dots.end() :].strip(), spans)
    else:
        alone = spans(text)
        found = alone and Range(*alone[1])
    if found is None or (found.end is not None and found.end <= lowest):
        return None
    return found


def _compared(sign: str, value: Spans[Bound] | None) -> Range[Bound] | None:
    if value is None:
        return None
    start, end = value[0]
    return {
        ">": Range(end, None),
        "<": Range(None, start),
        ">=": Range(start, None),
        "≥": Range(start, None),
        "<=": Range(None, end),
        "≤": Range(None, end),
    }[sign]


def _between(low: str, high: str, spans: Callable[[str], Spans[Bound] | None]) -> Range[Bound] | None:
    first, last = (spans(low) if low else None), (spans(high) if high else None)
    if (low and first is None) or (high and last is None) or not (low or high):
        return None
    if first is None or last is None:
        return Range(first and first[0][0], last and last[0][1])
    swapped = first[0] > last[0]
    if swapped:
        first, last = last, first
    return Range(first[0][0], last[0][1], swapped)


def _number(text: str, units: Mapping[str, int], widest: int = LARGEST) -> Spans[int] | None:
    match = _NUMBER.fullmatch(text)
    if match is None or match[3] not in units:
        return None
    scale = units[match[3]]
    places = match[2] or ""
    if places and scale == 1:
        return None  # there are no parts of pixels and bytes, and "1,200" is not 1.2
    value = Decimal(f"{match[1]}.{places or 0}") * scale
    half = min(Decimal(scale) / 10 ** len(places), Decimal(widest)) / 2
    exact = _within_limits(math.ceil(value), math.floor(value) + 1)
    return exact, _within_limits(math.ceil(value - half), math.ceil(value + half))


def _within_limits(start: int, end: int) -> Span[int]:
    start = min(max(start, 0), LARGEST)
    return start, min(max(end, start + 1), LARGEST + 1)


def _confidence(text: str) -> Spans[int] | None:
    found = _number(text, THOUSANDTHS, WIDEST_CONFIDENCE)
    if found and found[0][0] > CERTAIN and "%" not in text:
        return _confidence(f"{text}%")
    if found is None or found[0][0] > CERTAIN:
        return None
    exact, alone = found
    return (exact[0], min(exact[1], CERTAIN + 1)), (alone[0], min(alone[1], CERTAIN + 1))


def _dates(text: str) -> Spans[datetime] | None:
    match = _DATE.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if match[3]:
        after = first + DAY
    elif match[2]:
        after = date(year + month // 12, month % 12 + 1, 1)
    else:
        after = date(year + 1, 1, 1)
    span = _midnight(first), _midnight(after)
    return span, span


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
