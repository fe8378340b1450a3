import re

import pytest

from tagsmith.collecting.models import SavedSearch
from tagsmith.collecting.services import save_search
from tagsmith.search.services import index

from .test_selection import undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vera(client, add_person):
    person = add_person("vera")
    client.force_login(person)
    return person


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.req("L9a", "L9g")
def test_search_is_saved_listed_and_opened_with_all_that_was_in_the_box(client):
    text = 'boots & -hats "in a row"'
    client.post("/collections/searches/save/", {"name": "Boots", "text": text})
    page = client.get("/collections/searches/").text
    assert "The search was saved as Boots." in page
    address = re.search(r'href="(/search/\?[^"]*)"', page)[1]
    assert 'value="boots &amp; -hats &quot;in a row&quot;"' in client.get(address.replace("&amp;", "&")).text


@pytest.mark.req("L9g")
def test_list_shows_what_each_finds_now(client, vera, add_folder, add_asset):
    saved = save_search(vera, "Boots", "boots")
    address = f"/collections/searches/{saved.pk}/look/"
    assert f'hx-get="{address}"' in client.get("/collections/searches/").text
    assert "It finds nothing now." in client.get(address).text
    asset = add_asset(add_folder("travel"), title="A boot")
    index([asset.pk])
    part = client.get(address).text
    assert "1 asset" in words(part)
    assert f"/assets/{asset.pk}/preview/" in part
    assert "<html" not in part


@pytest.mark.req("L9e", "L9g")
def test_search_is_changed_and_deleted_with_undo(client, vera):
    saved = save_search(vera, "Boots", "boots")
    client.post(f"/collections/searches/{saved.pk}/change/", {"name": "Hats", "text": "hats"})
    undo(client, "/collections/searches/")
    assert SavedSearch.objects.get().text == "boots"
    client.post(f"/collections/searches/{saved.pk}/delete/")
    undo(client, "/collections/searches/")
    assert SavedSearch.objects.get().name == "Boots"


@pytest.mark.req("L9g")
def test_refusal_is_a_sentence_and_a_form_keeps_what_was_typed(client, vera):
    save_search(vera, "Boots", "boots")
    sent = {"name": "boots", "text": "other"}
    answer = client.post("/collections/searches/save/", sent, headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.text) == (409, False)
    other = save_search(vera, "Other", "hats")
    page = client.post(f"/collections/searches/{other.pk}/change/", {"name": "Boots", "text": "typed"}).text
    assert "has another one of the name" in page
    assert 'value="typed"' in page


@pytest.mark.req("L9d")
def test_viewer_is_not_asked_whether_to_share_and_does_not_change_what_is_shared(client, vera, add_person):
    shared = save_search(add_person("eve", "editor"), "Shared", "hats", shared=True)
    page = client.get("/collections/searches/").text
    assert "Shared" in page
    assert f"/collections/searches/{shared.pk}/delete/" not in page
    own = save_search(vera, "Own", "boots")
    assert 'name="shared"' not in client.get(f"/collections/searches/{own.pk}/change/").text
    assert client.post(f"/collections/searches/{shared.pk}/delete/").status_code == 403
    client.post("/collections/searches/save/", {"name": "For all", "text": "x", "shared": "on"})
    assert not SavedSearch.objects.filter(name="For all").exists()
