"""Taxonomies as CSV, a row per tag; as spreadsheets write it, and written so that they read it."""

from collections.abc import Iterable, Sequence

from tagsmith.errors import TaxonomyError
from tagsmith.sentences import say
from tagsmith.sheets import parted, rows, unguarded, written
from tagsmith.taxonomy.files.content import Draft, Problems, TaxonomyFile, assembled
from tagsmith.taxonomy.files.encoding import decoded
from tagsmith.taxonomy.wording import checked_language

SINGLE = ("id", "description", "blocked", "redirects")
BY_LANGUAGE = ("title", "synonyms")
_YES = ("true", "yes", "1", "x", "wahr", "ja")
NO = ("", "false", "no", "0", "falsch", "nein")


def parse_csv(content: bytes) -> TaxonomyFile:
    """Return what a CSV file says; separators are found out, columns are known by their names.

    Raises
    ------
    TaxonomyError
        With every problem of the file on a line of its own, up to 20.
    """
    text, problems = decoded(content), Problems()
    lines = rows(text, lambda line, problem: problems.add(say("line {line}", line=line), problem))
    line, header = next(lines, (1, []))
    columns = _columns(line, header, problems)
    problems.check()
    drafts = []
    for line, row in lines:
        if len(row) > len(columns) and any(row[len(columns) :]):
            problems.add(
                say("line {line}", line=line),
                say("{cells} cells, but the first line names {columns}", cells=len(row), columns=len(columns)),
            )
        draft = Draft(problems, say("line {line}", line=line))
        for (kind, language), cell in zip(columns, [*row, *[""] * len(columns)], strict=False):
            _read(draft, kind, language, cell.strip(), problems)
        drafts.append(draft)
    return assembled(drafts, problems)


def write_csv(languages: Sequence[str], tags: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file of tags in the order of `header(languages)`; the mark at its start is for Excel."""
    return written([header(languages), *tags])


def header(languages: Sequence[str]) -> list[str]:
    """Return the names of the columns."""
    return [SINGLE[0], *(f"{kind}:{language}" for kind in BY_LANGUAGE for language in languages), *SINGLE[1:]]


def _columns(line: int, names: Sequence[str], problems: Problems) -> list[tuple[str, str]]:
    """Return the columns as kind and language."""
    columns: list[tuple[str, str]] = []
    for name in names:
        kind, _, language = name.strip().partition(":")
        kind = kind.strip().lower()
        with problems.at(say("line {line}", line=line)):
            if kind in BY_LANGUAGE:
                column = (kind, checked_language(language or "en"))
            elif kind in SINGLE and not language:
                column = (kind, "")
            else:
                raise TaxonomyError(
                    "unknown column {name!r}; known are {known}", name=name.strip(), known=", ".join(header(["en"]))
                )
            if column in columns:
                raise TaxonomyError("the column {name!r} is there twice", name=name.strip())
            columns.append(column)
    if ("id", "") not in columns:
        problems.add(say("line {line}", line=line), say("there is no column 'id'"))
    return columns


def _read(draft: Draft, kind: str, language: str, cell: str, problems: Problems) -> None:
    text = unguarded(cell)
    place = f"{draft.place}, {kind}:{language}" if language else f"{draft.place}, {kind}"
    match kind:
        case "id":
            draft.set_key(place, text)
        case "title":
            draft.set_title(place, language, text)
        case "synonyms":
            draft.set_synonyms(place, language, parted(text))
        case "description":
            draft.set_description(place, text)
        case "redirects":
            draft.set_redirects(place, parted(text))
        case _:
            draft.blocked = text.lower() in _YES
            if text.lower() not in (*_YES, *NO):
                problems.add(place, say("{value!r} is neither true nor false", value=text))
