"""Tags are found by how any of their words begins."""

import pytest

from tagsmith.search.analysis import words
from tagsmith.search.beginnings import LOOKED_AT, Beginnings

TAGS = Beginnings(
    [
        (1, [("Running shoe", "en"), ("Trainer", "en"), ("Laufschuh", "de"), ("ランニングシューズ", "ja")]),
        (2, [("Shoe", "en"), ("Schuh", "de"), ("靴", "ja")]),
        (3, [("Shoe-lace", "en"), ("Été", "fr")]),
        (4, [("Shore", None)]),
    ]
)


def found(text):
    return [one.tag for one in TAGS.of(word.text for word in words(text))]


@pytest.mark.req("S6a", "S6b")
@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("sho", [2, 4, 3, 1]),
        ("SHOE", [2, 3, 1]),
        ("running s", [1]),
        ("shoe l", [3]),
        ("lauf", [1]),
        ("sch", [2]),
        ("ete", [3]),
        ("ÉTÉ", [3]),
        ("靴", [2]),
        ("ランニ", [1]),
        ("シューズ", [1]),
        ("しゅーず", [1]),
        ("oe", []),
        ("shoes", []),
        ("", []),
    ],
)
def test_beginning_of_any_word_in_any_language_finds_tags_the_nearest_first(text, tags):
    assert found(text) == tags


def test_words_of_the_readers_language_come_first():
    assert [one.wording for one in TAGS.of(["s"], "en")] == ["Shoe", "Shore", "Shoe-lace", "Running shoe"]
    assert [one.wording for one in TAGS.of(["s"], "de")] == ["Schuh", "Shore", "Shoe-lace", "Running shoe"]


def test_said_is_by_which_of_its_words_a_tag_was_found():
    assert [one.wording for one in TAGS.of(["lauf"])] == ["Laufschuh"]


def test_letter_that_begins_very_many_words_takes_no_longer():
    many = Beginnings((number, [(f"a{number}", None)]) for number in range(2 * LOOKED_AT))
    assert len(many.of(["a"])) == LOOKED_AT
