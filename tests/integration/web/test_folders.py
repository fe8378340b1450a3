import re

import pytest

from tagsmith.assets.models import LIVE, Asset, Folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client, add_person):
    client.force_login(add_person(role="editor"))


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


def test_folder_is_made_at_the_top_and_in_another(client, folder):
    client.post("/library/new/", {"name": "work"})
    answer = client.post(f"/folders/{folder.pk}/new/", {"name": "alps"})
    assert set(Folder.objects.values_list("path", flat=True)) == {"", "travel", "work", "travel/alps"}
    assert answer.url == f"/folders/{Folder.objects.get(name='alps').pk}/"


@pytest.mark.parametrize("name", ["", "a/b", ".."])
def test_name_that_cannot_be_one_is_refused_in_a_sentence(client, folder, name):
    answer = client.post(f"/folders/{folder.pk}/new/", {"name": name}, headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert "name" in answer.text


def test_folder_is_renamed_and_moved(client, folder, add_folder):
    add_folder("archive")
    client.post(f"/folders/{folder.pk}/rename/", {"name": "trips"})
    client.post(f"/folders/{folder.pk}/move/", {"into": "archive"})
    folder.refresh_from_db()
    assert folder.path == "archive/trips"
    assert client.post(f"/folders/{folder.pk}/move/", {"into": "archive/trips"}).status_code == 400


@pytest.mark.req("L1j")
def test_renamed_and_moved_folder_goes_back_with_undo(client, folder, add_folder):
    add_folder("archive")
    for act, sent in (("rename", {"name": "trips"}), ("move", {"into": "archive"})):
        client.post(f"/folders/{folder.pk}/{act}/", sent)
        page = client.get(f"/folders/{folder.pk}/").text
        client.post(re.search(r'action="(/undo/move/[^"]*)"', page)[1])
        folder.refresh_from_db()
        assert folder.path == "travel"


def test_deleting_a_folder_says_what_goes_along_and_can_be_taken_back(client, folder, add_asset, add_folder):
    add_asset(add_folder("alps", folder))
    page = client.get(f"/folders/{folder.pk}/delete/").text
    assert "1 asset lies in it" in page
    assert "1 folder lies in it" in page
    client.post(f"/folders/{folder.pk}/delete/")
    assert not Asset.objects.filter(LIVE).exists()
    unit = Folder.objects.get(pk=folder.pk).trashing
    client.post(f"/trash/{unit}/restore/")
    assert Asset.objects.filter(LIVE, folder__path="travel/alps").exists()
