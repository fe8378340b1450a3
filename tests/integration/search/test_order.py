"""What is found and in which order: S1 to S3."""

import pytest

from tagsmith.search.places import Tier

pytestmark = pytest.mark.django_db


@pytest.mark.req("S1a", "S2a", "S3a")
def test_woman_running(shelf):
    woman, running = shelf.tag("woman", "Woman"), shelf.tag("running", "Running")
    shelf.asset("one tag, nothing else", smart={woman: 990})
    shelf.asset("one tag, the rest written", smart={woman: 300}, title="Running")
    shelf.asset("both tags", smart={woman: 500, running: 500})
    shelf.asset("both written", description="A woman is running")
    shelf.asset("one written, no tag", title="A woman")
    found = shelf.found("woman running")
    assert [(hit.asset.name, hit.tier) for hit in found.hits] == [
        ("both written", Tier.METADATA),
        ("both tags", Tier.SMART_TAGS),
        ("one tag, the rest written", Tier.SOME_SMART_TAGS),
        ("one tag, nothing else", Tier.SOME_SMART_TAGS),
    ]
    assert (found.total, found.is_capped, found.after) == (4, False, "")


@pytest.mark.req("S3a")
def test_in_the_third_tier_more_terms_come_before_fewer(shelf):
    red, wet, dog = shelf.tag("red"), shelf.tag("wet"), shelf.tag("dog")
    shelf.asset("one, most sure", smart={red: 1000})
    shelf.asset("two", smart={red: 100, wet: 100})
    shelf.asset("one and the rest written", smart={dog: 100}, title="red wet")
    shelf.asset("two and the rest written", smart={red: 100, wet: 100}, title="dog")
    assert shelf.find("red wet dog") == [
        "two and the rest written",
        "one and the rest written",
        "two",
        "one, most sure",
    ]


@pytest.mark.req("S3a")
def test_asset_appears_once_in_its_best_tier(shelf):
    dog = shelf.tag("dog", "Dog")
    shelf.asset("both", smart={dog: 900}, title="Dog")
    assert [(hit.asset.name, hit.tier) for hit in shelf.found("dog").hits] == [("both", Tier.METADATA)]


@pytest.mark.req("S3b")
def test_promoted_tag_comes_before_a_plain_match_and_the_title_before_both(shelf):
    running = shelf.tag("running", "Running")
    shelf.asset("title", title="Running")
    shelf.asset("promoted", own=[running], description="A woman is running")
    shelf.asset("plain", description="A woman is running")
    shelf.asset("rights", rights="Running Press", description="A woman")
    assert shelf.find("running") == ["title", "promoted", "plain", "rights"]
    assert shelf.find("running woman")[:2] == ["promoted", "plain"]


@pytest.mark.req("S3b")
def test_promoted_tag_decides_also_where_terms_are_only_in_smart_tags(shelf):
    woman, running = shelf.tag("woman"), shelf.tag("running")
    shelf.asset("promoted", smart={woman: 100}, own=[running])
    shelf.asset("plain", smart={woman: 900}, description="running")
    assert shelf.find("woman running") == ["promoted", "plain"]


@pytest.mark.req("S3b")
def test_surer_smart_tags_come_first_then_newer_assets(shelf):
    dog = shelf.tag("dog")
    for name, confidence in (("old", 500), ("sure", 900), ("new", 500)):
        shelf.asset(name, smart={dog: confidence})
    for name in ("older", "newer"):
        shelf.asset(name, title="Dog")
    assert shelf.find("dog") == ["newer", "older", "sure", "new", "old"]


@pytest.mark.req("S3b")
def test_the_best_of_several_tags_that_a_term_finds_counts(shelf):
    dog, puppy = shelf.tag("dog"), shelf.tag("dog/puppy")
    shelf.asset("surer", smart={dog: 300, puppy: 800})
    shelf.asset("sure", smart={dog: 700})
    assert shelf.find("dog") == ["surer", "sure"]
    first = shelf.found("dog", size=1)
    assert shelf.find("dog", after=first.after) == ["sure"]


@pytest.mark.req("S1a")
def test_terms_may_be_in_different_fields(shelf):
    shelf.asset(
        "IMG_77.jpg",
        title="Beach",
        description="at noon",
        keywords=["sand", "sea"],
        creator="Ada",
        rights="Acme",
        custom={"shelf": {"row": ["upper"]}},
    )
    assert shelf.find("beach noon sand ada acme upper img 77") == ["IMG_77.jpg"]
    assert shelf.find("beach mountain") == []


@pytest.mark.req("S1a")
def test_empty_search_lists_everything_newest_first(shelf):
    for name in "abc":
        shelf.asset(name)
    assert shelf.find("") == ["c", "b", "a"]


@pytest.mark.req("S2b")
def test_only_bare_terms_are_looked_for_in_smart_tags(shelf):
    shoes = shelf.tag("shoes", "Running Shoes")
    shelf.asset("smart", smart={shoes: 900})
    assert shelf.find("running") == ["smart"]
    assert shelf.find('"running shoes"') == []
    assert shelf.find("title:running") == []


@pytest.mark.req("S2b")
@pytest.mark.parametrize("filters", ["title:sale", '"big sale"', "width:100..", "path:shop", "-old", "-path:attic"])
def test_every_tier_is_restricted(shelf, filters):
    dog, wet = shelf.tag("dog"), shelf.tag("wet")
    for number, (name, words) in enumerate((("yes", "big sale"), ("no", "old"))):
        here = {"folder": ("shop", "attic")[number], "width": (200, 50)[number]}
        shelf.asset(f"{name} 3", title=words, smart={wet: 1}, **here)
        shelf.asset(f"{name} 2", title=words, smart={dog: 1, wet: 1}, **here)
        shelf.asset(f"{name} 1", title=f"{words} wet dog", **here)
    assert shelf.find(f"wet dog {filters}") == ["yes 1", "yes 2", "yes 3"]
    assert shelf.found(f"wet dog {filters}").total == 3
    assert shelf.find(f"wet {filters}") == ["yes 1", "yes 2", "yes 3"]


@pytest.mark.req("S2b")
def test_excluded_words_are_neither_written_nor_in_a_tag_of_either_kind(shelf):
    shoe, boot = shelf.tag("shoe", "Shoe"), shelf.tag("shoe/boot", "Boot")
    shelf.asset("written", description="old shoes")
    shelf.asset("smart", smart={boot: 1})
    shelf.asset("own", own=[shoe])
    shelf.asset("none", description="a hat")
    assert shelf.find("-shoe") == ["none"]
    assert shelf.find("-tags:boot") == ["none", "own", "written"]
    assert shelf.find('-"old shoes"') == ["none", "own", "smart"]
