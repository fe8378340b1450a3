from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.assets.edits import Edit, Mode, applied, checked_edits, restored
from tagsmith.assets.fields import FIELDS, TEXTS, as_logged
from tagsmith.errors import LibraryError

EMPTY = {
    "title": "",
    "description": "",
    "creator": "",
    "rights": "",
    "captured": None,
    "keywords": [],
    "custom": {},
}
MAY = datetime(2024, 5, 1, 12, tzinfo=UTC)


def change(edits, **values):
    return applied(checked_edits(edits), EMPTY | values)


@pytest.mark.req("L6a")
@pytest.mark.parametrize(
    ("field", "edit", "before", "after"),
    [
        ("title", Edit(Mode.REPLACE, "New"), "Old", "New"),
        ("rights", Edit(Mode.CLEAR), "CC0", ""),
        ("captured", Edit(Mode.REPLACE, MAY), None, MAY),
        ("captured", Edit(Mode.CLEAR), MAY, None),
        ("keywords", Edit(Mode.APPEND, ["b", " c ", "A"]), ["a"], ["a", "b", "c"]),
        ("keywords", Edit(Mode.REMOVE, ["A", "x"]), ["b", "a"], ["b"]),
        ("keywords", Edit(Mode.REPLACE, ["x"]), ["a"], ["x"]),
        ("keywords", Edit(Mode.CLEAR), ["a"], []),
        ("custom", Edit(Mode.APPEND, {"shelf": "B", "row": "2"}), {"shelf": 1}, {"shelf": "B", "row": "2"}),
        ("custom", Edit(Mode.REMOVE, ["shelf", "x"]), {"shelf": 1, "row": 2}, {"row": 2}),
        ("custom", Edit(Mode.REPLACE, {"row": "2"}), {"shelf": 1}, {"row": "2"}),
        ("custom", Edit(Mode.CLEAR), {"shelf": 1}, {}),
    ],
)
def test_each_way_of_changing_a_field(field, edit, before, after):
    assert change({field: edit}, **{field: before}) == {field: after}


@pytest.mark.req("L6a")
def test_what_is_so_already_is_no_change_and_other_fields_are_left_alone():
    edits = {"title": Edit(Mode.REPLACE, "A"), "keywords": Edit(Mode.APPEND, ["X"]), "rights": Edit(Mode.CLEAR)}
    assert change(edits, title="A", keywords=["x"], creator="Ada") == {}


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({}, "say what to change"),
        ({"size": Edit(Mode.CLEAR)}, "no field 'size'"),
        ({"title": Edit(Mode.APPEND, "x")}, "title holds one value"),
        ({"title": Edit(Mode.REPLACE, "")}, "title: say what to replace"),
        ({"title": Edit(Mode.REPLACE, "\0")}, "title cannot hold"),
        ({"keywords": Edit(Mode.APPEND, [" "])}, "keywords: say what to append"),
        ({"captured": Edit(Mode.REPLACE, "today")}, "captured cannot be set"),
        ({"custom": Edit(Mode.REMOVE, [])}, "custom: say what to remove"),
    ],
)
def test_edit_that_cannot_be_made_is_refused_by_its_field(edits, said):
    with pytest.raises(LibraryError, match=said):
        checked_edits(edits)


def undone(before, after, now):
    logged = [{name: as_logged(value) for name, value in values.items()} for values in (before, after)]
    return restored(*logged, EMPTY | now)


@pytest.mark.req("L6c")
def test_what_nobody_changed_since_is_restored():
    before, after = {"title": "Old", "captured": None}, {"title": "New", "captured": MAY}
    assert undone(before, after, after) == before
    assert undone(after, before, before) == after


@pytest.mark.req("L6c")
def test_field_that_somebody_changed_since_stays_and_the_others_are_restored():
    before, after = {"title": "Old", "rights": ""}, {"title": "New", "rights": "CC0"}
    assert undone(before, after, {"title": "Other", "rights": "CC0"}) == {"rights": ""}


@pytest.mark.req("L6c")
@pytest.mark.parametrize(
    ("before", "after", "now", "then"),
    [
        (["a"], ["a", "x"], ["a", "x", "later"], ["a", "later"]),
        (["a", "b"], ["a"], ["a", "later"], ["a", "later", "b"]),
        (["a"], ["x"], ["x", "later"], ["later", "a"]),
        (["a"], ["a", "x"], ["later", "x"], ["later", "x"]),  # somebody took words away: theirs now
        (["a"], ["x"], ["other"], ["other"]),
    ],
)
def test_keywords_that_others_added_since_stay(before, after, now, then):
    assert undone({"keywords": before}, {"keywords": after}, {"keywords": now}).get("keywords", now) == then


@pytest.mark.req("L6c")
def test_custom_fields_are_each_restored_by_themselves():
    before, after = {"shelf": "A", "old": 1}, {"shelf": "B", "new": 2}
    now = {"shelf": "theirs", "new": 2, "other": 3}
    assert undone({"custom": before}, {"custom": after}, {"custom": now}) == {
        "custom": {"shelf": "theirs", "old": 1, "other": 3}
    }


texts, letters = st.sampled_from(["", "one", "two"]), st.sampled_from("abcd")
words, some_words = (st.lists(letters, unique=True, min_size=least, max_size=4) for least in (0, 1))
named, some_named = (st.dictionaries(letters, texts, min_size=least, max_size=3) for least in (0, 1))
contents = st.fixed_dictionaries(
    dict.fromkeys(TEXTS, texts) | {"captured": st.sampled_from([None, MAY]), "keywords": words, "custom": named}
)
several = st.sampled_from([Mode.APPEND, Mode.REMOVE, Mode.REPLACE])
edited = st.one_of(
    st.tuples(st.sampled_from(TEXTS), st.builds(Edit, st.just(Mode.REPLACE), st.sampled_from(["one", "two"]))),
    st.tuples(st.sampled_from(FIELDS), st.just(Edit(Mode.CLEAR))),
    st.tuples(st.just("keywords"), st.builds(Edit, several, some_words)),
    st.tuples(st.just("custom"), st.builds(Edit, several, some_named)),
)


@pytest.mark.req("L6c")
@given(contents, st.lists(edited, min_size=1, max_size=4).map(dict))
def test_undone_at_once_all_is_as_it_was(values, edits):
    new = applied(checked_edits(edits), values)
    assert applied(checked_edits(edits), values | new) == {}
    assert undone({name: values[name] for name in new}, new, values | new) == {name: values[name] for name in new}
