import pytest

from tagsmith.errors import TaxonomyError
from tagsmith.taxonomy.files import parse_csv


def read(text: str, encoding: str = "utf-8"):
    return {str(entry.key): entry for entry in parse_csv(text.encode(encoding)).entries}


def problems(content: bytes) -> list[str]:
    with pytest.raises(TaxonomyError) as caught:
        parse_csv(content)
    return str(caught.value).splitlines()


@pytest.mark.req("X3a")
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_spreadsheets_write_is_read(separator, ends, encoding):
    rows = [["ID", "Title", "title:DE", "blocked"], ["a", "Café", '"x;,""y"', "WAHR"], ["a/b", "", "", ""]]
    tags = read(ends.join(map(separator.join, rows)) + ends, encoding)
    assert tags["default:a"].titles == {"en": "Café", "de": 'x;,"y'}
    assert tags["default:a"].blocked is True
    assert tags["default:a/b"].titles == {"en": "", "de": ""}


def test_what_the_columns_do_not_say_is_not_said():
    tag = read("id,synonyms:en\na,x\n")["default:a"]
    assert (tag.titles, tag.description, tag.blocked) == ({}, None, None)


def test_cells_hold_several_words_and_escapes():
    tag = read("id,synonyms:de,redirects\n" + r"a,z;b\;c;\\d;;z,old;x:y/z" + "\n")["default:a"]
    assert tag.synonyms == {"de": ("\\d", "b;c", "z")}
    assert [str(key) for key in tag.redirects] == ["default:old", "x:y/z"]


def test_a_protected_formula_is_read_as_it_was():
    assert read("id,title:en\na,'=1+1\n")["default:a"].titles["en"] == "=1+1"
    assert read("id,title:en\na,'tis\n")["default:a"].titles["en"] == "'tis"


def test_missing_parents_are_made_in_the_spelling_of_the_file():
    assert list(read("id\nA/b/c\nA/x\n")) == ["default:A", "default:A/b", "default:A/x", "default:A/b/c"]


@pytest.mark.req("X3a")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1: there is no column 'id'"),
        (b"title:en\nx\n", "line 1: there is no column 'id'"),
        (b"id,colour\na,red\n", "line 1: unknown column 'colour'"),
        (b"id,title:english\na,x\n", "line 1: 'english' is no language code"),
        (b"id,title,title:en\na,x,y\n", "line 1: the column 'title:en' is there twice"),
        (b"id\na\n\nb\nA\n", "line 5: default:A is there already (line 2)"),
        (b"id\na:b:c\n", "line 2, id: 'b:c': a tag's name cannot hold ':'"),
        (b'id,description\na,"x\ny"\n,z\n', "line 4, id: '': a tag's name is empty"),
        (b"id\na,b\n", "line 2: 2 cells, but the first line names 1"),
        (b"id,blocked\na,maybe\n", "line 2, blocked: 'maybe' is neither true nor false"),
        (b'id\n"a\n', "line 2: the quotes or the separators are wrong"),
        (b"id,redirects\na,b\nb,\n", "line 2: default:b cannot lead to default:a: it is a tag of this file"),
        (b"id,redirects\na,x\nb,X\n", "line 3: default:X cannot lead to default:b: it leads to default:a (line 2)"),
        ("id\r\nStraße\r\nCafé\r\n".encode("latin-1"), "line 2: the byte 0xdf is not UTF-8"),
        (b"\xef\xbb\xbfid\nok\n\xff\n", "line 3: the byte 0xff is not UTF-8"),
        ("id\na\n".encode("utf-16"), "line 1: the file is encoded as UTF-16"),
        ("id\na\n".encode("utf-16-le"), "line 1: a zero byte"),
        ("id\na\n".encode("utf-32"), "line 1: the file is encoded as UTF-32"),
    ],
)
def test_a_problem_is_named_with_its_line(content, expected):
    found = problems(content)
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.req("X3a")
def test_all_problems_are_told_at_once_up_to_twenty():
    assert len(problems(b"id,blocked\na:b:c,?\na//b,?\n")) == 4
    many = problems(b"id\n" + b"a//b\n" * 25)
    assert many[19].startswith("line 21, id:")
    assert many[20:] == ["… and 5 more"]
