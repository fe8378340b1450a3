import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tagsmith.assets.models import Asset, Folder, State
from tagsmith.errors import WriteError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("L2e")]


@pytest.fixture(autouse=True)
def editor(client, add_person, storage):
    client.force_login(add_person("eve", "editor"))


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


def picture(name="disc.png", content=b"one"):
    return SimpleUploadedFile(name, content)


def send(client, address, file, **fields):
    return client.post(address, {"file": file, **fields}, headers={"HX-Request": "true"})


def test_file_comes_into_the_folder_byte_for_byte_and_waits_to_be_prepared(client, folder, storage):
    answer = json.loads(send(client, f"/folders/{folder.pk}/upload/", picture()).text)
    asset = Asset.objects.get(pk=answer["asset"])
    assert (asset.path, asset.state) == ("travel/disc.png", State.NEW)
    assert storage.path(asset.content).read_bytes() == b"one"
    found = json.loads(client.get(f"/library/arrivals/?asset={asset.pk}").text)
    assert found == {str(asset.pk): {"state": "new", "failure": ""}}


def test_folders_of_a_dropped_tree_are_made(client, folder):
    send(client, f"/folders/{folder.pk}/upload/", picture(), within="alps/day 1")
    send(client, "/library/upload/", picture("top.png"), within="work")
    assert {asset.path for asset in Asset.objects.select_related("folder")} == {
        "travel/alps/day 1/disc.png",
        "work/top.png",
    }


@pytest.mark.parametrize("within", ["../..", "a/../b", "x" * 300])
def test_way_out_of_the_folder_is_refused(client, folder, within):
    answer = send(client, f"/folders/{folder.pk}/upload/", picture(), within=within)
    assert answer.status_code == 400
    assert not Asset.objects.exists()
    assert Folder.objects.count() == 2


def test_same_file_again_is_told_and_a_copy_elsewhere_names_the_other(client, folder):
    first = json.loads(send(client, f"/folders/{folder.pk}/upload/", picture()).text)
    again = json.loads(send(client, f"/folders/{folder.pk}/upload/", picture()).text)
    assert again == {"asset": first["asset"], "unchanged": True, "duplicates": []}
    other = json.loads(send(client, "/library/upload/", picture("copy.png")).text)
    assert other["duplicates"] == ["travel/disc.png"]


@pytest.mark.parametrize(("same", "count", "versions"), [("both", 2, 0), ("version", 1, 1), ("replace", 1, 0)])
def test_other_file_of_the_same_name_does_what_was_chosen(client, folder, same, count, versions):
    send(client, f"/folders/{folder.pk}/upload/", picture())
    send(client, f"/folders/{folder.pk}/upload/", picture(content=b"two"), same=same)
    assert Asset.objects.count() == count
    assert sum(asset.versions.count() for asset in Asset.objects.all()) == versions


def test_request_without_a_file_and_unknown_policy_are_refused_in_a_sentence(client, folder):
    answer = client.post(f"/folders/{folder.pk}/upload/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text.strip()) == (400, "no file was sent")
    assert send(client, "/library/upload/", picture(), same="burn").status_code == 400


def test_full_disk_is_said_and_leaves_nothing(client, folder, monkeypatch):
    def full(*_):
        raise WriteError("the disk is full")

    monkeypatch.setattr("tagsmith.assets.local_storage.LocalStorage.put", full)
    answer = send(client, f"/folders/{folder.pk}/upload/", picture())
    assert (answer.status_code, answer.text.strip()) == (507, "the disk is full")
    assert not Asset.objects.exists()


@pytest.mark.req("A1a")
def test_folder_outside_the_granted_ones_takes_nothing(client, add_person, folder, add_folder):
    client.force_login(add_person("ed", "editor", folders=(add_folder("own"),)))
    assert send(client, f"/folders/{folder.pk}/upload/", picture()).status_code == 404
    assert send(client, "/library/upload/", picture()).status_code == 404
    assert not Asset.objects.exists()
