import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.scope import EVERYTHING
from tagsmith.audit.services import Actor
from tagsmith.collecting.models import Collection, Picked
from tagsmith.collecting.picking import add_assets
from tagsmith.collecting.services import create_collection
from tagsmith.search.services import index
from tagsmith.web.views.collecting import collections
from tagsmith.workflows.models import Run

from .test_selection import undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def eve(client, add_person):
    person = add_person("eve", "editor")
    client.force_login(person)
    return person


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def assets(folder, add_asset):
    return [add_asset(folder, f"{number}.png", seed=number, title=f"boot {number}") for number in range(3)]


@pytest.fixture
def spring(eve, assets):
    made = create_collection(eve, "Spring", shared=True)
    add_assets(EVERYTHING, Actor(eve), made, [assets[2].pk, assets[0].pk])
    return made


def inside(collection):
    return list(Picked.objects.filter(collection=collection).order_by("pk").values_list("asset_id", flat=True))


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.req("L9g")
def test_list_shows_each_with_its_first_images_and_how_many_there_are(client, spring, assets):
    page = client.get("/collections/").text
    assert f'href="/collections/{spring.pk}/"' in page
    assert [int(one) for one in re.findall(r'src="/assets/(\d+)/preview', page)] == [assets[2].pk, assets[0].pk]
    assert "Spring 2 assets Shared" in words(page)


@pytest.mark.req("L9g")
def test_nothing_there_says_how_to_begin(client):
    assert "There are no collections yet" in client.get("/collections/").text
    assert "There are no saved searches yet" in client.get("/collections/searches/").text


@pytest.mark.req("L9g")
def test_collection_is_made_renamed_and_deleted_with_undo(client):
    made = client.post("/collections/", {"name": "Spring", "description": "For the catalogue"}).url
    assert "For the catalogue" in client.get(made).text
    client.post(f"{made}change/", {"name": "Summer", "shared": "on"})
    assert Collection.objects.get().shared
    undo(client, made)
    assert (Collection.objects.get().name, Collection.objects.get().shared) == ("Spring", False)
    assert client.post(f"{made}delete/").url == "/collections/"
    assert not Collection.objects.exists()
    undo(client, "/collections/")
    assert "Spring" in client.get(made).text


@pytest.mark.req("L9g")
def test_taken_name_is_said_and_what_was_typed_is_kept(client, spring):
    page = client.post("/collections/", {"name": "spring", "description": "much text"}).text
    assert "has another one of the name" in page
    assert "data-open" in page
    assert "much text" in page
    other = client.post("/collections/", {"name": "Other"}).url
    page = client.post(f"{other}change/", {"name": "Spring", "description": "typed"}).text
    assert "typed" in page
    assert Collection.objects.count() == 2


@pytest.mark.req("L9g")
def test_page_shows_its_assets_in_the_order_of_adding_page_by_page(client, spring, eve, assets, monkeypatch):
    monkeypatch.setattr(collections, "SIZE", 2)
    add_assets(EVERYTHING, Actor(eve), spring, [assets[1].pk])
    address = f"/collections/{spring.pk}/"
    page = client.get(address).text
    onward = re.search(r'href="(\?after=[^"]+)" rel="next"', page)[1]
    titles = [
        re.findall(r'class="name" title="[^"]*">([^<]*)<', one) for one in (page, client.get(address + onward).text)
    ]
    assert titles == [["boot 2", "boot 0"], ["boot 1"]]
    assert "Select all in this collection" in page
    assert "<table" in client.get(f"{address}?view=list").text


@pytest.mark.req("L9b", "L9e")
def test_selection_is_added_to_a_collection_and_taken_back(client, spring, assets):
    client.post("/collections/add/", {"asset": [assets[0].pk, assets[1].pk], "collection": spring.pk})
    assert inside(spring) == [assets[2].pk, assets[0].pk, assets[1].pk]
    page = client.get("/library/")
    assert "1 asset was added to Spring." in page.text
    client.post("/collections/add/", {"asset": assets[0].pk, "collection": spring.pk})
    assert "All of them are in Spring already." in client.get("/library/").text


@pytest.mark.req("L9b", "L9e")
def test_new_collection_is_made_of_a_whole_search_result_and_goes_with_undo(client, assets, add_folder, add_asset):
    add_asset(add_folder("other"), "hat.png", seed=9, title="hat")
    index([asset.pk for asset in assets])
    client.post("/collections/add/", {"all": "search:boots", "name": "All boots"})
    assert set(inside(Collection.objects.get())) == {asset.pk for asset in assets}
    undo(client)
    assert not Collection.objects.exists()


@pytest.mark.req("L9b")
def test_search_of_which_a_part_was_not_understood_is_not_taken_as_a_whole(client, assets):
    index([asset.pk for asset in assets])
    answer = client.post("/collections/add/", {"all": "search:boots width:wide", "name": "Wide"})
    assert (answer.status_code, Collection.objects.count()) == (400, 0)
    assert "could not be understood" in answer.text


def test_more_than_a_request_can_do_makes_no_collection(client, folder, assets, monkeypatch):
    monkeypatch.setattr("tagsmith.web.views.collecting.picking.MOST", 2)
    assert client.post("/collections/add/", {"all": folder.pk, "name": "Much"}).status_code == 400
    assert not Collection.objects.exists()


@pytest.mark.req("L9b", "L9e")
def test_assets_are_taken_out_and_put_back_into_their_place(client, spring, assets):
    address = f"/collections/{spring.pk}/"
    client.post(f"{address}remove/", {"asset": assets[2].pk})
    assert inside(spring) == [assets[0].pk]
    undo(client, address)
    assert inside(spring) == [assets[2].pk, assets[0].pk]
    client.post(f"{address}remove/", {"all": f"collection:{spring.pk}"})
    assert inside(spring) == []


@pytest.mark.req("L9g")
def test_whole_collection_comes_as_a_zip(client, spring):
    answer = client.post("/selection/download/", {"all": f"collection:{spring.pk}"})
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer))).namelist() == ["0.png", "2.png"]


def test_run_is_started_over_a_whole_collection(client, spring, assets):
    page = client.post("/workflows/start/", {"all": f"collection:{spring.pk}"}).text
    assert f'name="all" value="collection:{spring.pk}"' in page
    assert "2 selected assets" in page
    assert not Run.objects.exists()
    sent = {"all": f"collection:{spring.pk}", "title": "Spring", "start": "1", "folder": assets[1].folder_id}
    client.post("/workflows/start/", sent)
    run = Run.objects.get()
    assert (set(run.assets), run.folders) == ({assets[2].pk, assets[0].pk}, [assets[1].folder_id])


@pytest.mark.req("L9g")
def test_asset_says_in_which_collections_it_is(client, spring, assets):
    assert f'hx-get="/assets/{assets[0].pk}/collections/"' in client.get(f"/assets/{assets[0].pk}/").text
    assert "Spring" in client.get(f"/assets/{assets[0].pk}/collections/").text
    assert "It is in none" in words(client.get(f"/assets/{assets[1].pk}/collections/").text)


@pytest.mark.req("L9h")
def test_collection_is_searched_in_from_its_page(client, eve, spring):
    address = f"/collections/{spring.pk}/search/"
    assert address in client.get(f"/collections/{spring.pk}/").text
    assert client.get(address, {"words": "red"}).url == "/search/?q=red+collection%3ASpring"
    quoted = create_collection(eve, 'Say "boo" & go')
    assert client.get(f"/collections/{quoted.pk}/search/").url == "/search/?q=collection%3A%22Say+boo+%26+go%22"


@pytest.mark.req("L9c", "A1a")
def test_what_somebody_may_not_see_is_not_in_the_collection_for_them(client, add_person, spring, add_folder):
    client.force_login(add_person("ed", "editor", folders=(add_folder("own"),)))
    page = client.get(f"/collections/{spring.pk}/").text
    assert "0 assets" in page
    assert "boot" not in page
    assert "/preview/" not in client.get("/collections/").text
    assert client.post("/selection/download/", {"all": f"collection:{spring.pk}"}).status_code == 400


@pytest.mark.req("L9d")
def test_private_collection_of_another_is_not_there(client, eve, add_person, assets):
    hidden = create_collection(eve, "Secret")
    add_assets(EVERYTHING, Actor(eve), hidden, [assets[0].pk])
    client.force_login(add_person("ed", "administrator"))
    for address in ("", "change/"):
        assert client.get(f"/collections/{hidden.pk}/{address}").status_code == 404
    for address in ("change/", "delete/", "remove/"):
        assert client.post(f"/collections/{hidden.pk}/{address}", {"name": "x", "asset": 1}).status_code == 404
    assert client.post("/collections/add/", {"asset": assets[1].pk, "collection": hidden.pk}).status_code == 404
    assert "Secret" not in client.get("/collections/").text + client.get("/collections/choose/").text
    assert "Secret" not in client.get(f"/assets/{assets[0].pk}/collections/").text
    assert inside(hidden) == [assets[0].pk]


@pytest.mark.req("L9d")
def test_viewer_looks_at_what_is_shared_and_keeps_private_ones(client, add_person, spring, assets):
    client.force_login(add_person("vera"))
    page = client.get(f"/collections/{spring.pk}/").text
    assert "delete-collection" not in page
    assert client.get(f"/collections/{spring.pk}/change/").status_code == 403
    assert client.post(f"/collections/{spring.pk}/delete/").status_code == 403
    assert client.post(f"/collections/{spring.pk}/remove/", {"asset": assets[0].pk}).status_code == 404
    assert "shared" not in client.get("/collections/choose/").text.lower()
    client.post("/collections/add/", {"asset": assets[0].pk, "name": "Mine", "shared": "on"})
    assert not Collection.objects.filter(name="Mine").exists()
    client.post("/collections/add/", {"asset": assets[0].pk, "name": "Mine"})
    assert inside(Collection.objects.get(name="Mine")) == [assets[0].pk]
    assert len(inside(spring)) == 2


def test_number_of_queries_does_not_grow_with_collections_and_assets(client, eve, add_asset, spring, assets):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    addresses = ("/collections/", f"/collections/{spring.pk}/", "/collections/choose/")
    few = [queries(address) for address in addresses]
    for number in range(12):
        made = create_collection(eve, f"Number {number}")
        add_assets(EVERYTHING, Actor(eve), made, [asset.pk for asset in assets])
        add_assets(
            EVERYTHING, Actor(eve), spring, [add_asset(assets[0].folder, f"more {number}.png", seed=50 + number).pk]
        )
    assert [queries(address) for address in addresses] == few
