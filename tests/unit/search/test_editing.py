"""Filters are added to a search and taken away again, whatever was typed."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.editing import adding, filters_in, leaving_out, spelled
from tagsmith.search.parts import Field, NameFilter
from tagsmith.search.query import parse

PARTS = ["type:png", 'tags:"Running Shoes"', "created:2024", "width:..999", 'path:"a b/c/"', "title:red", "-old"]
TYPED = st.lists(st.sampled_from([*PARTS, "red", '"red shoes', '"', " ", "-", "-blue", "é", "東京", "x:y", "a*"])).map(
    "".join
)


@pytest.mark.req("S5b")
@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("", "type:png", "type:png"),
        ("Red  Boots", "type:png", "Red Boots type:png"),
        ("red TYPE:PNG", "type:PNG", "red TYPE:PNG"),
        ("created:2024 Red", "created:2024-05", "Red created:2024-05"),
        ("created:2024-05", "created:2024", "created:2024-05 created:2024"),
        ("path:shop/ red", "path:shop/shoes/", "red path:shop/shoes/"),
        ("path:shop red", "path:shop/shoes/", "path:shop red path:shop/shoes/"),
        ("confidence:0.5.. red", "confidence:0.9..", "red confidence:0.9.."),
        ('Red "big shoe', "type:png", 'red "big shoe" type:"png"'),
    ],
)
def test_filter_is_added_to_what_was_typed(text, part, expected):
    assert adding(text, part) == expected


@pytest.mark.req("S5b")
@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("type:png", "type:png", ""),
        ("Red type:png Boots", "type:png", "Red Boots"),
        ("Red type:jpg type:png -old", "type:png", "Red type:jpg -old"),
        ("Red -old", "-old", "Red"),
        ("Red title:big-shoe", "title:big-shoe", "Red"),
        ('x tags:"a"b', "tags:a", "x b"),
        ('x tags:"a"-b', "tags:a", "x b"),
        ("red", "type:png", "red"),
    ],
)
def test_filter_is_taken_away_from_what_was_typed(text, part, expected):
    assert leaving_out(text, parse(part)) == expected


@pytest.mark.req("S5b")
@given(TYPED, st.sampled_from(PARTS[:-1]))
def test_adding_and_taking_away_changes_nothing_else(text, part):
    query, filters = parse(text), parse(part).filters
    added = parse(adding(text, part))
    assert set(added.filters) == {*query.filters, *filters}
    assert (added.terms, added.phrases, added.excluded) == (query.terms, query.phrases, query.excluded)
    left = parse(leaving_out(adding(text, part), parse(part)))
    assert set(left.filters) == set(query.filters) - set(filters)
    assert (left.terms, left.phrases, left.excluded) == (query.terms, query.phrases, query.excluded)


@given(TYPED)
def test_taking_all_filters_away_leaves_the_words(text):
    query = parse(text)
    for piece in filters_in(text):
        text = leaving_out(text, piece.query)
    left = parse(text)
    assert (left.filters, left.excluded) == ((), ())
    assert (left.terms, left.phrases) == (query.terms, query.phrases)


def test_filters_are_shown_as_they_were_typed():
    assert [piece.written for piece in filters_in('red  Type:PNG "a b" -old  type:PNG tags:"A b"')] == [
        "type:PNG",
        "-old",
        'tags:"A b"',
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("png", "type:png"),
        ("靴", "type:靴"),
        ("a b", 'type:"a b"'),
        ("a/b", 'type:"a/b"'),
        ('27" screen', 'type:"27? screen"'),
        ("a  b\tc", 'type:"a ?b?c"'),
        (" a ", 'type:"?a?"'),
        ("東京：駅", 'type:"東京?駅"'),
        ("what*", 'type:"what?"'),
    ],
)
def test_name_is_spelled_so_that_it_is_read_as_one(value, written):
    assert spelled(Field.TYPE, value) == written
    (part,) = parse(written).filters
    assert isinstance(part, NameFilter)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=600))
def test_any_name_can_be_spelled(value):
    (part,) = parse(spelled(Field.PATH, value)).filters
    assert isinstance(part, NameFilter)
    assert part.value == spelled(Field.PATH, value).removeprefix("path:").strip('"')
