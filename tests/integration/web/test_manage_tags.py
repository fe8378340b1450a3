import re

import pytest
from django.utils import timezone

from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag, Rejection
from tagsmith.embeddings.services import stored_encoder
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.models import TagModel, Version

pytestmark = [pytest.mark.django_db, pytest.mark.req("T2a")]


@pytest.fixture(autouse=True)
def editor(client, add_person):
    client.force_login(add_person("eve", "editor"))


@pytest.fixture
def asset(add_folder, add_asset):
    return add_asset(add_folder("travel"), title="A disc")


@pytest.fixture
def smart(asset):
    model = TagModel.objects.create(title="Shapes")
    version = Version.objects.create(
        model=model, number=1, encoder=stored_encoder("test", 8), columns=[], content=b"", live=True
    )

    def add(key):
        tag = create_tag(COMMAND_LINE, key)
        SmartTag.objects.create(asset=asset, tag=tag, version=version, confidence=900, at=timezone.now())
        return tag

    return add


def standing(asset):
    return (
        set(HumanTag.objects.filter(asset=asset).values_list("tag__name", "promoted")),
        set(SmartTag.objects.filter(asset=asset).values_list("tag__name", flat=True)),
        set(Rejection.objects.filter(asset=asset).values_list("tag__name", flat=True)),
    )


def test_everything_that_was_chosen_is_saved_at_once_and_undone_at_once(client, asset, smart):
    round_, square, star = smart("round"), smart("square"), smart("star")
    create_tag(COMMAND_LINE, "disc")
    own = create_tag(COMMAND_LINE, "old")
    HumanTag.objects.create(asset=asset, tag=own)
    before = standing(asset)
    sent = {"promote": round_.pk, "remove": [square.pk, own.pk], "add": "disc"}
    answer = client.post(f"/assets/{asset.pk}/tags/", sent)
    assert standing(asset) == ({("round", True), ("disc", False)}, {"star"}, {"square", "old"})
    page = client.get(answer.url).text
    assert "The tags of A disc are saved." in page
    client.post(re.search(r'action="(/undo/[^"]*)"', page)[1])
    assert standing(asset) == before
    assert star.name == "star"


def test_removed_tag_is_allowed_again(client, asset):
    tag = create_tag(COMMAND_LINE, "round")
    Rejection.objects.create(asset=asset, tag=tag, content=asset.content)
    assert "Allow round again" in client.get(f"/assets/{asset.pk}/tags/").text
    client.post(f"/assets/{asset.pk}/tags/", {"allow": tag.pk})
    assert standing(asset) == (set(), set(), set())


def test_unknown_tag_is_refused_and_nothing_of_the_rest_is_applied_nor_forgotten(client, asset, smart):
    tag = smart("round")
    page = client.post(f"/assets/{asset.pk}/tags/", {"promote": tag.pk, "add": "no such"}).text
    assert "there is no tag" in page
    assert f'data-before="promote" data-value="{tag.pk}"' in page
    assert 'data-before="add" data-value="no such"' in page
    assert standing(asset) == (set(), {"round"}, set())


def test_tag_that_is_no_number_is_refused(client, asset):
    assert "no number" in client.post(f"/assets/{asset.pk}/tags/", {"remove": "x"}).text


def test_neighbours_are_linked_to_their_tags(client, asset, add_asset):
    newer = add_asset(asset.folder, "newer.png")
    assert f'href="/assets/{newer.pk}/tags/"' in client.get(f"/assets/{asset.pk}/tags/").text
