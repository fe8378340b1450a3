"""Metadata as a CSV file: a round trip changes nothing, what is wrong is told by line, all or nothing."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.assets.metadata_csv import Options, export_metadata, import_metadata, preview_import, read_sheet
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.assets import edit_asset
from tagsmith.assets.services.bulk_edit import undo_edits
from tagsmith.assets.services.folders import create_folder
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.errors import ConflictError, LibraryError

pytestmark = pytest.mark.django_db
MAY = datetime(2024, 5, 1, 12, 30, 0, 250, tzinfo=UTC)


@pytest.fixture
def add(db):
    folder = create_folder(EVERYTHING, COMMAND_LINE, "travel")

    def make(name="a.jpg", where=folder, **fields):
        return Asset.objects.create(folder=where, name=name, folded=name.lower(), size=1, modified=MAY, **fields)

    return make


def exported(assets, scope=EVERYTHING):
    return b"".join(export_metadata(scope, [asset.pk for asset in assets]))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(*lines, mark=""):
    return read_sheet((mark + "\r\n".join(lines)).encode())


def bring(actor, *lines, scope=EVERYTHING, **options):
    return import_metadata(scope, actor, sheet(*lines), Options(**options))


def look(actor, *lines, **options):
    return preview_import(EVERYTHING, actor, sheet(*lines), Options(**options))


@pytest.mark.req("L6d")
def test_file_has_a_row_for_each_asset_with_its_metadata(add):
    one = add(title="Beach", keywords=["sea", "a;b"], captured=MAY, custom={"shelf": "B4", "count": 3})
    two = add("b.jpg", custom={"colour": ["red"]})
    content = exported([two, one])
    assert content.startswith(
        b"\xef\xbb\xbfid,path,title,description,creator,rights,captured,keywords,modified,custom."
    )
    blank = dict.fromkeys(("title", "description", "creator", "rights", "captured", "keywords"), "")
    common = {"modified": "2024-05-01T12:30:00.000250Z", "custom.shelf": "", "custom.count": "", "custom.colour": ""}
    assert rows_of(content) == [
        blank | common | {"id": str(two.pk), "path": "travel/b.jpg", "custom.colour": '["red"]'},
        blank
        | common
        | {"id": str(one.pk), "path": "travel/a.jpg", "title": "Beach", "captured": common["modified"]}
        | {"keywords": r"sea;a\;b", "custom.shelf": "B4", "custom.count": "3"},
    ]


NASTY = {
    "title": '=HYPERLINK("x")',
    "description": "two\nlines, and \"quotes\"; 'so'",
    "creator": "'=already",
    "rights": " © spaces ",
    "captured": MAY,
    "keywords": ["=1+1", "a;b", "back\\slash", "+"],
    "custom": {"-n": "@x", "number": -5, "yes": True, "nothing": None, "list": ["a", 1], "deep": {"a": "ß"}, "e": ""},
}


@pytest.mark.req("L6d")
@pytest.mark.parametrize("options", [Options(), Options(clear=True)])
def test_round_trip_changes_nothing_whatever_is_written(add, actor, options):
    asset = add(**NASTY)
    content = exported([asset])
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows_of(content) for cell in row.values())
    assert import_metadata(EVERYTHING, actor, read_sheet(content), options).count == 0
    asset.refresh_from_db()
    assert {field: getattr(asset, field) for field in NASTY} == NASTY
    assert asset.revision == 1


@pytest.mark.req("L6d")
def test_all_comes_back_into_an_asset_that_lost_it(add, actor):
    asset = add(**NASTY)
    content = exported([asset])
    empty = {"title": "", "description": "", "creator": "", "rights": "", "captured": None, "keywords": []}
    Asset.objects.update(**empty, custom={"number": 0, "yes": False, "list": [], "deep": {}})
    import_metadata(EVERYTHING, actor, read_sheet(content), Options())
    asset.refresh_from_db()
    kept = {"custom": {name: value for name, value in NASTY["custom"].items() if name not in ("nothing", "e")}}
    assert {field: getattr(asset, field) for field in NASTY} == NASTY | kept


@pytest.mark.req("L6d")
def test_rows_are_known_by_id_else_by_path_in_whatever_case(add, actor):
    one, _ = add("a.jpg"), add("B.jpg")
    done = bring(actor, "id,path,title", f"{one.pk},elsewhere/x.jpg,One", ",Travel/b.JPG,Two")
    assert done.count == 2
    assert list(Asset.objects.order_by("pk").values_list("title", flat=True)) == ["One", "Two"]


@pytest.mark.req("L6d")
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_that_are_absent_and_cells_that_are_empty_are_left_alone(add, actor, mark):
    asset = add(title="Old", rights="CC0", keywords=["sea"], custom={"shelf": "A", "row": "2"})
    lines = sheet("id;title;keywords;custom.shelf;;", f"{asset.pk};New;;B;;", ";;", mark=mark)
    import_metadata(EVERYTHING, actor, lines, Options())
    asset.refresh_from_db()
    assert (asset.title, asset.rights, asset.keywords) == ("New", "CC0", ["sea"])
    assert asset.custom == {"shelf": "B", "row": "2"}


@pytest.mark.req("L6d")
def test_empty_cells_clear_where_that_is_wanted(add, actor):
    asset = add(title="Old", captured=MAY, keywords=["sea"], rights="CC0", custom={"shelf": "A", "row": "2"})
    line = "id,title,captured,keywords,custom.shelf", f"{asset.pk},,,,"
    assert look(actor, *line).empty == 4
    found = look(actor, *line, clear=True)
    assert found.outlook.cleared == {"title": 1, "captured": 1, "keywords": 1}
    bring(actor, *line, clear=True)
    asset.refresh_from_db()
    assert (asset.title, asset.captured, asset.keywords, asset.rights) == ("", None, [], "CC0")
    assert asset.custom == {"row": "2"}


@pytest.mark.req("L6d")
@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01 14:30", datetime(2024, 5, 1, 14, 30, tzinfo=UTC)),
        ("2024-05-01T14:30:00+02:00", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_people_write_them_in_utc_where_no_zone_is_named(add, actor, cell, moment):
    asset = add()
    bring(actor, "id,captured", f"{asset.pk},{cell}")
    asset.refresh_from_db()
    assert asset.captured == moment


@pytest.mark.req("L6d")
def test_number_stays_a_number_and_what_is_none_becomes_a_text(add, actor):
    asset = add(custom={"count": 3, "yes": True, "list": ["a"], "odd": 1})
    bring(actor, "id,custom.count,custom.yes,custom.list,custom.odd", rf'{asset.pk},4,FALSE,"[""\u0000""]",NaN')
    asset.refresh_from_db()
    assert asset.custom == {"count": 4, "yes": False, "list": r'["\u0000"]', "odd": "NaN"}


@pytest.mark.req("L6e")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["id,titel", "1,x"], "line 1: there is no column 'titel'; known are id, path"),
        (["id,title,Title", "1,x,y"], "line 1: the column 'title' is there twice"),
        (["title", "x"], "line 1: there is no column id and none path"),
        (["id,path", "1,x"], "line 1: there is no column with metadata"),
        (["id,title", "x,y"], "line 2: 'x' is no id"),
        (["id,title", "-1,y"], "line 2: '-1' is no id"),
        (["id,title", f"{2**63},y"], "line 2: "),
        (["id,path,title", ",,y"], "line 2: neither an id nor a path"),
        (["id,title", "1,x", "", "1,y"], "line 4: asset 1 is on line 2 already"),
        (["id,title", "1,x,more"], "line 2: 3 cells, but the first line names 2"),
        (["id,captured", "1,1.5.2024"], "line 2: '1.5.2024' is no date: write 2024-05-01"),
        (["id,captured,modified", "1,,soon"], "line 2: 'soon' is no date"),
        (["id,custom.,title", "1,x,y"], "line 1: there is no column 'custom.'"),
        (["id,title", '1,"x'], "line 2: the quotes or the separators are wrong"),
        ([""], "line 1: there is no column id"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_its_line(lines, said):
    with pytest.raises(LibraryError) as told:
        sheet(*lines)
    assert said in str(told.value)


def test_file_in_another_encoding_is_refused():
    with pytest.raises(LibraryError, match="line 2: the byte 0xfc is not UTF-8"):
        read_sheet("id,title\n1,für".encode("latin-1"))


@pytest.mark.req("L6e", "A1a")
def test_unknown_and_hidden_assets_look_alike_all_are_named_and_nothing_is_written(add, actor):
    hidden = add("x.jpg", create_folder(EVERYTHING, COMMAND_LINE, "secret"))
    seen = add("a.jpg", title="Old")
    lines = ["id,path,title", f"{seen.pk},,New", f"{hidden.pk},,x", "999999,,x", ",secret/x.jpg,x", ",no/x.jpg,x"]
    with pytest.raises(LibraryError) as told:
        bring(actor, *lines, scope=Scope(("travel",)))
    assert str(told.value).splitlines() == [
        f"line 3: there is no asset {hidden.pk}",
        "line 4: there is no asset 999999",
        "line 5: there is no asset secret/x.jpg",
        "line 6: there is no asset no/x.jpg",
    ]
    assert set(Asset.objects.values_list("title", flat=True)) == {"", "Old"}
    assert rows_of(exported([hidden, seen], Scope(("travel",))))[0]["path"] == "travel/a.jpg"


@pytest.mark.req("L6e")
def test_asset_that_two_rows_are_about_is_told(add, actor):
    asset = add("a.jpg")
    with pytest.raises(LibraryError, match="line 3: this is the asset of line 2 again"):
        bring(actor, "id,path,title", ",travel/a.jpg,x", f"{asset.pk},,y")


@pytest.mark.req("L6d")
def test_preview_says_what_would_change_and_changes_nothing(add, actor):
    one, two = add("a.jpg", title="Old"), add("b.jpg", title="Same")
    found = look(actor, "id,path,title", f"{one.pk},travel/a.jpg,New", f"{two.pk},moved/b.jpg,Same")
    assert (found.outlook.assets, found.outlook.changed, found.elsewhere) == (2, 1, 1)
    assert found.outlook.samples[0].new == {"title": "New"}
    one.refresh_from_db()
    assert one.title == "Old"


@pytest.mark.req("L6d", "L6c")
def test_import_is_one_unit_that_is_taken_back(add, actor):
    one, two = add("a.jpg", title="Old"), add("b.jpg", keywords=["sea"], custom={"n": 1})
    done = bring(actor, "id,title,keywords,custom.n", f"{one.pk},New,,", f"{two.pk},,land;air,2")
    assert Entry.objects.filter(unit=done.unit).count() == done.count == 2
    assert undo_edits(EVERYTHING, actor, done.unit).count == 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.title, two.keywords, two.custom) == ("Old", ["sea"], {"n": 1})


@pytest.fixture
def written_earlier(add, actor):
    """A file that was written before Grace edited one of its two assets."""
    assets = [add("a.jpg", title="Old"), add("b.jpg", title="Old")]
    content = exported(assets).replace(b",Old,", b",Mine,")
    edit_asset(EVERYTHING, Actor(name="Grace"), assets[1].pk, {"rights": "Hers"}, revision=1)
    return content


@pytest.mark.req("L6b", "L6e")
def test_asset_that_somebody_else_changed_since_the_file_was_written_is_named(written_earlier, actor):
    lines = read_sheet(written_earlier)
    said = r"^line 3: travel/b\.jpg was changed by Grace at .* UTC, after the file was written$"
    with pytest.raises(LibraryError, match=said):
        preview_import(EVERYTHING, actor, lines, Options())
    with pytest.raises(LibraryError, match=said):
        import_metadata(EVERYTHING, actor, lines, Options())
    assert set(Asset.objects.values_list("title", flat=True)) == {"Old"}
    assert import_metadata(EVERYTHING, actor, lines, Options(overwrite=True)).count == 2


@pytest.mark.req("L6b")
def test_own_changes_since_the_file_was_written_are_no_conflict(written_earlier):
    assert import_metadata(EVERYTHING, Actor(name="Grace"), read_sheet(written_earlier), Options()).count == 2


@pytest.mark.req("L6b")
def test_change_between_preview_and_import_is_told(add, actor):
    asset = add(title="Old")
    lines = sheet("id,title", f"{asset.pk},New")
    seen = preview_import(EVERYTHING, actor, lines, Options()).outlook.state
    edit_asset(EVERYTHING, Actor(name="Grace"), asset.pk, {"title": "Hers"}, revision=1)
    with pytest.raises(ConflictError, match="the last by Grace"):
        import_metadata(EVERYTHING, actor, lines, Options(), seen=seen)


@pytest.mark.req("L6d")
def test_number_of_statements_does_not_grow_with_rows(add, actor):
    def queries(title):
        assets = list(Asset.objects.all())
        lines = sheet("id,title,modified", *(f"{one.pk},{title},2024-01-01" for one in assets))
        with CaptureQueriesContext(connection) as caught:
            import_metadata(EVERYTHING, actor, lines, Options())
            exported(assets)
        return len(caught)

    add("a.jpg")
    few = queries("One")
    for number in range(40):
        add(f"{number}.jpg")
    assert queries("Two") == few


def test_export_goes_on_while_assets_come_and_go(add):
    assets = [add("a.jpg"), add("b.jpg")]
    Asset.objects.filter(pk=assets[0].pk).update(trashed=timezone.now() - timedelta(days=1))
    assert [row["path"] for row in rows_of(exported(assets))] == ["travel/b.jpg"]
