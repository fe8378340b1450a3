from itertools import product

import pytest

from tagsmith.taxonomy.advice.findings import Kind
from tagsmith.taxonomy.advice.hints import hint_on_taught, hints_on
from tagsmith.taxonomy.advice.lint import lint, unused
from tagsmith.taxonomy.models import Label, Tag
from tagsmith.taxonomy.services import add_synonym, block, delete, move, set_title

pytestmark = pytest.mark.django_db


def found(*kinds):
    return [(one.kind, *(tag.key for tag in one.tags)) for one in lint() if one.kind in kinds]


@pytest.mark.req("X4a")
def test_title_in_any_language_counts_and_a_name_only_where_no_english_title_is(actor, make):
    hat, season, _ = make("hat", "herbst", "slim fit")
    set_title(actor, hat, "Glücklich", "de")
    set_title(actor, season, "Autumn leaves")
    assert found(Kind.UNSEEN, Kind.TOO_FINE) == [
        (Kind.UNSEEN, "default:hat"),
        (Kind.TOO_FINE, "default:slim fit"),
    ]
    (finding,) = (one for one in lint() if one.kind is Kind.UNSEEN)
    assert finding.tags[0].text == "Glücklich"
    assert "mood" in finding.reason
    assert "blocklist" not in finding.reason
    assert "leave the tag to people" in finding.remedy


@pytest.mark.req("X4a")
def test_what_is_left_to_people_already_is_no_finding(actor, make):
    tags = make("summer")
    assert found(Kind.UNSEEN)
    block(actor, tags)
    assert found(Kind.UNSEEN) == []


@pytest.mark.req("X4b")
def test_titles_that_look_alike_are_found_across_the_taxonomy(actor, make):
    hat, sock, *_ = make("clothing/hat", "sock", "toys/hats", "wear:Sock")
    add_synonym(actor, sock, "Strumpf", "de")
    make("strumpf")
    set_title(actor, hat, "Hüte", "de")
    assert found(Kind.ALIKE, Kind.SYNONYM) == [
        (Kind.ALIKE, "default:clothing/hat", "default:toys/hats"),
        (Kind.ALIKE, "default:sock", "wear:Sock"),
        (Kind.SYNONYM, "default:sock", "default:strumpf"),
    ]


@pytest.mark.req("X4c")
def test_tag_that_nothing_uses_is_found_but_not_one_that_holds_others_together(actor, make, pictures):
    hat, _sock = make("clothing/hat", "clothing/sock")
    pictures.shown = {hat.pk: ["a"]}
    assert [one.tags[0].key for one in unused()] == ["default:clothing/sock"]
    assert found(Kind.UNUSED) == [(Kind.UNUSED, "default:clothing/sock")]


@pytest.mark.req("X4d")
def test_advice_is_as_the_taxonomy_is_now(actor, make):
    summer, boot = make("summer", "boot")
    assert found(Kind.UNSEEN, Kind.ALIKE) == [(Kind.UNSEEN, "default:summer")]
    set_title(actor, boot, "Boots")
    assert found(Kind.ALIKE) == []
    (boots,) = make("boots")
    assert found(Kind.ALIKE) == [(Kind.ALIKE, "default:boot", "default:boots")]
    move(actor, summer, "default:", "beach")
    delete(actor, boots)
    assert found(Kind.UNSEEN, Kind.ALIKE) == []


@pytest.mark.req("X4d")
def test_ten_thousand_tags_in_three_languages_are_looked_at_with_few_statements(db, django_assert_max_num_queries):
    words = ["".join(letters) for letters in product("bdfgk", "aeo", "lmnr", "aiu", "stp", "eo", "lmrn")]
    tags = [
        Tag(name=f"{words[one % len(words)]} {one}", key=f"default:{one}", folded=f"default:{one}")
        for one in range(10_000)
    ]
    Tag.objects.bulk_create(tags, batch_size=2000)
    labels = [
        Label(tag=tag, language=language, text=f"{tag.name} {language}", folded="", is_title=True)
        for tag in tags
        for language in ("en", "de", "fr")
    ]
    Label.objects.bulk_create(labels, batch_size=5000)
    with django_assert_max_num_queries(12):
        assert len(lint()) >= 10_000  # nothing uses them


@pytest.mark.req("X4f")
@pytest.mark.parametrize(
    ("typed", "language", "words"),
    [
        ("Summer 2024", "en", "“2024” is a time"),
        ("boots", "en", "like Boot (default:shoes/boot): singular and plural"),
        ("BOOT", "fr", "like Boot (default:shoes/boot): the same title"),
        ("Stiefeln", "de", "like Stiefel (default:shoes/boot)"),
        ("Aermel", "de", "like Ärmel (default:sleeve): the same title"),
        ("restuarant", "en", "like restaurant (default:restaurant): a letter apart"),
    ],
)
def test_title_that_is_being_typed_is_advised_on(actor, make, typed, language, words):
    boot, sleeve, _ = make("shoes/boot", "sleeve", "restaurant")
    set_title(actor, boot, "Boot")
    set_title(actor, boot, "Stiefel", "de")
    set_title(actor, sleeve, "Ärmel", "de")
    (hint,) = hints_on(typed, language)
    assert words in hint


@pytest.mark.req("X4f")
def test_tag_is_not_told_that_it_is_like_itself_and_an_ordinary_title_gets_no_hint(actor, make):
    (boot,) = make("boot")
    assert hints_on("boots", but=boot.pk) == []
    for typed in ("Sandal", "", " ", "%", "_", "🙂", "\\"):
        assert hints_on(typed) == []


@pytest.mark.req("X4f")
def test_hints_are_few_however_many_tags_are_alike(actor, make, django_assert_max_num_queries):
    make(*(f"n{number}:boot" for number in range(9)))
    with django_assert_max_num_queries(2):
        assert len(hints_on("Boots")) == 3


@pytest.mark.req("X4f")
def test_tag_that_is_to_be_taught_is_advised_on(actor, make):
    boot, summer = make("boot", "summer")
    assert hint_on_taught(boot, "Boots", "en") is None
    assert "season" in hint_on_taught(summer, "summer", "en")
    block(actor, [boot])
    boot.refresh_from_db()
    assert "blocklist" in hint_on_taught(boot, "Boots", "en")
