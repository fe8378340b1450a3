import csv
import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.accounts.models import Person
from tagsmith.assets.edits import Edit, Mode
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.assets import move_assets
from tagsmith.assets.services.bulk_edit import edit_assets
from tagsmith.assets.services.trash import trash_assets, trash_folder
from tagsmith.audit import selectors
from tagsmith.audit.services import Actor, record
from tagsmith.tagging.moderation import set_tag
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.services.delete import delete
from tagsmith.taxonomy.services.move import move
from tagsmith.web.views import changes

pytestmark = [pytest.mark.django_db, pytest.mark.req("T5b")]
ADA, GRACE = Actor(name="Ada"), Actor(name="Grace")


@pytest.fixture(autouse=True)
def administrator(client, add_person):
    client.force_login(add_person("root", "administrator"))


@pytest.fixture
def assets(add_folder, add_asset):
    folder = add_folder("travel")
    return [add_asset(folder, f"{n}.png", seed=n, title=f"Old {n}") for n in range(3)]


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def table(page):
    """The page's lines: who, what, on what."""
    body = re.search(r"<tbody>(.*)</tbody>", page, re.DOTALL)
    return [words(row) for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)] if body else []


def test_changes_are_listed_in_words_and_what_was_done_as_one_is_one_line(client, assets):
    edit_assets(EVERYTHING, ADA, [one.pk for one in assets], {"title": Edit(Mode.REPLACE, "New")})
    root = Person.objects.get(username="root")
    record(GRACE, "person.role", "person", root.pk, before={"role": "viewer"}, after={"role": "editor"})
    first, second = table(client.get("/changes/").text)
    assert re.search(r"Grace People: role changed viewer → editor .*root", first)
    assert re.search(r"Ada Assets: metadata edited .*travel/2\.png and 2 more Undo", second)
    unit = selectors.changes(selectors.Which(subject="asset")).done[0].entry.unit
    each = table(client.get(f"/changes/?unit={unit}").text)
    assert [re.search(r"travel/\d\.png", one)[0] for one in each] == ["travel/2.png", "travel/1.png", "travel/0.png"]
    assert "title Old 2 → New" in each[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=Grace", 1),
        ("kind=asset", 2),
        ("kind=asset/asset.moved", 1),
        ("kind=tag", 0),
        ("asset=archive/0.png", 2),
        ("asset={pk}", 2),
        ("until=2020-01-01", 0),
        ("since=2020-01-01", 2),
    ],
)
def test_changes_are_filtered_and_the_address_says_by_what(client, assets, add_folder, query, found):
    edit_assets(EVERYTHING, ADA, [one.pk for one in assets], {"title": Edit(Mode.REPLACE, "New")})
    move_assets(EVERYTHING, GRACE, [assets[0].pk], add_folder("archive").pk)
    page = client.get(f"/changes/?{query.format(pk=assets[0].pk)}").text
    assert len(table(page)) == found
    assert found or "The filters let nothing through." in page


def test_filters_that_make_no_sense_are_said_so_and_kept(client, assets):
    answer = client.get("/changes/?since=soon&who=Ada")
    assert answer.status_code == 400
    assert "these filters make no sense" in answer.text
    assert "there is no asset nowhere.png" in client.get("/changes/?asset=nowhere.png").text
    assert client.get("/changes/?after=x").status_code == 400


def test_change_is_taken_back_from_the_list(client, assets):
    edit_assets(EVERYTHING, ADA, [one.pk for one in assets], {"title": Edit(Mode.REPLACE, "New")})
    address = re.search(r'action="(/undo/edit/[^"]*)"', client.get("/changes/").text)[1]
    assert client.post(address, headers={"Referer": "http://testserver/changes/"}).url == "http://testserver/changes/"
    assert Asset.objects.get(pk=assets[0].pk).title == "Old 0"
    assert "edit of metadata undone" in table(client.get("/changes/").text)[0]


def test_undone_unit_says_by_whom_and_when_and_is_not_undone_again(client, assets):
    unit = edit_assets(EVERYTHING, ADA, [one.pk for one in assets], {"title": Edit(Mode.REPLACE, "New")}).unit
    address = re.search(r'action="(/undo/edit/[^"]*)"', client.get("/changes/").text)[1]
    client.post(address)
    line = table(client.get("/changes/?kind=asset/asset.edited").text)[0]
    assert re.search(r"Undone by root, \d", line)
    page = client.get(f"/changes/?unit={unit}").text
    assert words(page).count("Undone by root") == 1
    assert "/undo/" not in page
    again = client.post(address)
    assert again.status_code == 409
    assert "this was undone before" in again.text


UNITS = {
    "move": lambda asset, folder, _tag: move_assets(EVERYTHING, ADA, [asset.pk], folder.pk),
    "trash": lambda asset, _folder, _tag: trash_assets(EVERYTHING, ADA, [asset.pk]),
    "trash folder": lambda _asset, folder, _tag: trash_folder(EVERYTHING, ADA, folder.pk),
    "tag": lambda asset, _folder, tag: set_tag(EVERYTHING, ADA, [asset.pk], tag),
    "move tag": lambda _asset, _folder, tag: move(ADA, tag, "default:", "shoe"),
    "delete tag": lambda _asset, _folder, tag: delete(ADA, tag),
}


@pytest.mark.parametrize("what", UNITS)
def test_whatever_was_undone_says_so_and_is_refused_a_second_time(client, assets, add_folder, what):
    UNITS[what](assets[0], add_folder("archive"), create_tag(GRACE, "boot"))
    address = re.search(r'action="(/(?:undo|trash|tags)/[^"]*)"', client.get("/changes/?who=Ada").text)[1]
    assert client.post(address).status_code == 302
    page = client.get("/changes/?who=Ada").text
    assert "Undone by root" in table(page)[0]
    assert address not in page
    again = client.post(address)
    assert (again.status_code, "this was undone before" in again.text) == (409, True)


def test_undone_move_can_be_done_again(client, assets, add_folder):
    archive = add_folder("archive")
    move_assets(EVERYTHING, ADA, [assets[0].pk], archive.pk)
    for folder in (assets[0].folder, archive):
        client.post(re.search(r'action="(/undo/move/[^"]*)"', client.get("/changes/").text)[1])
        assert Asset.objects.get(pk=assets[0].pk).folder == folder


def test_pages_follow_each_other(client, monkeypatch):
    monkeypatch.setattr(changes, "shown_changes", lambda which, after: real(which, after=after, size=2))
    for number in range(5):
        record(ADA, "report.created", "report", number, after={"title": f"no. {number}"})
    page, found = client.get("/changes/?who=Ada").text, []
    while True:
        found += [re.search(r"no\. \d", line)[0] for line in table(page)]
        onward = re.search(r'href="\?([^"]*)" rel="next"', page)
        if not onward:
            break
        page = client.get("/changes/?" + onward[1].replace("&amp;", "&")).text
    assert found == [f"no. {number}" for number in (4, 3, 2, 1, 0)]


real = changes.shown_changes


def test_number_of_queries_does_not_grow_with_lines(client, assets):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/changes/").status_code == 200
        return len(caught)

    record(ADA, "asset.edited", "asset", assets[0].pk, after={"title": "x"})
    few = queries()
    for number in range(30):
        record(ADA, "asset.edited", "asset", assets[number % 3].pk, after={"title": "x"}, unit=uuid4())
    assert queries() == few + 2  # of units it is counted how much they hold, and asked whether they were undone


def test_what_is_found_is_downloaded_as_csv(client, assets):
    edit_assets(EVERYTHING, ADA, [one.pk for one in assets], {"title": Edit(Mode.REPLACE, "New")})
    record(GRACE, "report.created", "report", 1, after={"title": "=1"})
    answer = client.get("/changes/download/?who=Grace")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline="")))
    assert [(row["who"], row["name"]) for row in rows] == [("Grace", "'=1")]


def test_names_that_people_gave_are_not_translated(client):
    record(Actor(name="Open"), "report.created", "report", 1, after={"title": "title"})
    client.cookies["tagsmith_language"] = "de"
    assert re.search(r"Open .*title", table(client.get("/changes/").text)[0])


@pytest.mark.parametrize("role", ["viewer", "editor", "trainer"])
def test_changes_are_for_administrators(client, add_person, role):
    client.force_login(add_person("eve", role))
    assert client.get("/changes/").status_code == client.get("/changes/download/").status_code == 403
