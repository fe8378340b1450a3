"""What is suggested while somebody types a search."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.search import suggesting
from tagsmith.search.suggesting import Kind, Suggestion, suggest
from tagsmith.taxonomy.services import delete, set_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(db):
    from tagsmith.accounts.models import Role
    from tagsmith.accounts.services import add_person

    ada = add_person("ada", "correct horse battery", Role.VIEWER)

    def asked(text, scope=EVERYTHING, language="en"):
        return [(one.kind.value, one.text, one.search, one.why) for one in suggest(ada, scope, text, language)]

    return asked


@pytest.fixture
def shoes(shelf):
    shelf.shoe = shelf.tag("shoe", "Shoe", de="Schuh")
    shelf.running = shelf.tag("shoe/running", "Running shoe", "Trainer", de="Laufschuh", ja="ランニングシューズ")
    return shelf


@pytest.mark.req("S6a", "S6b")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SHO", [("tag", "Shoe", "tags:Shoe", ""), ("tag", "Running shoe", 'tags:"Running shoe"', "")]),
        ("running s", [("tag", "Running shoe", 'tags:"Running shoe"', ""), ("tag", "Shoe", "running tags:Shoe", "")]),
        ("red trai", [("tag", "Running shoe", 'red tags:"Running shoe"', "Trainer")]),
        ("lauf", [("tag", "Running shoe", 'tags:"Running shoe"', "Laufschuh")]),
        ("シューズ", [("tag", "Running shoe", 'tags:"Running shoe"', "ランニングシューズ")]),
        ("type:png Läuf", [("tag", "Running shoe", 'type:png tags:"Running shoe"', "Laufschuh")]),
        ('smart:"run', [("tag", "Running shoe", 'smart:"Running shoe"', "")]),
        ("-run", [("tag", "Running shoe", '-tags:"Running shoe"', "")]),
        ("title:run", []),
        ("created:2024", []),
        ("", []),
        ("x", []),
    ],
)
def test_tags_are_suggested_by_any_of_their_words(shoes, ask, text, expected):
    assert ask(text) == expected
    shoes.asset("1", own=[shoes.running], smart={shoes.running: 900}, title="red running", format="PNG")
    for _, _, search, _ in expected:
        assert shoes.find(search) == ([] if search.startswith("-") else ["1"])


def test_titles_are_in_the_language_of_the_page(shoes, ask):
    assert ask("trai", language="de") == [("tag", "Laufschuh", "tags:Laufschuh", "Trainer")]


def test_tags_of_one_title_are_told_apart_and_deleted_ones_are_gone(shelf, ask):
    shelf.tag("fruit/orange", "Orange")
    colour = shelf.tag("colour/orange", "Orange")
    assert ask("oran") == [
        ("tag", "Orange", 'tags:"fruit/orange"', "default:fruit/orange"),
        ("tag", "Orange", 'tags:"colour/orange"', "default:colour/orange"),
    ]  # fmt: skip
    delete(COMMAND_LINE, colour)
    assert [one[3] for one in ask("oran")] == ["default:fruit/orange"]


def test_renamed_tag_is_suggested_at_once(shoes, ask):
    set_title(COMMAND_LINE, shoes.running, "Jogger")
    assert [one[1] for one in ask("jog")] == ["Jogger"]


@pytest.mark.req("S6a", "S6b")
@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("été", ["Été à Paris", "Un été"]),
        ("ETE p", ["Été à Paris"]),
        ("paris un", ["Un été à Paris"]),
        ("夏の", ["東京の夏の日"]),
        ("の日", ["東京の夏の日"]),
        ("27", ['A 27" screen']),
        ("a", []),
        ("title:ete", ["Été à Paris", "Un été"]),
        ("-ete", []),
        ("tags:ete", []),
    ],
)
def test_titles_are_suggested_that_have_all_the_words(shelf, ask, text, titles):
    for number, title in enumerate(("Un été", "Été à Paris", "東京の夏の日", 'A 27" screen', "Un été à Paris", "")):
        shelf.asset(f"{number}", title=title)
    shelf.asset("again", title="Un été", description="été")
    found = ask(text)
    assert [one[1] for one in found][: len(titles)] == titles
    assert {one[0] for one in found} <= {"title"}
    for _, title, search, _ in found:
        assert title in {hit.asset.title for hit in shelf.found(search).hits}


@pytest.mark.req("S6b")
def test_titles_outside_the_scope_and_in_the_trash_are_not_suggested(shelf, ask):
    from tagsmith.assets.services.trash import trash_assets

    shelf.asset("1", folder="open", title="Secret of the sea")
    shelf.asset("2", folder="secret", title="Secret of the hill")
    gone = shelf.asset("3", folder="open", title="Secret of the past")
    trash_assets(EVERYTHING, COMMAND_LINE, [gone])
    assert [one[1] for one in ask("secr", Scope(("open",)))] == ["Secret of the sea"]
    assert ask("secr", Scope(())) == []


def test_few_of_each_kind_are_suggested(shelf, ask):
    for number in range(9):
        shelf.tag(f"boat{number}")
        shelf.asset(f"{number}", title=f"Boat {number}")
    kinds = [one[0] for one in ask("boa")]
    assert kinds == ["tag"] * suggesting.SIZE + ["title"] * suggesting.SIZE


@pytest.mark.req("S6a")
def test_rooms_above_add_what_they_have(shelf, ask, monkeypatch):
    saved = Suggestion(Kind.SAVED, "My boats", "boat type:png")
    monkeypatch.setattr(
        suggesting, "PROVIDERS", [*suggesting.PROVIDERS, lambda asking: [saved] * ("my" in asking.text)]
    )
    assert ask("my b") == [("saved search", "My boats", "boat type:png", "")]
    assert ask("boats") == []


def test_number_of_queries_does_not_grow(shelf, ask):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            ask("boat sh")
        return len(caught)

    shelf.tag("boat shed")
    shelf.asset("0", title="Boat shed")
    queries()
    few = queries()
    for number in range(1, 20):
        shelf.tag(f"boat shed {number}")
        shelf.asset(f"{number}", title=f"Boat shed {number}")
    queries()
    assert queries() == few
