"""CSV as spreadsheets write it, and written so that they read it. What its columns mean is others' business.

A text that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read; one that
begins with apostrophes and goes on like a formula, too. Several texts in a cell have a semicolon between them; in a
text, a semicolon or a backslash has a backslash before it.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from tagsmith.errors import BadInputError
from tagsmith.sentences import Sentence, joined, say

SEPARATORS = ",;\t"
MOST_PROBLEMS = 20
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - spreadsheets take the wide signs for the others
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ITEM = re.compile(r"(?:[^;\\]|\\.?)*", re.DOTALL)
_OTHERS = {  # the longer marks first: one begins like a shorter one
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def decoded(content: bytes) -> str:
    """Return the text; raises BadInputError that names the encoding or the line of the first wrong byte."""
    for mark, name in _OTHERS.items():
        if content.startswith(mark):
            raise BadInputError("line 1: the file is encoded as {encoding}: save it as UTF-8", encoding=name)
    if b"\0" in content:
        line = _line(content, content.index(b"\0"))
        raise BadInputError(
            "line {line}: a zero byte: the file is no text, or is encoded as UTF-16: save it as UTF-8", line=line
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0)
        raise BadInputError(
            "line {line}: the byte {byte} is not UTF-8: the file may be encoded as Windows-1252 or Latin-1: "
            "save it as UTF-8",
            line=_line(content, start),
            byte=f"0x{content[start]:02x}",
        ) from error


def rows(text: str, wrong: Callable[[int, Sentence], object]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty with the line on which they begin; the separator is found out.

    `wrong` is told the line behind which nothing can be read any more, and why.
    """
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
        wrong(line, say("the quotes or the separators are wrong ({reason})", reason=error))


def written(table: Iterable[Sequence[str]], *, mark: bool = True) -> bytes:
    """Return rows as CSV; the mark at the start is for Excel, and belongs to the first rows of a file alone."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def guarded(text: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that was guarded, or written by somebody who guarded nothing."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def several(texts: Iterable[str]) -> str:
    """Return several texts as one cell."""
    return ";".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def parted(cell: str) -> list[str]:
    """Return the several texts of a cell, without outer spaces."""
    items = [match[0] for match in _ITEM.finditer(cell)] if cell else []
    return [text for text in (_ESCAPED.sub(r"\1", item).strip() for item in items) if text]


class Problems:
    """Collects what is wrong with a file, so that nobody mends it one line at a time."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, Sentence], None] = {}

    def add(self, line: int, problem: Sentence) -> None:
        """Remember one, once."""
        self._found[line, problem] = None

    def check(self, kind: type[BadInputError]) -> None:
        """Raise an error that names the first of them by their lines, if there are any."""
        if not self._found:
            return
        lines = [say("line {line}: {problem}", line=line, problem=problem) for line, problem in sorted(self._found)]
        more = len(lines) - MOST_PROBLEMS
        rest = [say("… and {count} more", count=more)] if more > 0 else []
        raise kind(joined("\n", [*lines[:MOST_PROBLEMS], *rest]))


def _line(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
