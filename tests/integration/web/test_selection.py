import io
import re
import zipfile

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tagsmith.assets.models import LIVE, Asset
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.bulk import services
from tagsmith.bulk.jobs import do_act
from tagsmith.bulk.models import Act
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.sentences import say
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.web import selected

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


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
    assert "select at most 2 assets" in client.post("/selection/download/", {"all": folder.pk}).text


@pytest.fixture
def little_at_once(monkeypatch):
    """Have more than two assets done in the background, two at a time."""
    for module in ("tagsmith.web.views.selection", "tagsmith.web.views.metadata.edit", "tagsmith.bulk.services"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 2)
    monkeypatch.setattr(services, "PART", 2)


def work():
    """Do what waits in the background."""
    for job in ProcrastinateJob.objects.filter(status="todo", task_name=do_act.name):
        do_act.work(**job.args)
        connection.cursor().execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])


@pytest.mark.req("L1k")
def test_tag_of_very_many_is_set_in_the_background_with_progress_and_taken_back_so(client, assets, tag, little_at_once):
    sent = {"all": "library", "tag": "shoes/boots", "act": "set", "next": "/library/?view=list"}
    answer = client.post("/selection/tag/", sent, headers=PART)
    assert answer.headers["HX-Redirect"] == "/selection/progress/?next=%2Flibrary%2F%3Fview%3Dlist"
    page = client.get(answer.headers["HX-Redirect"]).text
    assert "Tags are being changed: 0 of 3." in page
    assert 'hx-trigger="every 1s"' in page
    assert 'href="/library/?view=list"' in page
    assert not HumanTag.objects.exists()
    assert services.go_on(Act.objects.get().pk)
    part = client.get("/selection/progress/", headers=PART)
    assert "Tags are being changed: 2 of 3." in part.text
    assert "HX-Refresh" not in part.headers
    assert "Tags are being changed: 2 of 3." in client.get("/").text  # to come back to
    work()
    assert client.get("/selection/progress/", headers=PART).headers["HX-Refresh"] == "true"
    page = client.get("/selection/progress/").text
    assert "default:shoes/boots: 3 assets changed." in page
    assert HumanTag.objects.count() == 3
    page = client.post(re.search(r'action="(/undo/[^"]+)"', page)[1], follow=True).text
    assert "Changes are being taken back: 0 of 3." in page
    work()
    page = client.get("/selection/progress/").text
    assert "Undone on 3 tags." in page
    assert "/undo/" not in page
    assert not HumanTag.objects.exists()


@pytest.mark.req("L1k")
def test_very_many_are_moved_and_put_back_in_the_background(client, assets, add_folder, little_at_once):
    into = add_folder("archive")
    client.post("/selection/move/", {"all": "library", "into": "archive"})
    work()
    page = client.get("/selection/progress/").text
    assert "3 assets were moved." in page
    assert Asset.objects.filter(folder=into).count() == 3
    client.post(re.search(r'action="(/undo/move/[^"]+)"', page)[1])
    work()
    assert "It is back where it was." in client.get("/selection/progress/").text
    assert not Asset.objects.filter(folder=into).exists()


@pytest.mark.req("L1k")
def test_move_that_cannot_be_is_refused_before_it_begins(client, assets, add_folder, add_asset, little_at_once):
    add_asset(add_folder("archive"), "2.png", seed=2)
    answer = client.post("/selection/move/", {"asset": [one.pk for one in assets], "into": "archive"}, headers=PART)
    assert answer.status_code == 409
    assert "there is an asset &#x27;archive/2.png&#x27; already" in answer.text
    assert not Act.objects.exists()


@pytest.mark.req("L1k")
def test_very_many_are_deleted_and_taken_back_out_in_the_background(client, assets, little_at_once):
    client.post("/selection/delete/", {"all": "library"})
    work()
    page = client.get("/selection/progress/").text
    assert "3 assets are in the trash." in page
    assert not Asset.objects.filter(LIVE).exists()
    client.post(re.search(r'action="(/trash/[^"]+/restore/)"', page)[1])
    work()
    assert "Taken back out of the trash." in client.get("/selection/progress/").text
    assert Asset.objects.filter(LIVE).count() == 3


@pytest.mark.req("L1k")
def test_metadata_of_very_many_is_edited_and_taken_back_in_the_background(client, assets, little_at_once):
    sent = {"all": "library", "title_mode": "replace", "title": "New"}
    seen = re.search(r'name="seen" value="([^"]+)"', client.post("/selection/metadata/", {**sent, "do": "look"}).text)
    client.post("/selection/metadata/", {**sent, "do": "save", "seen": seen[1]})
    assert "Metadata is being changed: 0 of 3." in client.get("/selection/progress/").text
    work()
    page = client.get("/selection/progress/").text
    assert "The metadata of 3 assets is changed." in page
    assert set(Asset.objects.values_list("title", flat=True)) == {"New"}
    client.post(re.search(r'action="(/undo/edit/[^"]+)"', page)[1])
    work()
    assert "Undone on 3 assets." in client.get("/selection/progress/").text
    assert set(Asset.objects.values_list("title", flat=True)) == {""}


@pytest.mark.req("L1k")
def test_what_came_to_nothing_says_why_and_others_do_not_see_it(client, assets, add_person, tag, little_at_once):
    client.post("/selection/tag/", {"all": "library", "tag": "shoes/boots", "act": "set"})
    services.go_on(Act.objects.get().pk)
    services.fail(Act.objects.get().pk, say("the database could not be reached, or refused"))
    page = client.get("/selection/progress/").text
    assert "2 assets changed. The rest came to nothing: the database could not be reached, or refused." in page
    client.force_login(add_person("eve", "editor"))
    assert "Nothing. All is done." in client.get("/selection/progress/?next=https://example.com/").text


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
