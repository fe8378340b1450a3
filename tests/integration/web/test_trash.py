import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.models import LIVE, Asset
from tagsmith.assets.scope import EVERYTHING
from tagsmith.assets.services.trash import trash_assets, trash_folder
from tagsmith.audit.services import COMMAND_LINE

pytestmark = [pytest.mark.django_db, pytest.mark.req("L1f")]


@pytest.fixture(autouse=True)
def signed_in(client, add_person):
    client.force_login(add_person("boss", "administrator"))


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


def test_empty_trash_says_so(client, root):
    assert "The trash is empty" in client.get("/trash/").text


def test_asset_is_taken_back_from_the_trash(client, folder, add_asset):
    asset = add_asset(folder, "disc.png")
    trash_assets(EVERYTHING, COMMAND_LINE, [asset.pk])
    page = client.get("/trash/").text
    assert "disc.png" in page
    client.post("/trash/restore/", {"asset": asset.pk})
    assert Asset.objects.filter(LIVE).exists()


def test_asset_of_a_deleted_folder_comes_back_with_it(client, folder, add_asset):
    add_asset(folder)
    trash_folder(EVERYTHING, COMMAND_LINE, folder.pk)
    assert "comes back with its folder" in client.get("/trash/").text
    client.post("/trash/restore/", {"folder": folder.pk})
    assert Asset.objects.filter(LIVE, folder__path="travel").exists()


def test_emptying_says_how_much_and_deletes_the_originals(client, folder, add_asset, storage):
    asset = add_asset(folder)
    trash_assets(EVERYTHING, COMMAND_LINE, [asset.pk])
    assert "1 asset is deleted for good" in client.get("/trash/").text
    client.post("/trash/empty/")
    assert not Asset.objects.exists()
    assert not storage.exists(asset.content)


def test_editor_takes_back_but_does_not_empty(client, add_person, folder, add_asset):
    trash_assets(EVERYTHING, COMMAND_LINE, [add_asset(folder).pk])
    client.force_login(add_person("ed", "editor"))
    assert "Delete for good" not in client.get("/trash/").text
    assert client.post("/trash/empty/").status_code == 403


def test_number_of_queries_does_not_grow_with_the_trash(client, folder, add_asset, add_folder):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get("/trash/")
        return len(caught)

    def throw(first, count):
        for number in range(first, first + count):
            trash_assets(EVERYTHING, COMMAND_LINE, [add_asset(folder, f"{number}.png").pk])
            trash_folder(EVERYTHING, COMMAND_LINE, add_folder(f"f{number}").pk)

    throw(0, 1)
    few = queries()
    throw(1, 5)
    assert queries() == few
