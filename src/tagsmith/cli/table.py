"""Plain tables for the terminal: columns as wide as they need to be."""

import unicodedata
from collections.abc import Sequence

import click


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> None:
    """Print rows under their headings; `align` has an "l" or "r" per column."""
    table = [headings, *rows]
    widths = [max(width(row[column]) for row in table) for column in range(len(headings))]
    for row in table:
        cells = [pad(cell, size, right=side == "r") for cell, size, side in zip(row, widths, align, strict=True)]
        click.echo("  ".join(cells).rstrip())


def width(text: str) -> int:
    """Return how many terminal columns a text takes; East Asian characters take two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(unicodedata.combining(character)) for character in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return the text filled with spaces to a number of terminal columns."""
    space = " " * (columns - width(text))
    return space + text if right else text + space
