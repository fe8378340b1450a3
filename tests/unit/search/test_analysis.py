"""Documents and searched texts are taken apart alike: a text is found by its words, their forms, and its parts."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.analysis import (
    LAST_POSITION,
    LONGEST,
    MOST_POSITIONS,
    Passage,
    Sought,
    Weight,
    is_word,
    pair,
    patterns,
    places_of,
    sought,
    stem_lexeme,
    terms_of,
    words,
    written,
)

SPLIT = {
    "red shoes": ["red", "shoes"],
    "T-shirt": ["t", "shirt"],
    "well\N{NON-BREAKING HYPHEN}known": ["well", "known"],
    "women's shoes": ["women", "shoes"],
    "women’s": ["women"],
    "rock 'n' roll": ["rock", "n", "roll"],
    "don't": ["don", "t"],
    "O'Neill": ["o", "neill"],
    "l'école d’été": ["ecole", "ete"],
    "aujourd'hui": ["aujourd", "hui"],
    "dell'acqua": ["acqua"],
    "iphone13": ["iphone13"],
    "f/2.8": ["f", "2", "8"],
    "IMG_1234.jpg": ["img", "1234", "jpg"],
    "a:b,c;d(e)[f]{g}|h&i+j=k#l@m": list("abcdefghijklm"),
    "Привет, мир": ["привет", "мир"],
    "Καλημέρα": ["καλημερα"],
    "नमस्ते दुनिया": ["नमस्ते", "दुनिया"],
    "שָׁלוֹם": ["שָׁלוֹם"],
    "東京タワー": ["東京たわー"],
    "東京・大阪": ["東京", "大阪"],
    "赤い靴、青い靴。": ["赤い靴", "青い靴"],
    "iPhone手机壳": ["iphone", "手机壳"],
    "运动鞋 黑色": ["运动鞋", "黑色"],
    "빨간 운동화를": ["빨간", "운동화를"],
    "ＩＭＧ　１２": ["img", "12"],
    "สวัสดีครับ": ["สวัสดีครับ"],
    "人々": ["人々"],
    "": [],
    "… – ! ❤ ™": [],
    "\N{COMBINING ACUTE ACCENT}": [],
    "\ud800 \x00": [],
}
SPACED = st.from_regex(r"[a-zà-öø-ÿа-яα-ω0-9]{1,6}", fullmatch=True)
DENSE = st.text(st.sampled_from("東京大阪赤青靴りんごリンゴー运动鞋빨간운동화"), min_size=1, max_size=8)


def contains(document, text):
    """Whether an index of the document finds the text as it is written."""
    held = terms_of(document)
    places = [{position - part.offset for lexeme, position in held if matches(part, lexeme)} for part in sought(text)]
    return bool(places) and bool(set.intersection(*places))


def matches(part, lexeme):
    return lexeme.startswith(part.lexeme) if part.prefix else lexeme == part.lexeme


def finds(document, word, language=None):
    """Whether an index of the document finds a form of the word."""
    held = {lexeme for lexeme, _ in terms_of(document, language)}
    return any(stem_lexeme(found.text, language) in held for found in words(word)) or contains(document, word)


@pytest.mark.req("S4a")
@pytest.mark.parametrize("text", SPLIT)
def test_text_is_split_into_words(text):
    assert [word.text for word in words(text)] == SPLIT[text]


@pytest.mark.req("S4a")
@pytest.mark.parametrize(
    ("document", "word", "language"),
    [
        ("Running Shoes", "shoe", None),
        ("running shoe", "SHOES", "en"),
        ("Cafés in Paris", "cafe", "en"),
        ("Schöne Häuser", "haus", "de"),
        ("Les chevaux blancs", "CHEVAL", "fr"),
        ("Las mujeres", "mujer", "es-MX"),
        ("Due uomini", "uomo", "it"),
        ("Os corações", "coração", "pt-BR"),
        ("Women’s shoes", "womens", "en"),
        ("Größe 42", "GROSSE", "de"),
        ("東京タワー", "タワ", "ja"),
        ("ﾃｽﾄ撮影", "テスト", "ja"),
        ("运动鞋黑色", "鞋黑", "zh"),
        ("빨간 운동화를", "운동화", "ko"),
    ],
)
def test_word_is_found_in_another_form(document, word, language):
    assert finds(document, word, language)


@pytest.mark.req("S4a")
@pytest.mark.parametrize(
    ("document", "text", "found"),
    [
        ("red running shoes", "running shoes", True),
        ("red running shoes", "running-shoes", True),
        ("red running-shoes", "running shoes", True),
        ("red running shoes", "red shoes", False),
        ("red running shoes", "running shoe", False),
        ("a file IMG_1234.jpg", "img 1234", True),
        ("東京タワー", "東京", True),
        ("東京タワー", "京タ", True),
        ("東京タワー", "東タ", False),
        ("東京タワー", "東京 タワー", True),
        ("東京の塔", "東京 タワー", False),
        ("黒猫", "猫", True),
        ("猫舌", "猫", True),
        ("黒い犬", "猫", False),
        ("黒猫 cat", "猫 cat", True),
        ("新しいiPhone手机", "い iphone 手", True),
    ],
)
def test_text_is_found_as_it_is_written(document, text, found):
    assert contains(document, text) is found


@pytest.mark.req("S4a")
@given(st.lists(SPACED | DENSE, min_size=1, max_size=6), st.data())
def test_every_stretch_of_words_is_found(parts, data):
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    assert contains(" ".join(parts), " ".join(parts[first : last + 1]))


@pytest.mark.req("S4a")
@given(DENSE, DENSE, DENSE)
def test_every_part_of_a_dense_run_is_found(before, part, after):
    assert contains(before + part + after, part)


@given(DENSE, DENSE)
def test_what_is_not_in_a_dense_run_is_not_found(document, text):
    inside = words(text)[0].text in words(document)[0].text
    assert contains(document, text) is inside


@given(st.text())
def test_words_taken_apart_again_stay_the_same(text):
    once = [word.text for word in words(text)]
    assert [word.text for word in words(" ".join(once))] == once


def test_stem_stands_where_its_word_stands():
    assert terms_of("Red shoes") == [("red", 1), ("~red", 1), ("shoes", 2), ("~shoe", 2)]


def test_dense_run_gives_pairs_and_its_last_character():
    assert terms_of("赤い靴 a", start=5) == [("赤い", 5), ("い靴", 6), ("靴", 7), ("a", 8)]


def test_single_character_is_sought_as_a_prefix():
    assert sought("猫 cat") == [Sought("猫", 0, prefix=True), Sought("cat", 1)]


@given(st.text())
def test_no_word_can_be_taken_for_a_stem(text):
    assert all(word.text[0] != "~" for word in words(text))


@given(st.text())
def test_positions_rise(text):
    assert all(before.position < after.position for before, after in pairwise(words(text)))


@pytest.mark.req("S4b")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sho*", ["sho*"]),
        ("sh?es", ["sh?es"]),
        ("*phone", ["*phone"]),
        ("Caf*É", ["caf*e"]),
        ("a-b*", ["a", "b*"]),
        ("a**b", ["a*b"]),
        ("a*?*b", ["a?*b"]),
        ("*", []),
        ("?? *", []),
        ("東京*", ["東京"]),
        ("東*京", ["東", "京"]),
        ("iphone*手机", ["iphone*", "手机"]),
    ],
)
def test_wildcards_stay_in_words(text, found):
    assert [word.text for word in patterns(text)] == found


def neighbours(text):
    """Return the pairs of words, or of parts of a run, that a text has in a row."""
    plain = [(lexeme, position) for lexeme, position in terms_of(text) if not lexeme.startswith("~")]
    return {pair(one, other) for (one, at), (other, then) in pairwise(plain) if then == at + 1}


VECTOR = re.compile(r"'((?:[^'\\]|''|\\.)*)':([0-9A-D,]+)")


def vector_of(passages):
    """Give the text of a tsvector as it is written for an asset."""
    return written(places_of(passages))


def lexemes_of(vector):
    """Read the text of a tsvector as PostgreSQL does."""
    assert re.fullmatch(rf"(?:{VECTOR.pattern}(?: |$))*", vector)
    return {
        re.sub(r"''|\\(.)", lambda match: match[1] or "'", lexeme): places.split(",")
        for lexeme, places in VECTOR.findall(vector)
    }


def test_fields_have_their_weights_and_a_gap_between_them():
    passages = [Passage("Red shoes", Weight.TITLE), Passage("red", Weight.TAGS), Passage("Schuhe", Weight.REST, "de")]
    assert lexemes_of(vector_of(passages)) == {
        "red": ["1A", "4B"],
        "~red": ["1A", "4B"],
        "shoes": ["2A"],
        "~shoe": ["2A"],
        pair("red", "shoes"): ["2A"],
        "schuhe": ["6D"],
        "~schuh": ["6D"],
    }


def test_nothing_gives_an_empty_vector():
    assert vector_of([]) == vector_of([Passage("…")]) == ""


def test_positions_stop_at_the_last_that_there_is():
    vector = lexemes_of(vector_of([Passage("7 " * LAST_POSITION + "end here", Weight.TITLE)]))
    assert vector["end"] == vector["here"] == [f"{LAST_POSITION}A"]


def test_same_word_keeps_its_first_positions():
    vector = lexemes_of(vector_of([Passage("7 " * 1000)]))
    assert vector["7"] == [f"{position}D" for position in range(1, MOST_POSITIONS + 1)]


def test_best_weight_wins_where_positions_meet():
    passages = [Passage("7 " * LAST_POSITION), Passage("x", Weight.DESCRIPTION), Passage("x", Weight.TITLE)]
    assert lexemes_of(vector_of(passages))["x"] == [f"{LAST_POSITION}A"]


def test_long_word_is_cut_in_documents_and_queries_alike():
    long = "𝒳y" * LONGEST
    vector = lexemes_of(vector_of([Passage(long)]))
    assert all(len(lexeme.encode()) <= 2046 for lexeme in vector)
    assert sought(long)[0].lexeme in vector


def test_longest_word_of_four_bytes_each_fits():
    vector = lexemes_of(vector_of([Passage("𐐨" * 3000)]))
    assert [len(lexeme.encode()) for lexeme in vector] == [4 * LONGEST]


def test_vector_stays_under_a_mebibyte():
    vector = vector_of([Passage(" ".join(f"{number:0200}" for number in range(10_000)))])
    assert 900_000 < len(vector.encode()) < 1_100_000


@given(st.lists(st.builds(Passage, st.text(), st.sampled_from(Weight), st.sampled_from([None, "de"])), max_size=3))
def test_vector_holds_every_term(passages):
    vector = lexemes_of(vector_of(passages))
    terms = {lexeme for passage in passages for lexeme, _ in terms_of(passage.text, passage.language)}
    assert set(vector) == terms.union(*(neighbours(passage.text) for passage in passages))


def test_whole_words_are_told_from_stems_pairs_marked_words_and_parts_of_runs():
    places = places_of([Passage("Red shoes 東京タワー t", mark="t:")])
    assert set(filter(is_word, places)) == {"red", "shoes", "t"}
