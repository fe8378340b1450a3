"""Words are in the order in which readers look for them."""

import pytest

from tagsmith.ordering import sorting_key

pytestmark = pytest.mark.req("A5a")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["apple", "Banana", "cherry"]),
        ("de", ["Ablage", "Äpfel", "Apfelsine", "Öl", "Ort", "Straße", "Straßen", "Strauch", "Übung", "Zebra"]),
        ("fr", ["cote", "coté", "côte", "école", "effort", "œuf", "oie"]),
        ("es", ["nube", "nuez", "ñandú", "oso"]),
        ("es-mx", ["nz", "ñ"]),
        ("en", ["ñandú", "nube"]),
        ("pt", ["ação", "acaso", "água", "ânimo"]),
        ("ja", ["アイス", "いぬ", "ウサギ", "えき"]),
        ("ja", ["かさ", "ガス", "きつね"]),
        ("ko", ["가방", "나무", "하늘"]),
    ],
)
def test_words_are_sorted_as_readers_expect(language, words):
    assert sorted(words, key=lambda word: sorting_key(word, language)) == words


def test_upper_case_does_not_come_first():
    assert sorted(["b", "A", "a", "B"], key=sorting_key) == ["A", "a", "B", "b"]
