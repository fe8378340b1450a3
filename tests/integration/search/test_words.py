"""How terms, phrases, fields and names find metadata and tags: S4."""

from datetime import UTC, datetime

import pytest

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.taxonomy.services import delete, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def shoes(shelf):
    """Give a shelf with tags below Shoes, each on one asset by a machine and on one by a person."""
    above = shelf.tag("apparel:shoes", "Shoes", "Footwear", de="Schuhe")
    shelf.running = shelf.tag(
        "apparel:shoes/running", "Running shoe", "Trainer", de="Laufschuh", ja="ランニングシューズ"
    )
    shelf.above = above
    shelf.asset("smart", smart={shelf.running: 800})
    shelf.asset("own", own=[shelf.running])
    shelf.asset("neither", title="Nothing of the kind")
    return shelf


@pytest.mark.req("S4c", "S2c")
@pytest.mark.parametrize(
    "text",
    [
        "running",
        "RUNNING shoes",
        "shoe",
        "trainers",
        "footwear",
        "Laufschuhe",
        "schuh",
        "ランニング",
        "シューズ",
        "ニング",
        "train*",
        "tr?iner",
        "*schuh",
    ],
)
def test_tag_of_either_kind_is_found_by_its_words_and_those_above(shoes, text):
    assert shoes.find(text) == ["own", "smart"]
    assert shoes.found(text).total == 2


@pytest.mark.req("S2c", "S4c")
@pytest.mark.parametrize(
    "text",
    [
        'tags:"Running shoes"',
        "tags:trainer",
        "tags:footwear",
        "tags:apparel:shoes",
        "tags:apparel:shoes/running",
        "tags:Shoes/Running",
        "tags:*:shoes/*",
        "tags:laufsch*",
        "tags:ランニングシューズ",
    ],
)
def test_tags_field_means_both_kinds_by_any_name(shoes, text):
    assert sorted(shoes.find(text)) == ["own", "smart"]


@pytest.mark.req("S2c")
def test_old_id_of_a_tag_still_finds_it(shoes):
    move(COMMAND_LINE, shoes.above, "apparel:", "footgear")
    assert shoes.find("tags:apparel:shoes/running") == ["own", "smart"]


@pytest.mark.req("S4c")
def test_tags_field_wants_the_whole_name(shoes):
    assert shoes.find("tags:running") == ["own", "smart"]  # its name
    assert shoes.find('tags:"running sho"') == []


@pytest.mark.req("S4c")
def test_smart_tags_of_a_deleted_tag_do_not_count_and_what_people_set_does(shoes):
    delete(COMMAND_LINE, shoes.above)
    assert shoes.find("trainer") == ["own"]
    assert shoes.find("tags:trainer") == ["own"]
    assert shoes.find("model:Poses") == shoes.find("confidence:0..1") == []


@pytest.mark.req("S4c")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"red shoes"', ["red shoes"]),
        ("red-shoes", ["red shoes", "shoes red"]),
        ("title:red", ["red shoes", "shoes red"]),
        ("title:plain", []),
        ("description:plain", ["red shoes"]),
        ("keywords:plain", []),
        ('description:"very plain"', ["red shoes"]),
        ('title:"shoes red"', ["shoes red"]),
        ("creator:ada", ["shoes red"]),
        ("creator:acme", []),
        ("rights", []),
        ("acme", ["shoes red"]),
        ("sho*", ["red shoes", "shoes red"]),
        ("s?oes", ["red shoes", "shoes red"]),
        ("*oes", ["red shoes", "shoes red"]),
        ("title:s*es", ["red shoes", "shoes red"]),
        ("description:s*es", []),
        ("r*x", []),
        ("東京", ["tokyo"]),
        ("京", ["tokyo"]),
        ("京タワ", ["tokyo"]),
        ("title:タワー", ["tokyo"]),
        ("京東", []),
        ('"東京 タワー"', ["tokyo"]),
        ("-shoes", ["tokyo"]),
        ("o'neill", []),
    ],
)
def test_words_in_metadata(shelf, text, found):
    shelf.asset("tokyo", title="東京タワー")
    shelf.asset("2", title="Shoes, red", creator="Ada", rights="Acme")
    shelf.asset("1", title="Red shoes", description="very plain")
    names = {"1": "red shoes", "2": "shoes red", "tokyo": "tokyo"}
    assert [names[name] for name in shelf.find(text)] == found


@pytest.mark.req("S4c")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("width:100..200", ["a"]),
        ("height:>60", ["b"]),
        ("size:1kB", ["b"]),
        ("type:jpg", ["a"]),
        ("type:image/png", ["b"]),
        ("status:failed", ["b"]),
        ("status:nonsense", []),
        ("created:2024", ["a"]),
        ("modified:2020", ["b"]),
        ("path:/shop", ["a"]),
        ("path:SHOP/20", ["a"]),
        ("path:shop/2024/a", ["a"]),
        ("path:*/2024/*", ["a"]),
        ("path:s_op", []),
        ("model:pos*", ["a"]),
        ("model:other", []),
        ("confidence:0.9..", ["a"]),
        ("confidence:..0.5", []),
        ("-confidence:0.9..", ["b"]),
        ("-width:100..200", ["b"]),
        ("-created:2024", ["b"]),
    ],
)
def test_filters(shelf, text, found):
    taken, long_ago = datetime(2024, 5, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    tag = shelf.tag("dog")
    shelf.asset("b", format="PNG", height=70, size=1000, state="failed", modified=long_ago)
    shelf.asset("a", folder="shop/2024", format="JPEG", width=150, height=50, captured=taken, smart={tag: 950})
    assert shelf.find(text) == found
    assert shelf.found(text).total == len(found)


@pytest.mark.req("S4c")
def test_pattern_that_stands_for_too_many_words_is_told(shelf, monkeypatch):
    monkeypatch.setattr("tagsmith.search.lexemes.MOST_WORDS_OF_A_PATTERN", 2)
    shelf.asset("a", title="xaz xbz xcz")
    (note,) = shelf.found("x*z").notes
    assert "x*z" in str(note)
