import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagsmith.assets.models import Asset
from tagsmith.bulk.jobs import do_act
from tagsmith.bulk.models import Act
from tagsmith.search.services import reindex

pytestmark = pytest.mark.django_db
EDIT, SHEET, EXPORT = "/selection/metadata/", "/metadata/", "/metadata/export/"
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def editor(client, add_person):
    client.force_login(add_person(role="editor"))


@pytest.fixture
def folder(add_folder):
    return add_folder("travel")


@pytest.fixture
def assets(folder, add_asset):
    return [add_asset(folder, f"{n}.png", seed=n, title=f"Old {n}", keywords=["sea"], creator="Ada") for n in range(3)]


def chosen(assets):
    return {"asset": ",".join(str(one.pk) for one in assets)}


def titles():
    return list(Asset.objects.order_by("pk").values_list("title", flat=True))


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def hidden(page):
    """Return what the form of a page would send that nobody typed."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def undo(client, page="/library/"):
    address = re.search(r'action="([^"]*)"[^>]*>.{0,200}<button class="quiet">', client.get(page).text, re.DOTALL)[1]
    return client.post(address, {"next": page})


@pytest.mark.req("L6f")
def test_selection_from_the_tray_gets_an_address_that_can_be_reloaded(client, assets):
    answer = client.post(EDIT, {"asset": [one.pk for one in assets]})
    assert answer.url == f"{EDIT}?asset={','.join(str(one.pk) for one in assets)}"
    page = words(client.get(answer.url).text)
    assert "3 assets are selected" in page
    assert "Now on all: Ada" in page
    assert "Now: sea" in page
    assert client.post(EDIT, {"all": "search:old"}).url == f"{EDIT}?all=search%3Aold"


@pytest.mark.req("L6f")
def test_what_changes_is_shown_before_it_is_saved_and_can_be_undone(client, assets):
    change = chosen(assets) | {"title_mode": "replace", "title": "Beach", "keywords_mode": "append", "keywords": "a, b"}
    looked = client.post(EDIT, change | {"do": "look", "next": "/library/"})
    assert "3 of 3 assets change" in words(looked.text)
    assert re.search(r"<del>Old 0</del> <ins>Beach</ins>", looked.text)
    assert titles() == ["Old 0", "Old 1", "Old 2"]
    saved = client.post(EDIT, hidden(looked.text) | {"do": "save"})
    assert saved.url == "/library/"
    assert titles() == ["Beach"] * 3
    assert Asset.objects.filter(keywords=["sea", "a", "b"]).count() == 3
    assert "The metadata of 3 assets is changed." in client.get("/library/").text


@pytest.mark.req("L6f")
def test_saved_change_is_undone_from_its_notice(client, assets):
    client.post(EDIT, chosen(assets) | {"title_mode": "clear", "do": "save", "next": "/library/"})
    assert titles() == ["", "", ""]
    undo(client)
    assert titles() == ["Old 0", "Old 1", "Old 2"]
    assert "Undone on 3 assets." in client.get("/library/").text


@pytest.mark.req("L6f", "L6b")
def test_change_by_somebody_else_after_the_look_is_told_and_can_be_saved_over(client, assets):
    change = chosen(assets) | {"title_mode": "replace", "title": "Beach"}
    looked = client.post(EDIT, change | {"do": "look"})
    Asset.objects.filter(pk=assets[0].pk).update(title="Theirs", revision=2)
    again = client.post(EDIT, hidden(looked.text) | {"do": "save"})
    assert "some of it was changed after you looked" in again.text
    assert "<del>Theirs</del>" in again.text
    assert titles()[0] == "Theirs"
    client.post(EDIT, hidden(again.text) | {"do": "save"})
    assert titles() == ["Beach"] * 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose what to change."),
        ({"title": "Lost?"}, "Say what to do with this."),
        ({"title_mode": "replace"}, "Write something"),
        ({"keywords_mode": "append", "keywords": " , "}, "say what to append"),
        ({"captured_mode": "replace", "captured": "soon"}, "Enter a valid date/time."),
        ({"custom_mode": "append", "custom": "no colon"}, "Each line needs a name"),
        ({"title_mode": "append", "title": "x"}, "Say what to do with this."),
    ],
)
def test_what_cannot_be_done_is_said_and_what_was_typed_is_kept(client, assets, sent, said):
    kept = {"rights_mode": "replace", "rights": "Kept & sound"} if sent else {}
    page = client.post(EDIT, chosen(assets) | kept | sent | {"do": "look"}).text
    assert said in page
    assert not sent or 'value="Kept &amp; sound"' in page


def test_further_fields_are_added_and_taken_away_by_name(client, assets):
    Asset.objects.update(custom={"shelf": "A", "row": "2"})
    client.post(EDIT, chosen(assets) | {"custom_mode": "append", "custom": "shelf: B\r\nnew: x", "do": "save"})
    client.post(EDIT, chosen(assets) | {"custom_mode": "remove", "custom": "row\r\nnew: whatever", "do": "save"})
    assert list(Asset.objects.values_list("custom", flat=True).distinct()) == [{"shelf": "B"}]


@pytest.fixture
def inner(folder, add_folder, add_asset):
    return add_asset(add_folder("alps", folder), "inner.png", seed=7, title="Old inner")


@pytest.mark.req("L6f")
@pytest.mark.parametrize("whole", ["library", "{folder}", "below:{folder}", "search:title:old"])
def test_all_that_match_are_edited_also_beyond_what_a_page_shows(client, assets, folder, inner, whole):
    reindex()
    sent = {"all": whole.format(folder=folder.pk), "rights_mode": "replace", "rights": "CC0", "do": "save"}
    client.post(EDIT, sent)
    changed = set(Asset.objects.filter(rights="CC0"))
    assert changed == {*assets} | ({inner} if whole != "{folder}" else set())


@pytest.mark.req("L6f")
def test_thousands_of_chosen_assets_go_through_all_steps(client, folder, assets):
    made = [
        Asset(folder=folder, name=f"m{n}", folded=f"m{n}", size=1, modified=assets[0].modified) for n in range(2500)
    ]
    Asset.objects.bulk_create(made)
    change = chosen(Asset.objects.all()) | {"title_mode": "replace", "title": "Many"}
    looked = client.post(EDIT, change | {"do": "look"})
    assert "Save on 2503 assets" in words(looked.text)
    client.post(EDIT, hidden(looked.text) | {"do": "save"})
    do_act.work(act=Act.objects.get().pk)
    assert Asset.objects.filter(title="Many").count() == 2503
    started = client.post("/workflows/start/", chosen(Asset.objects.all()))
    assert "2503 selected assets" in started.text
    assert started.text.count('name="asset"') == 1


def test_number_of_queries_does_not_grow_with_the_selection(client, folder, assets, add_asset):
    def queries(some):
        change = chosen(some) | {"title_mode": "replace", "title": "Beach", "do": "look"}
        with CaptureQueriesContext(connection) as caught:
            assert client.post(EDIT, change).status_code == 200
            assert client.get(EDIT, chosen(some)).status_code == 200
        return len(caught)

    few = queries(assets)
    more = [add_asset(folder, f"more {n}.png", seed=20 + n) for n in range(20)]
    assert queries(more) == few


@pytest.mark.req("A1a")
def test_assets_that_somebody_may_not_see_are_neither_edited_nor_exported(client, assets, add_person, add_folder):
    client.force_login(add_person("eve", "editor", folders=(add_folder("own"),)))
    change = {"title_mode": "replace", "title": "x", "do": "save"}
    assert client.post(EDIT, chosen(assets) | change).status_code == 400
    assert client.post(EDIT, {"all": f"below:{assets[0].folder_id}"} | change).status_code == 404
    assert b"travel" not in b"".join(client.get(EXPORT))
    assert client.get(f"{EXPORT}?into=travel").status_code == 400
    assert titles() == ["Old 0", "Old 1", "Old 2"]


def table(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline="")))


@pytest.mark.req("L6g")
def test_metadata_is_downloaded_of_a_selection_of_a_folder_and_of_all(client, assets, add_folder, add_asset):
    other = add_asset(add_folder("work"), "work.png", seed=9)
    answer = client.post(EXPORT, chosen(assets[:2]))
    assert re.fullmatch(r'attachment; filename="metadata-[\d-]+\.csv"', answer["Content-Disposition"])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["title"] for row in table(answer)] == ["Old 0", "Old 1"]
    assert [row["id"] for row in table(client.get(f"{EXPORT}?into=work/"))] == [str(other.pk)]
    assert len(table(client.get(EXPORT))) == 4


def file(*lines):
    return SimpleUploadedFile("metadata.csv", "\r\n".join(lines).encode(), "text/csv")


@pytest.mark.req("L6g")
def test_file_is_looked_at_then_brought_in_and_undone(client, assets):
    lines = ("id,title,rights", f"{assets[0].pk},New,CC0", f"{assets[1].pk},,")
    part = client.post(SHEET, {"file": file(*lines), "do": "look"}, headers=PART).text
    assert "<html" not in part
    assert "1 of 2 assets changes" in words(part)
    assert "1 empty cell leaves alone what is stored." in part
    assert titles()[0] == "Old 0"
    done = client.post(SHEET, {"file": file(*lines), "do": "apply", "seen": hidden(part)["seen"]})
    assert done.url == SHEET
    assert titles() == ["New", "Old 1", "Old 2"]
    undo(client, SHEET)
    assert titles() == ["Old 0", "Old 1", "Old 2"]


@pytest.mark.req("L6g")
def test_empty_cells_clear_where_that_is_ticked(client, assets):
    sent = {"file": file("id,title", f"{assets[0].pk},"), "clear": "on", "do": "look"}
    page = client.post(SHEET, sent).text
    assert "empty then on 1" in words(page)
    client.post(SHEET, sent | {"file": file("id,title", f"{assets[0].pk},"), "do": "apply"})
    assert titles()[0] == ""


@pytest.mark.req("L6g")
def test_everything_that_is_wrong_is_told_by_line_and_nothing_is_changed(client, assets):
    lines = ("id,title,captured", f"{assets[0].pk},New,", "7000,x,", f"{assets[1].pk},x,1.5.24")
    answer = client.post(SHEET, {"file": file(*lines), "do": "apply"}, headers=PART)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert "line 4: &#x27;1.5.24&#x27; is no date" in answer.text
    assert "choose a file" in client.post(SHEET, {"do": "look"}).text
    assert titles()[0] == "Old 0"


@pytest.mark.req("L6g", "L6b")
def test_change_between_look_and_import_is_told(client, assets):
    lines = ("id,title", f"{assets[0].pk},New")
    part = client.post(SHEET, {"file": file(*lines), "do": "look"}, headers=PART).text
    Asset.objects.filter(pk=assets[0].pk).update(title="Theirs")
    sent = {"file": file(*lines), "do": "apply", "seen": hidden(part)["seen"]}
    assert "changed after you looked" in client.post(SHEET, sent, headers=PART).text
    assert titles()[0] == "Theirs"


def test_viewer_may_download_and_change_nothing(client, assets, add_person):
    client.force_login(add_person("eve", "viewer"))
    assert "Bring in" not in client.get(SHEET).text
    assert len(table(client.post(EXPORT, chosen(assets)))) == 3
    assert client.post(SHEET, {"file": file("id,title"), "do": "apply"}).status_code == 403
    assert client.get(f"{EDIT}?all=library").status_code == 403
