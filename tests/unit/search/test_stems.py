"""A singular and its plural have one stem, in each language, typed with or without accents."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.search.folding import fold
from tagsmith.search.stems import LANGUAGES, language_of, stem

SAME = {
    "en": "shoe:shoes box:boxes city:cities running:run runner:runners knife:knives leaf:leaves woman:women man:men"
    " fireman:firemen horseman:horsemen child:children person:people bus:buses man:mens woman:womens"
    " lens:lenses glass:glasses photo:photos potato:potatoes mouse:mice foot:feet scarf:scarves wolf:wolves"
    " party:parties swimming:swim red:red café:cafes",
    "de": "Schuh:Schuhe Haus:Häuser Haus:Haeuser Baum:Bäume Katze:Katzen Auto:Autos Foto:Fotos Kind:Kinder"
    " Mann:Männer Straße:Strassen Bild:Bilder Vogel:Vögel Buch:Bücher rot:rotes Blume:Blumen Glas:Gläser"
    " Erlebnis:Erlebnisse Lehrerin:Lehrerinnen Baby:Babys Kreis:Kreise Bikini:Bikinis schön:schöne",
    "fr": "chaussure:chaussures cheval:chevaux animal:animaux école:ecoles bateau:bateaux œil:yeux forêt:forets"
    " jeu:jeux vélo:velos blanc:blanche long:longue bijou:bijoux cheveu:cheveux doré:dorées camion:camions"
    " bisou:bisous studio:studios château:chateaux vert:vertes heureux:heureuse",
    "es": "zapato:zapatos mujer:mujeres ciudad:ciudades luz:luces pez:peces lápiz:lapices canción:canciones"
    " árbol:arboles flor:flores camión:camiones rojo:rojas reloj:relojes inglés:ingleses verde:verdes"
    " coche:coches noble:nobles ramo:ramos jardín:jardines",
    "it": "scarpa:scarpe libro:libri città:citta fuoco:fuochi lago:laghi amica:amiche uomo:uomini donna:donne"
    " fiore:fiori casa:case rosso:rossi lettera:lettere italiano:italiani occhio:occhi negozio:negozi"
    " camicia:camicie arancia:arance bandiera:bandiere spiaggia:spiagge",
    "pt": "sapato:sapatos coração:coracoes pão:pães animal:animais hotel:hoteis imagem:imagens homem:homens"
    " azul:azuis mão:mãos mãe:mães jardim:jardins avião:aviões luz:luzes mês:meses fácil:faceis irmã:irmãs"
    " japonês:japonesa lençol:lençóis vermelho:vermelhas nuvem:nuvens barril:barris tênis:tenis",
}
PAIRS = [(language, *pair.split(":")) for language, pairs in SAME.items() for pair in pairs.split()]
DIFFERENT = {
    "en": "shoe:shirt specimen:speciman woman:man house:mouse",
    "de": "Haus:Hase Hund:Hand Messe:Maß",
    "fr": "cheval:cheveu chaussure:chaussette",
    "es": "casa:cosa pero:perro",
    "it": "casa:cosa palla:pelle",
    "pt": "mãe:mão pai:pão",
}
APART = [(language, *pair.split(":")) for language, pairs in DIFFERENT.items() for pair in pairs.split()]
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=3, max_size=12)


@pytest.mark.req("S4a")
@pytest.mark.parametrize(("language", "one", "other"), PAIRS)
def test_forms_of_a_word_have_one_stem(language, one, other):
    assert stem(fold(one), language) == stem(fold(other), language)


@pytest.mark.parametrize(("language", "one", "other"), APART)
def test_different_words_keep_different_stems(language, one, other):
    assert stem(fold(one), language) != stem(fold(other), language)


@pytest.mark.parametrize("word", ["", "tv", "iphone13", "2024", "обувь", "猫", "नमस्ते"])
def test_word_without_other_forms_has_no_stem(word):
    assert stem(word) is None


@given(WORDS, st.sampled_from(sorted(LANGUAGES)))
def test_every_word_of_letters_has_a_stem_that_is_not_empty(word, language):
    assert stem(word, language)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"),
        ("pt-BR", "pt"),
        ("fr_CA", "fr"),
        ("ES", "es"),
        (None, "en"),
        ("", "en"),
        ("ja", "en"),
        ("xx", "en"),
    ],
)
def test_language_tag_leads_to_rules(tag, language):
    assert language_of(tag) == language


def test_threads_do_not_disturb_each_other():
    words = [f"photograph{letter}ers" for letter in "abcdefghij"]
    wanted = [stem(word) for word in words]
    stem.__globals__["_stem"].cache_clear()
    found = {}
    threads = [
        threading.Thread(target=lambda name=name: found.update({name: [stem(word) for word in words]}))
        for name in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(found.values()) == [wanted] * 8
