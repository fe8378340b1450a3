import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag
from tagsmith.tagging.jobs import find_groups, give_up_search
from tagsmith.tagging.models import Group, GroupSearch
from tagsmith.taxonomy.selectors import find_tag
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.models import Example
from tagsmith.training.services import create_tag_model

pytestmark = [pytest.mark.django_db, pytest.mark.req("M13e")]
PART = {"HX-Request": "true"}


@pytest.fixture
def trainer(client, add_person, root):
    client.force_login(add_person("tia", "trainer"))
    return client


@pytest.fixture
def assets(add_folder, add_asset):
    folder = add_folder("animals")
    return [add_asset(folder, f"boar-{number}.png", seed=number) for number in range(12)]


@pytest.fixture
def group(assets):
    from django.utils import timezone

    search = GroupSearch.objects.create(scope="null", found=timezone.now(), searched=20_000, untagged=100_000)
    return Group.objects.create(search=search, assets=[asset.pk for asset in reversed(assets)], cohesion=0.8)


def ticked(group, but=()):
    return {"asset": [pk for pk in group.assets if pk not in but]}


def test_groups_are_looked_for_in_the_background_with_words_that_say_so(trainer):
    page = trainer.get("/training/groups/").text
    assert "Not looked for yet" in page
    assert "every 2s" not in page
    page = trainer.post("/training/groups/look/", follow=True).text
    assert "Groups are being looked for" in page
    assert "no worker is running" in page
    assert 'hx-trigger="every 2s"' in page
    assert ProcrastinateJob.objects.filter(task_name=find_groups.name, status="todo").count() == 1
    search = GroupSearch.objects.get()
    give_up_search("the disk is full", search.pk, str(search.token))
    part = trainer.get("/training/groups/", headers=PART).text
    assert "the disk is full" in part
    assert "<h1" not in part


def test_page_says_when_and_among_how_many_and_shows_each_group(trainer, group):
    page = trainer.get("/training/groups/").text
    assert re.search(r"Found on .*, among 20,000 of 100,000 assets without a tag\.", page)
    assert "12 assets look alike" in page
    assert page.count("/preview/") == 12
    assert "Look again" in page
    assert "1 group of images looks alike and has no tag." in trainer.get("/").text
    assert "Groups without a tag" in trainer.get("/training/").text


def test_number_of_queries_does_not_grow_with_groups_and_their_assets(trainer, group, assets, monkeypatch):
    monkeypatch.setattr("tagsmith.tagging.grouping.LEAST", 2)

    def queries():
        with CaptureQueriesContext(connection) as some:
            assert trainer.get("/training/groups/").status_code == 200
        return len(some)

    group.assets = group.assets[:3]
    group.save()
    few = queries()
    for start in (3, 6, 9):
        Group.objects.create(search=group.search, assets=[asset.pk for asset in assets[start:]], cohesion=0.8)
    assert queries() == few


def test_tag_is_made_of_the_ticked_ones_and_that_is_undone(trainer, group, assets):
    create_tag(COMMAND_LINE, "animals")
    address = f"/training/groups/{group.pk}/"
    assert trainer.get(address).text.count('checked aria-label="Select') == 12
    sent = {"title": "Wild boar: male", "tag": "animals", **ticked(group, {assets[0].pk})}
    page = trainer.post(address, sent, follow=True).text
    assert "Wild boar: male is set on 11 assets." in page
    tag = find_tag("animals/Wild boar- male")
    assert set(HumanTag.objects.values_list("tag", flat=True)) == {tag.pk}
    assert assets[0].pk not in set(HumanTag.objects.values_list("asset", flat=True))
    assert "No group is left" in page
    trainer.post(re.search(r'action="(/undo/[^"]+)"', page)[1])
    assert not HumanTag.objects.exists()


@pytest.mark.parametrize("title", ["boar", "Wildschwein"])
def test_tag_that_is_there_already_is_taken(trainer, group, title):
    boar = create_tag(COMMAND_LINE, "boar", "Wildschwein", "de")
    page = trainer.post(f"/training/groups/{group.pk}/", {"title": title, **ticked(group)}, follow=True).text
    assert "is set on 12 assets. The tag was there before." in page
    assert HumanTag.objects.filter(tag=boar).count() == 12


def test_tag_model_is_taught_as_well(trainer, group):
    model = create_tag_model(COMMAND_LINE, "Animals", [create_tag(COMMAND_LINE, "fox")])
    sent = {"title": "boar", "model": model.pk, **ticked(group)}
    answer = trainer.post(f"/training/groups/{group.pk}/", sent)
    boar = find_tag("boar")
    assert answer.url == f"/training/{model.pk}/examples/?open={boar.pk}"
    assert Example.objects.filter(model=model, tag=boar).count() == 12


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": " "}, "write what they show"),
        ({"title": "boar", "asset": []}, "nothing is selected"),
        ({"title": "boar", "tag": "nowhere"}, "there is no tag"),
        ({"title": "x" * 300}, "at most 200 characters"),
        ({"title": "boar", "model": "999999"}, "no tag model"),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_ticked(trainer, group, assets, sent, words):
    answer = trainer.post(f"/training/groups/{group.pk}/", {**ticked(group, {assets[0].pk}), **sent})
    assert answer.status_code == 400
    assert words in answer.text
    assert f'value="{sent["title"]}"' in answer.text
    assert f'value="{assets[0].pk}" aria-label' in answer.text
    assert Group.objects.filter(pk=group.pk).exists()
    assert not HumanTag.objects.exists()


def test_group_larger_than_its_page_is_tagged_whole_only_if_asked(trainer, group, monkeypatch):
    monkeypatch.setattr("tagsmith.web.views.training.groups.SHOWN", 5)
    address = f"/training/groups/{group.pk}/"
    assert "And 7 more that are not shown" in trainer.get(address).text
    trainer.post(address, {"title": "boar", "asset": group.assets[:4], "rest": "on"})
    assert set(HumanTag.objects.values_list("asset", flat=True)) == {*group.assets[:4], *group.assets[5:]}


def test_group_is_put_aside_shown_again_and_that_is_undone(trainer, group):
    page = trainer.post(f"/training/groups/{group.pk}/aside/", follow=True).text
    assert "The group is put aside" in page
    assert "12 assets look alike" not in page
    assert "1 put aside" in page
    assert "12 assets look alike" in trainer.get("/training/groups/?aside=1").text
    trainer.post(re.search(r'action="(/training/groups/\d+/aside/\?again=1)"', page)[1])
    assert "12 assets look alike" in trainer.get("/training/groups/").text


@pytest.mark.req("A1a")
def test_groups_are_not_shown_to_who_may_not_see_their_assets(client, add_person, group, add_folder):
    client.force_login(add_person("tia", "trainer", folders=(add_folder("open"),)))
    page = client.get("/training/groups/").text
    assert "Not looked for yet" in page
    assert "boar" not in page
    assert client.get(f"/training/groups/{group.pk}/").status_code == 404
    assert client.post(f"/training/groups/{group.pk}/aside/").status_code == 404


def test_viewer_looks_and_changes_nothing(client, add_person, group):
    client.force_login(add_person("vi"))
    page = client.get("/training/groups/").text
    assert "12 assets look alike" in page
    assert "Make a tag" not in page
    assert client.get(f"/training/groups/{group.pk}/").status_code == 403
