"""What a suggestion may take the place of, at the end of what is being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.parts import Field
from tagsmith.search.typed import Ending, Typed, read


@pytest.mark.req("S6a")
@pytest.mark.parametrize(
    ("text", "endings"),
    [
        ("", []),
        ("   ", []),
        ("sh", [("", ("sh",))]),
        ("red sh", [("", ("red", "sh")), ("red", ("sh",))]),
        ("Red  SH ", [("", ("red", "sh")), ("Red", ("sh",))]),
        ("type:png red sh", [("type:png", ("red", "sh")), ("type:png red", ("sh",))]),
        ("red running-sh", [("", ("red", "running", "sh")), ("red", ("running", "sh"))]),
        ('red "big sh', [("", ("red", "big", "sh")), ("red", ("big", "sh"))]),
        ("靴ひ", [("", ("靴ひ",))]),
        ("sho*", [("", ("sho",))]),
        ("red type:png", []),
        ("red type:png ", []),
        ("width:", []),
    ],
)
def test_last_words_may_be_replaced(text, endings):
    typed = read(text)
    assert [(one.kept.strip(), one.words) for one in typed.endings] == endings
    assert (typed.name, typed.minus) == (None, False)


@pytest.mark.parametrize(
    ("text", "name", "minus", "words"),
    [
        ("red tags:sh", Field.TAGS, False, ("sh",)),
        ('red smart:"running sh', Field.SMART, False, ("running", "sh")),
        ("red -set:sh", Field.SET, True, ("sh",)),
        ("red title:sh", Field.TITLE, False, ("sh",)),
        ("red -sh", None, True, ("sh",)),
        ("red -running-sh", None, True, ("running", "sh")),
    ],
)
def test_value_of_a_field_may_be_replaced_while_it_is_typed(text, name, minus, words):
    assert read(text) == Typed((Ending("red", words),), name, minus)
    assert read(text + '"' * text.count('"') + " ") == Typed()


def test_many_words_are_not_all_taken_together():
    assert [one.words[0] for one in read("a b c d e f g").endings] == ["c", "d", "e", "f", "g"]


def test_part_takes_the_place_of_the_words():
    assert read("red running sh").endings[1].followed_by('tags:"Running shoe"') == 'red tags:"Running shoe"'


@given(st.text())
def test_any_text_can_be_typed(text):
    for ending in read(text).endings:
        ending.followed_by("x")
