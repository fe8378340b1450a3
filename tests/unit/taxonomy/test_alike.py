"""Titles that are nearly the same are found, each pair once; words that mean different things are left in peace."""

import time
from itertools import product

import pytest

from tagsmith.taxonomy.advice.alike import MERGE, NUMBER, SAME, SLIP, Text, alike
from tagsmith.taxonomy.advice.findings import Kind
from unit.taxonomy.test_seeing import ORDINARY, ORDINARY_ELSEWHERE, rows

pytestmark = pytest.mark.req("X4b")

NEARLY = {
    SAME: """
        en:T-shirt=tshirt|Café=CAFE|Sun glasses=sunglasses|Rock & Roll=rock-roll
        de:Straße=STRASSE|Bär=baer
        fr:Église=eglise
        ja:ｼｬﾂ=シャツ
    """,
    NUMBER: """
        en:Shoe=Shoes|Box=Boxes|Dress=Dresses|Cherry=Cherries|Knife=Knives|Woman=Women|Running shoe=Running shoes
        en:Colour=Color|Grey=Gray|Centre=Centers|Jewellery=Jewelry|Organisation=Organization|Bus=Buses
        de:Schuh=Schuhe|Hut=Hüte|Haus=Häuser|Kleid=Kleider|Bluse=Blusen|Tasche=Taschen|Auto=Autos|Fahrrad=Fahrräder
        de:Baum=Bäume|Glas=Gläser|Roter Schuh=Roter Schuhe
        fr:Chaussure=Chaussures|Chapeau=Chapeaux|Cheval=Chevaux
        es:Zapato=Zapatos|Flor=Flores|Pez=Peces
        it:Scarpa=Scarpe|Libro=Libri
        pt:Botão=Botões|Flor=Flores
    """,
    SLIP: """
        en:Accessoires=Accessories|Restuarant=Restaurant|Catagory=Category|Comfortible=Comfortable|Sunglases=Sunglasses
        en:Headpones=Headphones|Leather accesories=Leather accessories|Sneekers=Sneakers
        de:Winterjake=Winterjacke|Halskete=Halskette
    """,
}

DIFFERENT = """
en:Skirt=Shirt|Mountain=Fountain|Leather=Feather|Speaker=Sneaker|Painting=Printing|Desert=Dessert|Dinner=Diner|Glass=Glasses
en:New=News|Bass=Base|Photograph=Photography|White shirt=White skirt|A4=A5|Bathroom=Bedroom|Country=County|Rose=Hose
en:Winter=Winner|Station=Stallion|Carriage=Marriage|Model 101=Model 102|Bar=Bars of soap
de:Bär=Bar|Wasserfall=Wasserball|Tanz=Tänzer|Lauf=Läufer|Kohl=Kohle|Schal=Schale|Rind=Rinde|Ring=Ringer|Hut=Hütte
de:Karte=Kart|Grill=Grille|Küche=Kuchen|Kirche=Kirsche|Hose=Rose|Feuer=Feier|Tor=Torte|Turnschuh=Handschuh
fr:Fils=Fil|Cours=Cour
it:Porta=Porto
zh:狗=猫
"""


def titles(*texts, language="en"):
    return [Text(number, f"default:{number}", text, language) for number, text in enumerate(texts, 1)]


def pairs(text):
    found = (row for row in rows(text.replace("        ", "")))
    return [(language, *pair.split("=")) for language, those in found for pair in those]


def found(*texts):
    return [(one.kind, [tag.id for tag in one.tags], one.reason) for one in alike(texts)]


@pytest.mark.parametrize(
    ("reason", "language", "one", "other"), [(reason, *row) for reason, text in NEARLY.items() for row in pairs(text)]
)
def test_titles_that_are_nearly_the_same_are_one_finding(reason, language, one, other):
    assert found(*titles(one, other, language=language)) == [(Kind.ALIKE, [1, 2], reason)]
    assert found(*titles(other, one, language=language)) == [(Kind.ALIKE, [1, 2], reason)]


@pytest.mark.parametrize(("language", "one", "other"), pairs(DIFFERENT))
def test_words_that_mean_different_things_are_none(language, one, other):
    assert found(*titles(one, other, language=language)) == []


def test_hundreds_of_ordinary_titles_are_none_among_each_other():
    english = [title for line in ORDINARY.strip().splitlines() for title in line.split("|")]
    assert [[tag.text for tag in one.tags] for one in alike(titles(*english))] == []
    for language, those in rows(ORDINARY_ELSEWHERE):
        assert [[tag.text for tag in one.tags] for one in alike(titles(*those, language=language))] == []


def test_same_title_is_found_across_namespaces_and_languages_and_names_all_tags():
    texts = [
        Text(1, "default:boot", "Boot", "en"),
        Text(2, "ships:boot", "Boot", "de"),
        Text(3, "shoes:boot", "boot", "en"),
    ]
    (finding,) = alike(texts)
    assert [(tag.id, tag.key) for tag in finding.tags] == [(1, "default:boot"), (2, "ships:boot"), (3, "shoes:boot")]
    assert finding.remedy == MERGE


def test_plurals_and_slips_are_held_against_titles_of_their_language_alone():
    assert found(Text(1, "a", "Boote", "de"), Text(2, "b", "Boots", "en")) == []
    assert found(Text(1, "a", "Accessoires", "fr"), Text(2, "b", "Accessories", "en")) == []


def test_titles_of_one_tag_are_no_finding():
    assert found(Text(1, "a", "Sandal", "en"), Text(1, "a", "Sandals", "de"), Text(1, "a", "Sandal", "fr")) == []


def test_two_titles_are_told_of_once():
    assert len(found(*titles("Shoe", "shoe"), *titles("Schuh", "Schuhe", language="de"))) == 1


def test_synonym_that_is_another_tags_title_is_found():
    texts = [
        Text(1, "default:boot", "Boot", "en"),
        Text(1, "default:boot", "Wellington", "en", is_title=False),
        Text(2, "default:wellington", "wellington", "en"),
        Text(2, "default:wellington", "Gumboot", "en", is_title=False),
        Text(1, "default:boot", "gumboot", "en", is_title=False),  # two synonyms are none
    ]
    (finding,) = alike(texts)
    assert (finding.kind, [tag.text for tag in finding.tags]) == (Kind.SYNONYM, ["Wellington", "wellington"])


def test_ten_thousand_titles_in_three_languages_take_seconds_and_not_their_square():
    def count(number):
        words = ["".join(letters) for letters in product("bdfgk", "aeo", "lmnr", "aiu", "stp", "eo", "lmrn")]
        texts = [
            Text(
                place, f"default:{place}", f"{words[place % len(words)]} {words[-place % len(words)]} {place}", language
            )
            for place in range(number)
            for language in ("en", "de", "fr")
        ]
        start = time.perf_counter()
        list(alike(texts))
        return time.perf_counter() - start

    count(100)
    few, many = count(2500), count(10_000)
    assert many < 20  # about two here
    assert many < 10 * few


def test_many_titles_a_letter_apart_are_not_all_held_against_each_other():
    texts = titles(*(f"photograph{one}{other}" for one in "abcdefghijklmnopqrst" for other in "abcdefghijklmnopqrst"))
    start = time.perf_counter()
    list(alike(texts))
    assert time.perf_counter() - start < 5
