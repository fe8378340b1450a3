import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.models import Asset, State
from tagsmith.web.views.library import SIZE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client, add_person):
    client.force_login(add_person())


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


def fill(folder, count, first=0):
    from django.utils import timezone

    Asset.objects.bulk_create(
        Asset(
            folder=folder,
            name=f"{number}.jpg",
            folded=f"{number}.jpg",
            content=f"{number:064}",
            size=1,
            modified=timezone.now(),
            state=State.READY,
        )
        for number in range(first, first + count)
    )


def shown(page):
    return re.findall(r'class="name" title="([^"]*)"', page)


def test_empty_library_says_how_to_begin_to_whom_may(client, add_person):
    assert "Whoever may upload" in client.get("/library/").text
    client.force_login(add_person("eve", "editor"))
    page = client.get("/library/").text
    assert "tagsmith import" in page
    assert 'data-opens="upload"' in page


def test_library_shows_folders_and_the_newest_of_all_folders_first(client, folder, add_folder):
    fill(folder, 2)
    fill(add_folder("alps", folder), 1, first=2)
    page = client.get("/library/").text
    assert f'href="/folders/{folder.pk}/"' in page
    assert shown(page) == ["travel/alps/2.jpg", "travel/1.jpg", "travel/0.jpg"]


def test_folder_shows_what_lies_directly_in_it_and_the_way_there(client, folder, add_folder):
    inner = add_folder("alps", folder)
    fill(folder, 1)
    fill(inner, 1, first=1)
    assert shown(client.get(f"/folders/{folder.pk}/").text) == ["travel/0.jpg"]
    page = client.get(f"/folders/{inner.pk}/").text
    assert shown(page) == ["travel/alps/1.jpg"]
    assert f'<a href="/folders/{folder.pk}/">travel</a>' in page


@pytest.mark.parametrize("start", ["/library/", "/folders/{}/"])
def test_pages_follow_each_other_without_gap_or_repetition(client, folder, start):
    fill(folder, 2 * SIZE + 5)
    start = start.format(folder.pk)
    address, seen = start, []
    while address:
        page = client.get(address).text
        seen += shown(page)
        onward = re.search(r'href="(\?after=[^"]+)" rel="next"', page)
        address = start + onward[1] if onward else None
    assert seen == [f"travel/{number}.jpg" for number in reversed(range(2 * SIZE + 5))]


def test_page_that_never_ended_anywhere_is_refused(client):
    answer = client.get("/library/?after=nonsense")
    assert answer.status_code == 400
    assert "is not where a page ended" in answer.text


@pytest.mark.parametrize("address", ["/library/", "/folders/{}/"])
def test_number_of_queries_does_not_grow_with_assets_and_folders(client, folder, add_folder, address):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address.format(folder.pk)).status_code == 200
        return len(caught)

    fill(folder, 5)
    add_folder("alps", folder)
    few = queries()
    fill(folder, 45, first=5)
    for number in range(20):
        add_folder(f"more {number}", folder)
        add_folder(f"other {number}")
    assert queries() == few


def test_asset_that_is_not_ready_says_so_instead_of_showing_a_broken_image(client, folder):
    fill(folder, 2)
    Asset.objects.filter(name="0.jpg").update(state=State.NEW)
    Asset.objects.filter(name="1.jpg").update(state=State.FAILED)
    page = client.get("/library/").text
    assert "Being prepared" in page
    assert "Could not be read" in page
    assert "/preview/" not in page


def test_names_are_shown_as_they_are_and_never_as_markup(client, add_folder):
    folder = add_folder("<b>&")
    fill(folder, 1)
    assert "<b>&" not in client.get(f"/folders/{folder.pk}/").text


def test_tree_is_open_along_the_way_and_gives_the_rest_when_it_is_asked(client, folder, add_folder):
    inner, beside = add_folder("alps", folder), add_folder("work")
    add_folder("hidden away", beside)
    page = client.get(f"/folders/{inner.pk}/").text
    assert re.findall(r'href="/folders/(\d+)/"', page).count(str(beside.pk)) == 1
    assert "hidden away" not in page
    part = client.get(f"/folders/{beside.pk}/branch/").text
    assert "hidden away" in part
    assert "<html" not in part


def test_list_is_in_the_address_and_kept_by_the_links_to_pages_and_folders(client, folder):
    fill(folder, SIZE + 1)
    page = client.get("/library/?view=list").text
    assert "<table" in page
    assert re.search(r'href="\?view=list&amp;after=[^"]+" rel="next"', page)
    assert f'href="/folders/{folder.pk}/?view=list"' in page
    assert "<table" not in client.get("/library/").text


@pytest.mark.req("A1a")
def test_tree_of_somebody_with_one_folder_begins_there(client, add_person, folder, add_folder):
    inner = add_folder("alps", folder)
    add_folder("rivers", folder)
    client.force_login(add_person("eve", folders=(inner,)))
    page = client.get(f"/folders/{inner.pk}/").text
    assert "rivers" not in page
    assert "travel" not in page
