"""Counts of hits by what they are: as counted one by one, and as the search finds with each value added."""

# ruff: noqa: RUF001 - the characters that look alike are the subject

from collections import Counter
from datetime import UTC, datetime
from itertools import takewhile
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tagsmith.assets.models import Asset, State
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.search import facets as room
from tagsmith.search.facet import SHOWN, SWITCHED, Kind
from tagsmith.search.facets import choosing, facets
from tagsmith.taxonomy.services import delete

pytestmark = pytest.mark.django_db

TAGS = {"red": {"red"}, "dog": {"dog"}, "pup": {"dog", "pup"}}  # the words by which they are found
KEYS = {"red": "red", "dog": "dog", "pup": "dog/pup"}
WIDTHS = {"..999": (0, 999), "1000..1999": (1000, 1999), "2000..3999": (2000, 3999), "4000..": (4000, 10**6)}
LEVELS = {"0.9..": (900, 1000), "0.75..": (750, 1000), "0.5..": (500, 1000), "<0.5": (0, 499)}
DATES = (datetime(2023, 12, 31, 23, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))
ASSETS = st.fixed_dictionaries(
    {
        "title": st.sets(st.sampled_from(["red", "dog", "pup", "hat"]), max_size=2),
        "own": st.sets(st.sampled_from(sorted(TAGS)), max_size=2),
        "smart": st.dictionaries(st.sampled_from(sorted(TAGS)), st.sampled_from((300, 500, 749, 900, 1000))),
        "folder": st.sampled_from(("", "shop", "shop/shoes", "shop/shoes/old", "attic")),
        "format": st.sampled_from(("", "JPEG", "PNG")),
        "size": st.sampled_from(((None, None), (999, 1000), (1000, 1000), (4000, 20))),
        "captured": st.sampled_from(DATES),
        "state": st.sampled_from([State.READY, State.FAILED]),
        "is_trash": st.booleans(),
    }
)
QUERIES = (
    "",
    "red",
    "pup hat",
    "red dog",
    "-hat",
    "type:png",
    "dog type:jpeg",
    "red type:png orientation:portrait",
    "width:1000..1999 status:failed",
    "confidence:0.9.. type:png",
    "set:dog",
    "red path:shop/ created:2024",
)


def is_hit(asset, query):
    """Whether an asset is found, by a plain reading."""
    words = [one for one in query.split() if ":" not in one and one[0] != "-"]
    written = asset["title"].union(*(TAGS[tag] for tag in asset["own"]))
    seen = set().union(*(TAGS[tag] for tag in asset["smart"]))
    meets = {
        "-hat": "hat" not in written,
        "type:png": asset["format"] == "PNG",
        "type:jpeg": asset["format"] == "JPEG",
        "orientation:portrait": bool(asset["size"][0]) and asset["size"][0] < asset["size"][1],
        "width:1000..1999": bool(asset["size"][0]) and 1000 <= asset["size"][0] <= 1999,
        "status:failed": asset["state"] is State.FAILED,
        "confidence:0.9..": any(sure >= 900 for sure in asset["smart"].values()),
        "set:dog": bool(asset["own"] & {"dog", "pup"}),
        "path:shop/": asset["folder"].startswith("shop"),
        "created:2024": asset["captured"].year == 2024,
    }
    by_words = all(word in written for word in words) or any(word in seen for word in words)
    return by_words and all(meets[one] for one in query.split() if one in meets) and not asset["is_trash"]


def folder_of(asset, hits):
    """Return the folder that an asset is counted in: the next below what all hits have in common."""
    ways = [[step for step in hit["folder"].split("/") if step] for hit in hits]
    common = [steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, zip(*ways, strict=False))]
    way = [step for step in asset["folder"].split("/") if step]
    is_here = way == common and any(other != common for other in ways)
    return "" if is_here else "/".join(way[: len(common) + 1])


def parts(asset, hits):
    """Return the values that count an asset, by a plain reading."""
    (width, height), date = asset["size"], asset["captured"]
    on_hits = {name: set().union(*(hit[name] for hit in hits)) for name in ("own", "smart")}
    tagged = {name: {*asset[name], *(["dog"] if "pup" in asset[name] else [])} & on_hits[name] for name in on_hits}
    sure = asset["smart"].values()
    are_years = len({hit["captured"].year for hit in hits}) > 1
    ranges = [name for name, (low, high) in WIDTHS.items() if width and low <= width <= high]
    shape = "square" if width == height else "landscape" if width > height else "portrait"
    found = {
        "path": [f"{folder}/"] if (folder := folder_of(asset, hits)) else [],
        "set": tagged["own"],
        "smart": tagged["smart"],
        "model": ["Poses"] if asset["smart"] else [],
        "confidence": [name for name, (low, high) in LEVELS.items() if any(low <= one <= high for one in sure)],
        "type": [asset["format"].lower()] if asset["format"] else [],
        "orientation": [shape] if width else [],
        "width": ranges,
        "created": [f"{date:%Y}" if are_years else f"{date:%Y-%m}"],
        "status": [asset["state"].value],
    }
    return {f"{name}:{value}" for name, values in found.items() for value in values}


def expected(assets, query):
    """Return how often each value is counted: without what is chosen of its own facet, where it takes that's place."""
    hits = [asset for asset in assets if is_hit(asset, query)]
    found = Counter(part for asset in hits for part in parts(asset, hits))
    for field in SWITCHED.values():
        if f"{field}:" in query:
            others = " ".join(word for word in query.split() if not word.startswith(f"{field}:"))
            wider = [asset for asset in assets if is_hit(asset, others)]
            own = (part for asset in wider for part in parts(asset, wider))
            found = Counter({part: count for part, count in found.items() if not part.startswith(f"{field}:")})
            found.update(part for part in own if part.startswith(f"{field}:"))
    return found


def counted(found):
    return {value.part.replace('"', ""): value.count for facet in found.facets for value in facet.values}


def values(found, kind):
    return next(({one.name: one.count for one in facet.values} for facet in found.facets if facet.kind is kind), {})


@pytest.fixture
def tags(shelf):
    return {name: shelf.tag(key) for name, key in KEYS.items()}


@pytest.mark.req("S5a", "S5b")
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(assets=st.lists(ASSETS, max_size=8), query=st.sampled_from(QUERIES))
def test_any_library_and_search(shelf, tags, *, assets, query):
    with transaction.atomic():
        for number, asset in enumerate(assets):
            shelf.asset(
                f"{number}.jpg",
                title=" ".join(sorted(asset["title"])),
                own=[tags[name] for name in asset["own"]],
                smart={tags[name]: sure for name, sure in asset["smart"].items()},
                width=asset["size"][0],
                height=asset["size"][1],
                trashed=datetime.now(UTC) if asset["is_trash"] else None,
                trashing=uuid4() if asset["is_trash"] else None,
                **{name: asset[name] for name in ("folder", "format", "captured", "state")},
            )
        hits = [asset for asset in assets if is_hit(asset, query)]
        found = facets(EVERYTHING, query)
        assert (found.counted, found.is_capped) == (len(hits), False)
        assert counted(found) == expected(assets, query)
        for kind, value in ((facet.kind, value) for facet in found.facets for value in facet.values):
            assert shelf.found(choosing(kind, query, value)).total == value.count, value
        transaction.set_rollback(True)
    assert not Asset.objects.exists()


@pytest.mark.req("S5a")
def test_nothing_outside_the_scope_is_counted_or_named(shelf, tags):
    shelf.asset("1", folder="open/mine", smart={tags["red"]: 900}, format="JPEG")
    shelf.asset("2", folder="open/yours", own=[tags["dog"]], format="PNG")
    shelf.asset("3", folder="other/deep/mine", format="GIF")
    mine = facets(Scope(("open/mine", "other/deep/mine")), "")
    assert values(mine, Kind.FOLDER) == {"open/mine": 1, "other/deep/mine": 1}
    assert values(mine, Kind.TYPE) == {"GIF": 1, "JPEG": 1}
    assert (values(mine, Kind.TAG), values(mine, Kind.SMART_TAG)) == ({}, {"red": 1})
    assert facets(Scope(()), "") == room.Facets((), 0, is_capped=False)


@pytest.mark.req("S5a")
def test_one_switches_from_a_value_to_another_and_each_says_what_it_would_find(shelf, tags):
    for name, kind in (("1", "PNG"), ("2", "PNG"), ("3", "JPEG"), ("4", "GIF")):
        shelf.asset(name, format=kind, title="red" if name != "4" else "", width=int(name) * 800, height=900)
    found = facets(EVERYTHING, "red type:png width:..999")
    assert values(found, Kind.TYPE) == {"PNG": 1}
    assert values(found, Kind.WIDTH) == {"..999": 1, "1000..1999": 1}
    found = facets(EVERYTHING, "red type:png")
    assert values(found, Kind.TYPE) == {"PNG": 2, "JPEG": 1}
    assert values(found, Kind.WIDTH) == {"..999": 1, "1000..1999": 1}
    (jpeg,) = (one for facet in found.facets for one in facet.values if one.name == "JPEG")
    assert choosing(Kind.TYPE, "red type:png", jpeg) == "red type:jpeg"


@pytest.mark.req("S5a")
def test_it_is_said_where_only_the_newest_are_counted_without_the_own_choice(shelf, monkeypatch):
    monkeypatch.setattr(room, "COUNTED", 3)
    for number, kind in enumerate(("GIF", "GIF", "PNG", "JPEG", "JPEG")):
        shelf.asset(f"{number}", format=kind)
    found = facets(EVERYTHING, "type:gif")
    assert (found.counted, found.is_capped) == (2, False)
    (types,) = (facet for facet in found.facets if facet.kind is Kind.TYPE)
    assert types.is_capped
    assert values(found, Kind.TYPE) == {"JPEG": 2, "PNG": 1}


@pytest.mark.req("S5a")
def test_of_very_many_hits_the_newest_are_counted_and_it_is_said(shelf, tags, monkeypatch):
    monkeypatch.setattr(room, "COUNTED", 3)
    for number, kind in enumerate(("GIF", "GIF", "PNG", "JPEG", "JPEG")):
        shelf.asset(f"{number}", format=kind, **({"title": "red"} if number % 2 else {"smart": {tags["red"]: 1}}))
    for query in ("", "red", "status:ready"):
        found = facets(EVERYTHING, query)
        assert (found.counted, found.is_capped, values(found, Kind.TYPE)) == (3, True, {"JPEG": 2, "PNG": 1})


def test_tags_of_one_title_are_told_apart_and_counted_apart(shelf):
    fruit, colour = shelf.tag("fruit/orange", "Orange", de="Apfelsine"), shelf.tag("colour/orange", "Orange")
    shelf.asset("1", own=[fruit])
    shelf.asset("2", own=[fruit, colour])
    found = facets(EVERYTHING, "")
    assert values(found, Kind.TAG) == {"Orange (default:fruit/orange)": 2, "Orange (default:colour/orange)": 1}
    assert set(counted(found)) >= {"set:fruit/orange", "set:colour/orange"}
    german = facets(EVERYTHING, "", "de")
    assert values(german, Kind.TAG) == {"Apfelsine": 2, "Orange (default:colour/orange)": 1}
    assert shelf.find("set:Apfelsine") == ["2", "1"]


def test_deleted_tag_is_no_value_any_more(shelf, tags):
    shelf.asset("1", own=[tags["red"]], smart={tags["red"]: 900, tags["dog"]: 600})
    delete(COMMAND_LINE, tags["red"])
    found = facets(EVERYTHING, "")
    assert (values(found, Kind.TAG), values(found, Kind.SMART_TAG)) == ({}, {"dog": 1})
    assert values(found, Kind.CONFIDENCE) == {"0.5..": 1}


@pytest.mark.parametrize("name", ['27" screens', "what?", "a  b", "東京：駅", "50%_off", "-old", "[x]", "width:5"])
def test_folder_of_any_name_can_be_chosen(shelf, name):
    shelf.asset("1", folder=f"in/{name}/deep")
    shelf.asset("2", folder=f"in/{name}")
    shelf.asset("3", folder="in/other")
    (value,) = (one for facet in facets(EVERYTHING, "").facets for one in facet.values if one.name == f"in/{name}")
    assert value.count == 2
    assert shelf.find(value.part) == ["2", "1"]


def test_folder_is_not_taken_for_another_that_begins_with_its_name(shelf):
    for folder in ("shop", "shops", "shop/shoes", "Attic"):
        shelf.asset(folder, folder=folder)
    assert values(facets(EVERYTHING, ""), Kind.FOLDER) == {"shop": 2, "shops": 1, "Attic": 1}
    assert shelf.find("path:SHOP/") == ["shop/shoes", "shop"]
    assert shelf.find("path:shop") == ["shop/shoes", "shops", "shop"]
    assert shelf.find("-path:shop/") == ["Attic", "shops"]
    assert shelf.find("path:/") == ["Attic", "shop/shoes", "shops", "shop"]
    assert shelf.find("path:sh?p/") == ["shop/shoes", "shop"]


@pytest.mark.req("S5a")
def test_set_and_smart_tags_are_asked_for_apart(shelf, tags):
    shelf.asset("set", own=[tags["pup"]])
    shelf.asset("seen", smart={tags["pup"]: 900})
    shelf.asset("neither", title="dog pup")
    assert (shelf.find("set:dog"), shelf.find("smart:dog"), shelf.find("tags:dog")) == (
        ["set"],
        ["seen"],
        ["seen", "set"],
    )
    assert (shelf.find("-set:dog"), shelf.find("-smart:dog")) == (["neither", "seen"], ["neither", "set"])


@pytest.mark.req("S5a")
def test_orientation_is_a_field(shelf):
    for name, size in (("wide", (3, 2)), ("high", (2, 3)), ("square", (2, 2)), ("unknown", (None, None))):
        shelf.asset(name, width=size[0], height=size[1])
    found = {word: shelf.find(f"orientation:{word}") for word in ("landscape", "Portrait", "square", "x")}
    assert found == {"landscape": ["wide"], "Portrait": ["high"], "square": ["square"], "x": []}
    assert shelf.find("-orientation:square") == ["unknown", "high", "wide"]


def test_only_the_values_that_most_hits_have_are_given(shelf):
    for number in range(SHOWN + 3):
        shelf.asset(f"{number}", folder=f"f{number:02}")
    shelf.asset("more", folder="f26")
    names = list(values(facets(EVERYTHING, ""), Kind.FOLDER))
    assert (len(names), names[:2]) == (SHOWN, ["f26", "f00"])


def test_number_of_queries_does_not_grow_with_hits(shelf, tags):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            facets(EVERYTHING, "dog")
        return len(caught)

    for number in range(3):
        shelf.asset(f"{number}", folder=f"f{number}", title="dog", own=[tags["red"]], smart={tags["pup"]: 900})
    queries()
    few = queries()
    for number in range(3, 20):
        shelf.asset(f"{number}", folder=f"f{number}", title="dog", own=[tags["dog"]], smart={tags["red"]: 900})
    assert queries() == few
