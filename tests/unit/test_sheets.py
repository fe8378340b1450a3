import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.errors import BadInputError
from tagsmith.sentences import say
from tagsmith.sheets import MOST_PROBLEMS, Problems, decoded, guarded, parted, rows, several, unguarded, written

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
FORMULAS = ["=1+1", "+49 30", "-5", "@home", "'=x", "''+", "\t=1", "\r=1", "＝1", "’=1", "'", "", "plain"]  # noqa: RUF001


@given(texts)
def test_any_text_comes_back_from_its_cell(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.req("L6d")
@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_comes_back_and_is_none_for_a_spreadsheet(text):
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))  # noqa: RUF001
    assert unguarded(cell) == text


@given(st.lists(texts.map(str.strip).filter(bool)))
def test_several_texts_come_back_from_one_cell(words):
    assert parted(several(words)) == words


@given(
    st.lists(st.lists(texts, min_size=1), min_size=1).filter(
        lambda table: all(any(map(str.strip, row)) for row in table)
    )
)
def test_table_comes_back_from_its_file(table):
    first, *others = table
    table = [["a", "b", *first], *others]
    read = [[unguarded(cell) for cell in row] for _, row in rows(decoded(written(table)), pytest.fail)]
    assert read == table


def test_line_of_a_row_counts_line_ends_in_cells():
    found = list(rows('a,b\r\n"one\ntwo",x\r\n\r\nlast,y\r\n', pytest.fail))
    assert [line for line, _ in found] == [1, 2, 5]


@pytest.mark.parametrize("separator", ",;\t")
def test_separator_is_found_out(separator):
    assert list(rows(f"id{separator}title\n1{separator}x", pytest.fail))[1] == (2, ["1", "x"])


def test_open_quotes_are_told_by_their_line():
    told = []
    assert len(list(rows('a,b\nc,"d\ne', lambda *what: told.append(what)))) == 1
    assert told[0][0] == 2
    assert "quotes" in told[0][1]


@pytest.mark.req("L6e")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id\n".encode("utf-16"), "line 1: the file is encoded as UTF-16"),
        ("id\n".encode("utf-32"), "line 1: the file is encoded as UTF-32"),
        ("id\n".encode("utf-16-le"), "line 1: a zero byte"),
        ("id\nStraße".encode("latin-1"), "line 2: the byte 0xdf is not UTF-8"),
        ("id\r\nx\rStraße".encode("latin-1"), "line 3: the byte 0xdf"),
    ],
)
def test_wrong_encoding_is_told_by_its_line(content, said):
    with pytest.raises(BadInputError, match=said):
        decoded(content)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_is_tolerated(mark):
    assert decoded(f"{mark}id".encode()) == "id"


def test_mark_is_written_once():
    assert written([["a"]]) == "\ufeffa\r\n".encode()
    assert written([["a"]], mark=False) == b"a\r\n"


def test_written_file_is_plain_csv():
    table = [["id", "title"], ["1", 'a, "b"\nc']]
    assert list(csv.reader(io.StringIO(written(table).decode("utf-8-sig"), newline=""))) == table


def test_problems_are_told_in_the_order_of_lines_each_once_and_not_all():
    problems = Problems()
    problems.check(BadInputError)
    for line in (9, 2, 2, *range(10, 10 + MOST_PROBLEMS)):
        problems.add(line, say("wrong"))
    with pytest.raises(BadInputError) as told:
        problems.check(BadInputError)
    lines = str(told.value).splitlines()
    assert lines[:2] == ["line 2: wrong", "line 9: wrong"]
    assert lines[-1] == "… and 2 more"
