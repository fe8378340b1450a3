"""The search box's syntax, and that no text is beyond it."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagsmith.search import query as module
from tagsmith.search.parts import (
    DateFilter,
    Field,
    NameFilter,
    Note,
    Notice,
    NumberFilter,
    Phrase,
    Query,
    Term,
    TextFilter,
)
from tagsmith.search.query import MOST_WORDS, parse

PARSED = {  # text: how it is understood, written in its plainest form
    "red shoes": "red shoes",
    "  Red   SHOES ": "red shoes",
    "Café ÉTÉ": "cafe ete",
    "red red Red": "red",
    "running-shoes": "running shoes",
    "well\N{NON-BREAKING HYPHEN}known": "well known",
    '"Running Shoes"': '"running shoes"',
    '"running-shoes"': '"running shoes"',
    '"shoes"': '"shoes"',
    "“running shoes”": '"running shoes"',
    "„laufende Schuhe“": '"laufende schuhe"',
    "« chaussures rouges »": '"chaussures rouges"',
    "＂red shoes＂": '"red shoes"',
    "「赤い 靴」": '"赤い 靴"',
    "『赤い靴』": '"赤い靴"',
    "東京「タワー」": '東京 "たわー"',
    '"red shoes': '"red shoes"',
    'red "': "red",
    '""': "",
    'a"b c"': "a b c",
    '27" monitor': "27 monitor",
    '"a"b': 'b "a"',
    '"a b""c d"': '"a b" "c d"',
    "sho*": "sho*",
    "s*es": "s*es",
    "*phone": "*phone",
    "sh?e": "sh?e",
    "ｓｈｏ＊": "sho*",
    "*": "",
    "? ** ?*": "",
    "東京*": "東京",
    '"sho* red"': '"sho red"',
    "-blue": "-blue",
    "－blue": "-blue",
    "−blue": "-blue",
    "red -blue": "red -blue",
    '-"old shoes"': '-"old shoes"',
    "-t-shirt": '-"t shirt"',
    "-猫": "-猫",
    "red - blue": "red blue",
    "--blue": "blue",
    "red-blue": "red blue",
    "-": "",
    "- -": "",
    '"a"-b': 'b "a"',
    "title:shoe": "title:shoe",
    "TITLE:Shoe": "title:shoe",
    "title:sho*": "title:sho*",
    'title:"red shoes"': 'title:"red shoes"',
    "title:red-shoes": "title:red title:shoes",
    "-title:shoe": "-title:shoe",
    "-title:red-shoes": '-title:"red shoes"',
    "description:猫": "description:猫",
    "keywords:a keyword:b": "keywords:a keywords:b",
    "creator:Müller": "creator:muller",
    "タグ title：犬": "たぐ title:犬",
    "title:https://x.org": "title:https title:x title:org",
    'tags:"Running Shoes"': 'tags:"Running Shoes"',
    "tags:「赤い 靴」": 'tags:"赤い 靴"',
    "tags:apparel:shoes/running": 'tags:"apparel:shoes/running"',
    "tag:shoes -tags:boots": 'tags:"shoes" -tags:"boots"',
    "path:/Photos/2024/*": 'path:"/Photos/2024/*"',
    'path:"/My  Photos': 'path:"/My Photos"',
    "path:shop/shoes/": 'path:"shop/shoes/"',
    'set:boot smart:"Red Boot"': 'set:"boot" smart:"Red Boot"',
    "orientation:Portrait -orientation:square": 'orientation:"Portrait" -orientation:"square"',
    "type:image/jpeg": 'type:"image/jpeg"',
    'model:"Shoe types" status:untagged': 'model:"Shoe types" status:"untagged"',
    "width:800..1200": "width:800..1200",
    "width:800": "width:800..800",
    "height:1000..": "height:1000..",
    "height:..500": "height:..500",
    'size:"2 MB.."': "size:2000000..",
    "size:>1kB": "size:1001..",
    "confidence:0.8..": "confidence:0.8..",
    "confidence:80%..90%": "confidence:0.8..0.9",
    "-confidence:..0.5": "-confidence:..0.5",
    "created:2024": "created:2024-01-01..2024-12-31",
    "created:2024-05": "created:2024-05-01..2024-05-31",
    "created:2024-01-01..2024-12-31": "created:2024-01-01..2024-12-31",
    "modified:..2023": "modified:..2023-12-31",
    "foo:bar": "foo bar",
    'foo:"bar baz"': 'foo "bar baz"',
    "http://example.org/a?b=c": "http example org a?b c",
    "at 12:30": "at 12 30",
    "mytitle:x": "mytitle x",
    "tıtle:x tİtle:x ſize:1": "title x size 1",
    "(red) [shoes]": "red shoes",
    "women's shoes": "women shoes",
    "l'école": "ecole",
    "f/2.8": "f 2 8",
    "IMG_1234.jpg": "img 1234 jpg",
    "运动鞋 黑色": "运动鞋 黑色",
    "iPhone手机": "iphone 手机",
    "빨간　운동화": "빨간 운동화",
    "a OR b": "a or b",
    "a\x00b\ud800c": "a b c",
    "": "",
    "❤ …": "",
}
SIGNS = [*'-*?:><=/_~\\|("「」… \N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}\0', "..", "'s", "l'"]
VALUES = ["800", "2MB", "80%", "2024-05", "red", "shoes", "é", "İ", "猫", "東京タワー"]
SYNTAX = st.lists(st.sampled_from([*Field, *SIGNS, *VALUES]))
QUERIES = st.text() | SYNTAX.map("".join)


@pytest.mark.req("S4b")
@pytest.mark.parametrize("text", PARSED)
def test_text_is_understood(text):
    assert str(parse(text)) == PARSED[text]


@pytest.mark.req("S4b")
def test_parts_are_kept_apart_by_what_they_do():
    query = parse('red sho* "on white" title:a tags:b width:5.. created:2024 -blue -"old one" -path:/tmp')
    assert query == Query(
        terms=(Term("red"), Term("sho*")),
        phrases=(Phrase("on white"),),
        filters=(
            TextFilter(Field.TITLE, Term("a")),
            NameFilter(Field.TAGS, "b"),
            NumberFilter(Field.WIDTH, 5, None),
            DateFilter(Field.CREATED, datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        ),
        excluded=(Term("blue"), Phrase("old one"), NameFilter(Field.PATH, "/tmp")),
    )


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "is_pattern", "prefix", "like"),
    [
        ("shoes", False, None, "shoes"),
        ("sho*", True, "sho", "sho%"),
        ("s*s", True, None, "s%s"),
        ("s?o*", True, None, "s_o%"),
        ("*oes", True, None, "%oes"),
    ],
)
def test_term_says_how_it_can_be_looked_up(text, is_pattern, prefix, like):
    (term,) = parse(text).terms
    assert (term.is_pattern, term.prefix, term.like) == (is_pattern, prefix, like)


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "understood", "notes"),
    [
        ("width:wide red", "red", ["“width:wide” could not be understood and was left out."]),
        ("created:2024-02-30", "", ["“created:2024-02-30” could not be understood and was left out."]),
        ("-size:big", "", ["“-size:big” could not be understood and was left out."]),
        ("width:900..800", "width:800..900", ["“width:900..800” runs backwards; its ends were swapped."]),
        (
            "created:2024..2023",
            "created:2023-01-01..2024-12-31",
            ["“created:2024..2023” runs backwards; its ends were swapped."],
        ),
        ("title: red", "red", ["“title:” has no value and was left out."]),
        ("title:!!", "", ["“title:!!” has no value and was left out."]),
        ('tags:"', "", ['“tags:"” has no value and was left out.']),
        ("width:", "", ["“width:” has no value and was left out."]),
        ("-a-b*", '-"a b"', ["The wildcards in “-a-b*” were left out."]),
        ("red shoes", "red shoes", []),
    ],
)
def test_what_was_not_taken_as_written_is_said(text, understood, notes):
    query = parse(text)
    assert (str(query), [str(note) for note in query.notes]) == (understood, notes)


def test_long_parts_are_shortened_in_notes():
    (note,) = parse("width:" + "x" * 1000).notes
    assert len(note.about) == module.LONGEST_QUOTATION


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"w{number}" for number in range(100)),
        "-".join(f"w{number}" for number in range(100)),
        '"' + " ".join(f"w{number}" for number in range(100)),
        " ".join(f"title:w{number}" for number in range(100)),
        " ".join(f"-w{number}" for number in range(100)),
    ],
)
def test_words_beyond_the_limit_are_left_out_and_it_is_said(text):
    query = parse(text)
    assert str(query).count("w") == MOST_WORDS
    assert query.notes == (Note(Notice.TOO_MANY, str(MOST_WORDS)),)


@pytest.mark.parametrize(
    "chunks",
    [[f"width:x{number}" for number in range(100)], ["-a-b*" + number * "." for number in range(50)]],
)
def test_notes_are_limited_too(chunks):
    assert len(parse(" ".join(chunks)).notes) == MOST_WORDS + 1


def test_long_run_without_spaces_is_cut():
    (term,) = parse("東京" * 1000).terms
    assert term.text == "東京" * (module.LONGEST_RUN // 2)


@pytest.mark.parametrize(
    ("text", "asks"), [("red", True), ("-red", True), ('"a"', True), ("width:1", True), ("* …", False)]
)
def test_query_says_whether_it_asks_for_anything(text, asks):
    assert bool(parse(text)) is asks


@pytest.mark.req("S4b")
@given(QUERIES)
@example("-title:a-b*")
@example('title:"ß" -"ŉ')
def test_any_text_is_read_and_its_plainest_form_reads_the_same(text):
    query = parse(text)
    assert parse(str(query)) == query
    assert parse(str(query)).notes == ()


@given(st.text(st.characters()))
def test_text_with_characters_that_cannot_be_stored_is_read(text):
    str(parse(text)).encode()


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "東",
        '"',
        "*",
        "?",
        "- ",
        "-",
        "a-",
        "width:x ",
        "'s",
        "a'",
        'a"',
        "title:",
        " ",
        ":",
        "1..2",
        "\u0301",
        "*\u0301",
    ],
)
def test_long_text_takes_work_in_proportion(piece, monkeypatch):
    chunks = 0
    original = module._chunks

    def counted(text):
        nonlocal chunks
        for chunk in original(text):
            chunks += 1
            yield chunk

    monkeypatch.setattr(module, "_chunks", counted)
    text = piece * (100_000 // len(piece))
    query = parse(text)
    assert chunks <= len(text)
    assert len(str(query)) <= 2 * MOST_WORDS * 500
    assert parse(str(query)) == query
