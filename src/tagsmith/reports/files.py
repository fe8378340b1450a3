"""Reports as files: an Excel workbook and CSV. Text stays text: nothing that it begins with makes it a formula."""

import csv
import io

import xlsxwriter
from django.utils.timezone import make_naive

from tagsmith.reports.kinds import Cell, Column, Kind, find_kind
from tagsmith.reports.models import Report
from tagsmith.reports.telling import told

COLOURS = {"good": ("#C6EFCE", "#1C6B2C"), "fair": ("#FFEB9C", "#6B4900")}
WIDTHS = {Cell.TEXT: 28, Cell.COUNT: 11, Cell.SHARE: 11, Cell.STATE: 24, Cell.REASON: 70}
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet that opens CSV takes for a formula
FIRST = 4  # row of the table's header, below title, description and date


def workbook(report: Report) -> bytes:
    """Return the report as .xlsx: typed cells, the header frozen and with filters, states in colour and words."""
    content, kind = io.BytesIO(), find_kind(report.kind)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet("Report")
        _write_head(book, sheet, report)
        bold = book.add_format({"bold": True, "bottom": 1})
        for place, column in enumerate(kind.columns):
            sheet.set_column(place, place, WIDTHS[column.cell])
            sheet.write_string(FIRST, place, str(column.title), bold)
        _write_rows(book, sheet, kind, report)
        sheet.autofilter(FIRST, 0, FIRST + len(report.rows), len(kind.columns) - 1)
        sheet.freeze_panes(FIRST + 1, 0)
    return content.getvalue()


def _write_head(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, report: Report) -> None:
    sheet.write_string(0, 0, report.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, report.description)
    if report.ended:
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        sheet.write_datetime(2, 0, make_naive(report.ended), form)


def _write_rows(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, kind: Kind, report: Report) -> None:
    share, wrapped = book.add_format({"num_format": "0 %"}), book.add_format({"text_wrap": True})
    states = {
        state: book.add_format({"bg_color": ground, "font_color": ink}) for state, (ground, ink) in COLOURS.items()
    }
    formats = {Cell.SHARE: share, Cell.REASON: wrapped}
    for line, row in enumerate(told(report), FIRST + 1):
        for place, column in enumerate(kind.columns):
            value = kind.words(column, row)
            form = states.get(row[column.name]) if column.cell is Cell.STATE else formats.get(column.cell)
            if value is None:
                sheet.write_blank(line, place, None, form)
            elif isinstance(value, str):
                sheet.write_string(line, place, value, form)
            else:
                sheet.write_number(line, place, value, form)


def table(report: Report) -> bytes:
    """Return the report as CSV in UTF-8, with a byte order mark, which spreadsheets need."""
    kind = find_kind(report.kind)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(str(column.title) for column in kind.columns)
    writer.writerows([_plain(kind, column, row) for column in kind.columns] for row in told(report))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(kind: Kind, column: Column, row: dict[str, object]) -> object:
    value = kind.words(column, row)
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
