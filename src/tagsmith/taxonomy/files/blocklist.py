"""The blocklist as text and CSV: what is written for each tag, line by line, and the list as a file."""

from collections.abc import Sequence

from tagsmith.errors import TaxonomyError
from tagsmith.sheets import rows, unguarded, written
from tagsmith.taxonomy.files.csv_form import NO
from tagsmith.taxonomy.files.encoding import decoded
from tagsmith.taxonomy.meaning import Entry
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.suggesting import titles_of

NAMES = ("id", "tag", "key", "title", "name")  # of columns that say which tag, the surest first
BLOCKED = "blocked"  # in a taxonomy's own file, rows that say no are not meant


def entries_of_text(text: str) -> list[Entry]:
    """Return what is written on each line; of lines from a spreadsheet, in the first cell."""
    cells = ((line, one.partition("\t")[0].strip()) for line, one in enumerate(text.splitlines(), 1))
    return [Entry(line, unguarded(cell)) for line, cell in cells if cell]


def entries_of_csv(content: bytes) -> list[Entry]:
    """Return what each row says: in the columns that its first row names, or in the first column of all rows.

    Raises
    ------
    TaxonomyError
        The file is no text, or its quotes or separators are wrong; the message names the line.
    """
    table = list(rows(decoded(content), _refuse))
    headings = [cell.partition(":")[0].strip().lower() for cell in table[0][1]] if table else []
    named = sorted((NAMES.index(name), place) for place, name in enumerate(headings) if name in NAMES)
    if not named:
        return [Entry(line, unguarded(row[0].strip())) for line, row in table if row[0].strip()]
    asked = headings.index(BLOCKED) if BLOCKED in headings else None
    meant = [(line, row) for line, row in table[1:] if asked is None or _cell(row, asked).lower() not in NO]
    found = ((line, next(filter(None, (_cell(row, place) for _, place in named)), "")) for line, row in meant)
    return [Entry(line, unguarded(text)) for line, text in found if text]


def export_blocklist() -> bytes:
    """Return the blocked tags as CSV: id and English title, in the order of the ids."""
    tags = list(live_tags().filter(blocked=True))
    titles = titles_of(tag.pk for tag in tags)
    return written([("id", "title"), *((tag.key, titles.get(tag.pk, tag.name)) for tag in tags)])


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _refuse(line: int, problem: str) -> None:
    raise TaxonomyError("line {line}: {problem}", line=line, problem=problem)
