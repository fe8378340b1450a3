"""One written form: case, width, accents, ligatures, kana; what another script needs stays."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.folding import fold

FOLDED = {
    "Red SHOES": "red shoes",
    "Café": "cafe",
    "Cafe\N{COMBINING ACUTE ACCENT}": "cafe",
    "ÀÉÎÕÜÇÑ": "aeioucn",
    "Straße": "strasse",
    "STRASSE": "strasse",
    "Œuvre Ærø Łódź Đorđe þing": "oeuvre aero lodz dorde thing",
    "İstanbul Diyarbakır": "istanbul diyarbakir",
    "oﬃce ﬁlm": "office film",
    "Ąžuolų": "azuolu",
    "Tiếng Việt": "tieng viet",
    "ΆΛΦΑ Ὀδυσσεύς": "αλφα οδυσσευσ",
    "Ёлка": "елка",
    "ＡＢＣ　１２３": "abc 123",
    "ｶﾞﾗｽ": "がらす",
    "リンゴ": "りんご",
    "パン ばん はん": "ぱん ばん はん",
    "㈱": "(株)",
    "한국어": "한국어",
    "हिंदी": "हिंदी",
    "שָׁלוֹם": "שָׁלוֹם",
    "soft\N{SOFT HYPHEN}ware": "software",
    "❤\N{VARIATION SELECTOR-16}": "❤",
    "Nike™": "nike ",
    "ไทย\N{ZERO WIDTH SPACE}ลาว": "ไทย ลาว",
}


@pytest.mark.req("S4a")
@pytest.mark.parametrize("text", FOLDED)
def test_text_is_folded(text):
    assert fold(text) == FOLDED[text]


@pytest.mark.req("S4a")
@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_folding_any_character_of_an_alphabet_twice_changes_nothing_more():
    assert [char for char in map(chr, range(0x20000)) if fold(fold(char)) != fold(char)] == []


@pytest.mark.req("S4a")
@given(st.text(st.characters(categories=["Lu", "Ll"])))
def test_case_is_no_difference(text):
    assert fold(text.upper()) == fold(text.lower())
