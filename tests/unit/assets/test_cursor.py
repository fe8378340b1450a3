"""Where a page ended, as a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.assets.cursor import Cursor
from tagsmith.errors import LibraryError


@given(st.integers(0, 2**63 - 1), st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
def test_word_comes_back(pk, name):
    cursor = Cursor(pk, name)
    assert Cursor.read(cursor.written()) == cursor
    assert cursor.written().isascii()


@pytest.mark.parametrize("word", ["x", "%%%", "bnVsbA", "é", Cursor(1, "a\0").written(), Cursor(2**63, "").written()])
def test_other_words_are_refused(word):
    with pytest.raises(LibraryError, match="not where a page ended"):
        Cursor.read(word)
