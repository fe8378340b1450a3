import hashlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset, State
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag
from tagsmith.embeddings.services import stored_encoder
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Label
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.models import TagModel, Version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client, add_person):
    client.force_login(add_person())


@pytest.fixture
def asset(add_folder, add_asset):
    return add_asset(
        add_folder("travel"),
        title="A disc",
        description="Round & red",
        creator="Ada",
        rights="CC0",
        keywords=["circle", "paint"],
        custom={"shelf": "B4"},
    )


@pytest.fixture
def version(db):
    model = TagModel.objects.create(title="Shapes")
    return Version.objects.create(
        model=model, number=3, encoder=stored_encoder("test", 8), columns=[], content=b"", live=True
    )


def smart(asset, version, key, confidence):
    SmartTag.objects.create(
        asset=asset, tag=create_tag(COMMAND_LINE, key), version=version, confidence=confidence, at=timezone.now()
    )


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_asset_shows_its_metadata(client, asset):
    page = words(client.get(f"/assets/{asset.pk}/").text)
    for said in ("A disc", "Round &amp; red", "Creator Ada", "Rights CC0", "circle, paint", "shelf B4", "160 ×", "PNG"):
        assert said in page


@pytest.mark.req("T1b")
def test_tags_of_people_come_first_then_smart_tags_by_descending_confidence_with_model_and_version(
    client, asset, version
):
    smart(asset, version, "square", 417)
    smart(asset, version, "round", 932)
    HumanTag.objects.create(asset=asset, tag=create_tag(COMMAND_LINE, "zebra"), person=Person.objects.get())
    page = words(client.get(f"/assets/{asset.pk}/").text)
    order = ("Tags zebra", "Smart tags", "round 93 %", "Shapes, version 3", "square 42 %")
    places = [page.index(said) for said in order]
    assert places == sorted(places)


def test_tag_is_shown_by_its_title(client, asset, version):
    smart(asset, version, "round", 900)
    Label.objects.create(tag=SmartTag.objects.get().tag, text="Round thing", folded="round thing", is_title=True)
    assert "Round thing" in client.get(f"/assets/{asset.pk}/").text


def test_number_of_queries_does_not_grow_with_tags(client, asset, version):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/assets/{asset.pk}/").status_code == 200
        return len(caught)

    smart(asset, version, "one", 500)
    few = queries()
    for number in range(20):
        smart(asset, version, f"more {number}", 500)
        tag = create_tag(COMMAND_LINE, f"human {number}")
        HumanTag.objects.create(asset=asset, tag=tag)
    assert queries() == few


def test_asset_that_cannot_be_read_says_why(client, asset):
    Asset.objects.update(state=State.FAILED, failure="the file is cut short")
    assert "the file is cut short" in client.get(f"/assets/{asset.pk}/").text


def test_preview_is_kept_for_good_under_the_address_that_the_pages_use(client, asset):
    address = re.search(r'src="(/assets/\d+/preview/[^"]*)"', client.get(f"/assets/{asset.pk}/").text)[1]
    sent = client.get(address)
    assert (sent.status_code, sent["Content-Type"]) == (200, "image/webp")
    assert sent["Cache-Control"] == "private, max-age=31536000, immutable"
    assert b"".join(sent)[8:12] == b"WEBP"
    again = client.get(address, headers={"If-None-Match": sent["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/assets/{asset.pk}/preview/?v=of-yesterday")["Cache-Control"] == "private, no-cache"


def test_original_comes_byte_for_byte_and_is_saved_not_shown(client, asset):
    sent = client.get(f"/assets/{asset.pk}/original/")
    assert hashlib.sha256(b"".join(sent)).hexdigest() == asset.content
    assert sent["Content-Disposition"] == 'attachment; filename="disc.png"'
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("image/png", "nosniff")


def test_original_of_a_kind_that_browsers_might_run_has_a_type_that_none_does(client, asset):
    Asset.objects.update(format="XBM")
    assert client.get(f"/assets/{asset.pk}/original/")["Content-Type"] == "application/octet-stream"


def test_original_that_is_gone_is_not_found(client, asset, storage):
    storage.delete(asset.content)
    assert client.get(f"/assets/{asset.pk}/original/").status_code == 404
