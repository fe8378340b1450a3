import io
import re
import zipfile

import pytest

from tagsmith.assets.models import LIVE, Asset
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.web import selected

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client, add_person):
    client.force_login(add_person(role="editor"))


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def assets(folder, add_asset):
    return [add_asset(folder, f"{number}.png", seed=number) for number in range(3)]


@pytest.fixture
def tag(db):
    return create_tag(COMMAND_LINE, "shoes/boots")


def undo(client, page="/library/"):
    """Press the undo button of the notice on the next page."""
    address = re.search(r'action="([^"]*)"[^>]*>.{0,200}<button class="quiet">', client.get(page).text, re.DOTALL)[1]
    return client.post(address)


@pytest.mark.req("T2e")
def test_tag_is_set_on_the_selected_assets_and_taken_back(client, assets, tag):
    client.post("/selection/tag/", {"asset": [assets[0].pk, assets[2].pk], "tag": "shoes/boots", "act": "set"})
    assert set(HumanTag.objects.values_list("asset_id", flat=True)) == {assets[0].pk, assets[2].pk}
    undo(client)
    assert not HumanTag.objects.exists()


@pytest.mark.req("T2e")
def test_tag_is_removed_from_all_assets_of_a_folder(client, assets, folder, tag):
    HumanTag.objects.create(asset=assets[1], tag=tag)
    client.post("/selection/tag/", {"all": folder.pk, "tag": "default:shoes/boots", "act": "remove"})
    assert list(Rejection.objects.values_list("asset_id", flat=True)) == [assets[1].pk]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"tag": "no such"}, "there is no tag"),
        ({"tag": ""}, "there is no tag"),
        ({"act": "burn"}, "say what to do"),
        ({"asset": "x"}, "no number"),
        ({"asset": []}, "no asset is selected"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(client, assets, tag, sent, said):
    whole = {"asset": assets[0].pk, "tag": tag.key, "act": "set", **sent}
    answer = client.post("/selection/tag/", whole, headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert said in answer.text
    assert "<html" not in answer.text


def test_more_than_one_request_can_do_is_refused(client, assets, folder, monkeypatch):
    monkeypatch.setattr(selected, "MOST", 2)
    assert "select at most 2 assets" in client.post("/selection/delete/", {"all": folder.pk}).text
    assert Asset.objects.filter(LIVE).count() == 3


def test_assets_are_moved_into_the_folder_whose_path_is_typed(client, assets, add_folder):
    into = add_folder("archive")
    client.post("/selection/move/", {"asset": assets[0].pk, "into": "/archive/"})
    assert Asset.objects.get(folder=into) == assets[0]
    answer = client.post("/selection/move/", {"asset": assets[1].pk, "into": "nowhere"})
    assert "there is no folder nowhere" in answer.text


@pytest.mark.req("L1j")
def test_moved_assets_go_back_with_undo(client, assets, add_folder):
    into = add_folder("archive")
    client.post("/selection/move/", {"asset": [assets[0].pk, assets[1].pk], "into": "archive"})
    assert Asset.objects.filter(folder=into).count() == 2
    undo(client)
    assert not Asset.objects.filter(folder=into).exists()
    assert "It is back where it was." in client.get("/library/").text


def test_selected_originals_come_as_one_zip(client, assets, storage):
    answer = client.post("/selection/download/", {"asset": [one.pk for one in assets]})
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer))).namelist()
    assert names == ["0.png", "1.png", "2.png"]


def test_deleted_assets_come_back_with_undo(client, assets):
    client.post("/selection/delete/", {"asset": [assets[0].pk, assets[1].pk]})
    assert list(Asset.objects.filter(LIVE)) == [assets[2]]
    undo(client)
    assert Asset.objects.filter(LIVE).count() == 3


@pytest.mark.req("A1a")
def test_assets_that_somebody_may_not_see_are_left_alone(client, assets, add_person, add_folder, tag):
    client.force_login(add_person("eve", "editor", folders=(add_folder("own"),)))
    assert client.post("/selection/delete/", {"asset": assets[0].pk}).status_code == 400
    assert client.post("/selection/delete/", {"all": assets[0].folder_id}).status_code == 404
    assert client.post("/selection/delete/", {"all": "library"}).status_code == 400
    assert Asset.objects.filter(LIVE).count() == 3


def test_return_address_of_another_host_is_not_followed(client, assets):
    answer = client.post("/selection/delete/", {"asset": assets[0].pk, "next": "https://example.com/"})
    assert answer.url == "/library/"


def test_tags_and_folders_are_suggested_while_typing(client, folder, tag):
    assert 'value="default:shoes/boots"' in client.get("/library/tags/?tag=boo").text
    assert 'value="travel"' in client.get("/library/folders/?into=tra").text
    assert "option" not in client.get("/library/tags/?tag=").text
    assert client.get("/library/tags/?tag=%00").status_code == 200
