"""Taxonomies as CSV, a row per tag; as spreadsheets write it, and written so that they read it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files.content import Draft, Problems, TaxonomyFile, assembled
from tagsmith.taxonomy.files.encoding import decoded
from tagsmith.taxonomy.wording import checked_language

SEPARATORS = ",;\t"
SINGLE = ("id", "description", "blocked", "redirects")
BY_LANGUAGE = ("title", "synonyms")
_YES = ("true", "yes", "1", "x", "wahr", "ja")
_NO = ("", "false", "no", "0", "falsch", "nein")
_FORMULA = re.compile(r"'*[=+\-@]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ITEM = re.compile(r"(?:[^;\\]|\\.?)*", re.DOTALL)


def parse_csv(content: bytes) -> TaxonomyFile:
    """Return what a CSV file says; separators are found out, columns are known by their names.

    Raises
    ------
    TaxonomyError
        With every problem of the file on a line of its own, up to 20.
    """
    text, problems = decoded(content), Problems()
    rows = _rows(text, problems)
    line, header = next(rows, (1, []))
    columns = _columns(line, header, problems)
    problems.check()
    drafts = []
    for line, row in rows:
        if len(row) > len(columns) and any(row[len(columns) :]):
            problems.add(f"line {line}", f"{len(row)} cells, but the first line names {len(columns)}")
        draft = Draft(problems, f"line {line}")
        for (kind, language), cell in zip(columns, [*row, *[""] * len(columns)], strict=False):
            _read(draft, kind, language, cell.strip(), problems)
        drafts.append(draft)
    return assembled(drafts, problems)


def write_csv(languages: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file of rows in the order of `header(languages)`; the mark at its start is for Excel."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header(languages))
    writer.writerows([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def header(languages: Sequence[str]) -> list[str]:
    """Return the names of the columns."""
    return [SINGLE[0], *(f"{kind}:{language}" for kind in BY_LANGUAGE for language in languages), *SINGLE[1:]]


def joined(texts: Iterable[str]) -> str:
    """Return several texts as one cell."""
    return ";".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def _split(cell: str) -> list[str]:
    items = [match[0] for match in _ITEM.finditer(cell)] if cell else []
    return [text for text in (_ESCAPED.sub(r"\1", item).strip() for item in items) if text]


def _rows(text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty with the line on which they begin."""
    start = text[: re.search(r"[\r\n]|$", text).start()]  # type: ignore[union-attr]  # always matches
    separator = max(SEPARATORS, key=lambda one: len(next(csv.reader([start], delimiter=one), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(f"line {line}", f"the quotes or the separators are wrong ({error})")


def _columns(line: int, names: Sequence[str], problems: Problems) -> list[tuple[str, str]]:
    """Return the columns as kind and language."""
    columns: list[tuple[str, str]] = []
    for name in names:
        kind, _, language = name.strip().partition(":")
        kind = kind.strip().lower()
        with problems.at(f"line {line}"):
            if kind in BY_LANGUAGE:
                column = (kind, checked_language(language or "en"))
            elif kind in SINGLE and not language:
                column = (kind, "")
            else:
                raise TaxonomyError(f"unknown column {name.strip()!r}; known are {', '.join(header(['en']))}")
            if column in columns:
                raise TaxonomyError(f"the column {name.strip()!r} is there twice")
            columns.append(column)
    if ("id", "") not in columns:
        problems.add(f"line {line}", "there is no column 'id'")
    return columns


def _read(draft: Draft, kind: str, language: str, cell: str, problems: Problems) -> None:
    text = cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
    place = f"{draft.place}, {kind}:{language}" if language else f"{draft.place}, {kind}"
    match kind:
        case "id":
            draft.set_key(place, text)
        case "title":
            draft.set_title(place, language, text)
        case "synonyms":
            draft.set_synonyms(place, language, _split(text))
        case "description":
            draft.set_description(place, text)
        case "redirects":
            draft.set_redirects(place, _split(text))
        case _:
            draft.blocked = text.lower() in _YES
            if text.lower() not in (*_YES, *_NO):
                problems.add(place, f"{text!r} is neither true nor false")
