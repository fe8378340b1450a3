import hashlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset, State
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.curation.models import HumanTag
from tagsmith.embeddings.services import stored_encoder
from tagsmith.tagging.models import SmartTag
from tagsmith.taxonomy.models import Label
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.training.models import Example, TagModel, Version
from tagsmith.web.views import assets

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


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
    order = ("Tags zebra", "Smart tags", "round sure, 93 %", "Shapes, version 3", "square likely, 42 %")
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


@pytest.fixture
def editor(client, add_person):
    client.force_login(add_person("eve", "editor"))


def typed(client, asset, **fields):
    """Return what the form on the page would send, but for some fields."""
    form = client.get(f"/assets/{asset.pk}/?edit=1").context["form"]
    return {name: form[name].value() for name in form.fields} | fields


@pytest.mark.req("L1g")
def test_metadata_is_edited_in_place_and_the_rest_stays(client, asset, editor):
    sent = typed(client, asset, title="A plate", keywords="round, round , red", custom="shelf: C1\r\ncolour: red: dark")
    assert client.post(f"/assets/{asset.pk}/", sent).status_code == 302
    asset.refresh_from_db()
    assert (asset.title, asset.keywords) == ("A plate", ["round", "red"])
    assert asset.custom == {"shelf": "C1", "colour": "red: dark"}
    assert (asset.description, asset.revision) == ("Round & red", 2)


@pytest.mark.req("L1g")
def test_saving_without_a_change_changes_nothing(client, asset, editor):
    Asset.objects.update(description="one\ntwo", custom={"count": 3}, captured=timezone.now())
    sent = typed(client, asset)
    client.post(f"/assets/{asset.pk}/", sent | {"description": "one\r\ntwo"})
    asset.refresh_from_db()
    assert (asset.custom, asset.revision) == ({"count": 3}, 1)


@pytest.mark.req("L1g")
def test_change_by_somebody_else_is_shown_and_what_was_typed_is_kept(client, asset, editor):
    sent = typed(client, asset, title="Mine")
    Asset.objects.update(title="Theirs", revision=2)
    page = client.post(f"/assets/{asset.pk}/", sent).text
    assert "was changed" in page
    assert 'value="Mine"' in page
    assert re.search(r"<dt>Title</dt><dd>(<p>)?Theirs", page)
    again = sent | {"revision": re.search(r'name="revision" value="(\d+)"', page)[1]}
    client.post(f"/assets/{asset.pk}/", again)
    asset.refresh_from_db()
    assert asset.title == "Mine"


def test_field_without_a_name_is_refused_where_it_stands(client, asset, editor):
    page = client.post(f"/assets/{asset.pk}/", typed(client, asset, custom="no colon")).text
    assert "Each line needs a name" in page
    assert "no colon" in page


def test_viewer_is_offered_nothing_to_change(client, asset):
    page = client.get(f"/assets/{asset.pk}/?edit=1").text
    assert 'name="title"' not in page
    assert "Manage tags" not in page
    assert client.post(f"/assets/{asset.pk}/", {"title": "x"}).status_code == 403


def test_neighbours_in_the_folder_are_linked(client, asset, add_asset):
    newer = add_asset(asset.folder, "newer.png")
    page = client.get(f"/assets/{asset.pk}/").text
    assert re.search(rf'rel="prev"[^>]*href="/assets/{newer.pk}/"', page)
    assert 'rel="next"' not in page
    assert re.search(rf'rel="next"[^>]*href="/assets/{asset.pk}/"', client.get(f"/assets/{newer.pk}/").text)


def test_copies_of_the_same_file_are_shown(client, asset, add_asset):
    add_asset(asset.folder, "copy.png")
    part = client.get(f"/assets/{asset.pk}/alike/").text
    assert "The same file elsewhere" in part
    assert "copy.png" in part


def test_asset_says_which_tag_models_it_teaches(client, asset, version):
    tag = create_tag(COMMAND_LINE, "round")
    Example.objects.create(model=version.model, tag=tag, asset=asset)
    assert "Serves as an example round Shapes" in words(client.get(f"/assets/{asset.pk}/").text)


def test_timeline_says_what_happened_and_goes_on_where_it_ended(client, asset, editor, monkeypatch):
    monkeypatch.setattr(assets, "EVENTS", 1)
    for title in ("one", "two"):
        client.post(f"/assets/{asset.pk}/", typed(client, asset, title=title))
    part = client.get(f"/assets/{asset.pk}/timeline/").text
    assert part.count("eve edited title") == 1
    onward = re.search(r'hx-get="([^"]*after=[^"]*)"', part)[1]
    assert "eve edited title" in client.get(onward).text


@pytest.mark.req("L1l")
def test_asset_is_renamed_on_its_page_and_called_as_before_by_undo(client, asset, add_person):
    client.force_login(add_person("ed", "editor"))
    assert f'hx-post="/assets/{asset.pk}/rename/"' in client.get(f"/assets/{asset.pk}/").text
    renamed = client.post(f"/assets/{asset.pk}/rename/", {"name": " circle.png "}, headers=PART)
    assert renamed.headers["HX-Redirect"] == f"/assets/{asset.pk}/"
    page = client.get(f"/assets/{asset.pk}/").text
    assert "circle.png" in page
    client.post(re.search(r'action="(/undo/move/[^"]+)"', page)[1])
    asset.refresh_from_db()
    assert asset.name == "disc.png"
    assert [one.action for one in Entry.objects.filter(subject="asset")] == ["asset.renamed"] * 2


@pytest.mark.req("L1l")
@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("OTHER.png", 409, "there is an asset &#x27;travel/other.png&#x27; already"),
        ("a/b", 400, "a name cannot hold &#x27;/&#x27;"),
        (" ", 400, "cannot be a name"),
    ],
)
def test_name_that_cannot_be_is_said_in_the_dialog(client, asset, add_asset, add_person, *, name, status, said):
    add_asset(asset.folder, "other.png", seed=1)
    client.force_login(add_person("ed", "editor"))
    answer = client.post(f"/assets/{asset.pk}/rename/", {"name": name}, headers=PART)
    assert (answer.status_code, said in answer.text, "<html" in answer.text) == (status, True, False)


@pytest.mark.req("L1l", "A1a")
def test_only_editors_rename_and_only_what_they_see(client, asset, add_person, add_folder):
    assert "rename" not in client.get(f"/assets/{asset.pk}/").text
    assert client.post(f"/assets/{asset.pk}/rename/", {"name": "x.png"}).status_code == 403
    client.force_login(add_person("eve", "editor", folders=(add_folder("own"),)))
    assert client.post(f"/assets/{asset.pk}/rename/", {"name": "x.png"}).status_code == 404


@pytest.mark.req("L1l")
def test_same_name_again_changes_nothing(client, asset, add_person):
    client.force_login(add_person("ed", "editor"))
    client.post(f"/assets/{asset.pk}/rename/", {"name": "disc.png"})
    assert "/undo/move/" not in client.get(f"/assets/{asset.pk}/").text
    assert not Entry.objects.exists()
