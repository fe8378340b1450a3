"""The metadata of many assets at once: all or nothing, in few statements, and taken back as one."""

import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagsmith.assets.edits import Edit, Mode
from tagsmith.assets.following import FOLLOWERS
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services import writing
from tagsmith.assets.services.assets import edit_asset
from tagsmith.assets.services.bulk_edit import edit_assets, preview_edits, undo_edits
from tagsmith.assets.services.folders import create_folder
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE, Actor
from tagsmith.embeddings.following import PREPARED
from tagsmith.errors import ConflictError, LibraryError, NotFoundError
from tagsmith.search import following
from tagsmith.search.selectors import search
from tagsmith.workflows import launching
from tagsmith.workflows.launching import Setting, set_launcher
from tagsmith.workflows.models import Due, Event

pytestmark = pytest.mark.django_db
TITLE = {"title": Edit(Mode.REPLACE, "Beach")}
EDITS = {**TITLE, "keywords": Edit(Mode.APPEND, ["summer"]), "captured": Edit(Mode.CLEAR)}
MAY = datetime(2024, 5, 1, 12, 0, 0, 250, tzinfo=UTC)


@pytest.fixture(autouse=True)
def followed():
    """Let search and launchers hear of changes, as in a library that is open."""
    following.follow()
    launching.follow()
    yield
    following.unfollow()
    FOLLOWERS.unregister("launchers")
    PREPARED.unregister("launchers")


@pytest.fixture
def folder(db):
    return create_folder(EVERYTHING, COMMAND_LINE, "travel")


@pytest.fixture
def add(folder):
    def make(name, **fields):
        fields = {"captured": MAY, "keywords": ["sea"], "custom": {"shelf": 3, "deep": ["a"]}} | fields
        where = fields.pop("folder", folder)
        made = Asset.objects.create(folder=where, name=name, folded=name, size=1, modified=MAY, **fields)
        return made.pk

    return make


@pytest.fixture
def assets(add):
    return [add(f"{number}.jpg", title=f"Old {number}") for number in range(5)]


def titles():
    return list(Asset.objects.order_by("pk").values_list("title", flat=True))


@pytest.mark.req("L6a")
def test_all_chosen_assets_are_edited_and_the_rest_is_left_alone(actor, add, assets):
    other = add("other.jpg", title="Other")
    done = edit_assets(EVERYTHING, actor, assets, EDITS)
    assert done.count == 5
    for asset in Asset.objects.filter(pk__in=assets):
        assert (asset.title, asset.keywords, asset.captured) == ("Beach", ["sea", "summer"], None)
        assert (asset.custom, asset.revision) == ({"shelf": 3, "deep": ["a"]}, 2)
        assert asset.modified > MAY
    assert Asset.objects.get(pk=other).title == "Other"


@pytest.mark.req("L6a", "T5b")
def test_log_has_each_asset_before_and_after_as_one_unit(actor, assets):
    done = edit_assets(EVERYTHING, actor, assets, EDITS)
    entries = Entry.objects.filter(unit=done.unit, action="asset.edited").order_by("subject_id")
    assert [entry.subject_id for entry in entries] == assets
    assert entries[0].before == {"title": "Old 0", "keywords": ["sea"], "captured": MAY.isoformat()}
    assert entries[0].after == {"title": "Beach", "keywords": ["sea", "summer"], "captured": None}


@pytest.mark.req("L6a")
def test_asset_that_is_so_already_is_not_changed(actor, add, assets):
    same = add("same.jpg", title="Beach")
    assert edit_assets(EVERYTHING, actor, [*assets, same], TITLE).count == 5
    assert Asset.objects.get(pk=same).revision == 1


@pytest.mark.req("L6a")
def test_edited_assets_are_found_by_their_new_words_and_launchers_hear_of_them(actor, folder, assets):
    set_launcher(COMMAND_LINE, EVERYTHING, folder.pk, Event.MODIFICATION, Setting.ON)
    edit_assets(EVERYTHING, actor, assets, TITLE)
    assert search(EVERYTHING, "beach").total == 5
    assert sorted(Due.objects.values_list("asset_id", flat=True)) == assets


@pytest.mark.req("L6a")
def test_number_of_statements_grows_with_blocks_and_not_with_assets(actor, add, assets):
    def queries(chosen):
        with CaptureQueriesContext(connection) as caught:
            edit_assets(EVERYTHING, actor, chosen, TITLE)
        return len(caught)

    queries([add("first.jpg")])  # what is read once in a process is read
    few = queries(assets)
    assert queries([add(f"more {number}.jpg") for number in range(50)]) == few


@pytest.mark.req("L6a")
def test_wrong_value_changes_nothing(actor, assets, monkeypatch):
    with pytest.raises(LibraryError, match="rights"):
        edit_assets(EVERYTHING, actor, assets, {**TITLE, "rights": Edit(Mode.REPLACE, "\0")})
    monkeypatch.setattr(writing, "BLOCK", 2)
    monkeypatch.setattr(writing.FOLLOWERS, "changed", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        edit_assets(EVERYTHING, actor, assets, TITLE)
    assert "Beach" not in titles()


@pytest.mark.req("L6b")
def test_preview_says_how_many_would_change_and_changes_nothing(add, assets):
    same = add("same.jpg", title="Beach", captured=None)
    found = preview_edits(EVERYTHING, [*assets, same], EDITS)
    assert (found.assets, found.changed) == (6, 6)
    assert found.fields == {"title": 5, "keywords": 6, "captured": 5}
    assert found.cleared == {"captured": 5}
    assert (found.samples[0].row.path, found.samples[0].before["title"]) == ("travel/0.jpg", "Old 0")
    assert "Beach" not in titles()[:5]


@pytest.mark.req("L6b")
def test_change_by_somebody_else_after_the_preview_is_told_and_nothing_is_overwritten(actor, assets):
    seen = preview_edits(EVERYTHING, assets, TITLE).state
    edit_asset(EVERYTHING, Actor(name="Grace"), assets[3], {"title": "Hers"}, revision=1)
    with pytest.raises(ConflictError, match="the last by Grace at"):
        edit_assets(EVERYTHING, actor, assets, TITLE, seen=seen)
    assert titles() == ["Old 0", "Old 1", "Old 2", "Hers", "Old 4"]
    assert edit_assets(EVERYTHING, actor, assets, TITLE, seen=preview_edits(EVERYTHING, assets, TITLE).state).count == 5


@pytest.mark.req("L6b")
def test_change_of_another_field_is_no_conflict(actor, assets):
    seen = preview_edits(EVERYTHING, assets, TITLE).state
    edit_asset(EVERYTHING, Actor(name="Grace"), assets[3], {"rights": "Hers"}, revision=1)
    assert edit_assets(EVERYTHING, actor, assets, TITLE, seen=seen).count == 5
    assert Asset.objects.get(pk=assets[3]).rights == "Hers"


@pytest.mark.req("L6c")
def test_undo_restores_all_as_one(actor, assets, monkeypatch):
    monkeypatch.setattr(writing, "BLOCK", 2)
    before = list(Asset.objects.order_by("pk").values("title", "keywords", "captured", "custom"))
    done = edit_assets(EVERYTHING, actor, assets, {**EDITS, "custom": Edit(Mode.APPEND, {"shelf": "4"})})
    undone = undo_edits(EVERYTHING, actor, done.unit)
    assert (undone.count, undone.left) == (5, 0)
    assert list(Asset.objects.order_by("pk").values("title", "keywords", "captured", "custom")) == before
    assert search(EVERYTHING, "beach").total == 0


@pytest.mark.req("L6c")
def test_undo_leaves_alone_what_people_changed_since(actor, assets):
    done = edit_assets(EVERYTHING, actor, assets, EDITS)
    edit_asset(EVERYTHING, actor, assets[0], {"title": "Mine"}, revision=2)
    undone = undo_edits(EVERYTHING, actor, done.unit)
    assert (undone.count, undone.left) == (5, 1)
    assert titles() == ["Mine", "Old 1", "Old 2", "Old 3", "Old 4"]
    assert Asset.objects.get(pk=assets[0]).keywords == ["sea"]


@pytest.mark.req("L6c")
def test_undo_is_done_once_and_only_of_what_was_done(actor, assets):
    done = edit_assets(EVERYTHING, actor, assets, TITLE)
    undo_edits(EVERYTHING, actor, done.unit)
    with pytest.raises(ConflictError, match="undone before"):
        undo_edits(EVERYTHING, actor, done.unit)
    with pytest.raises(NotFoundError):
        undo_edits(EVERYTHING, actor, uuid4())


@pytest.mark.req("L6c", "A1a")
def test_assets_in_the_trash_and_outside_the_scope_stay_as_they_are(actor, add, assets):
    elsewhere = create_folder(EVERYTHING, COMMAND_LINE, "secret")
    hidden = add("hidden.jpg", folder=elsewhere, title="Hidden")
    scope = Scope(("travel",))
    trash_assets(EVERYTHING, actor, assets[:1])
    assert preview_edits(scope, [*assets, hidden], TITLE).assets == 4
    assert edit_assets(scope, actor, [*assets, hidden], TITLE).count == 4
    assert titles() == ["Old 0", "Beach", "Beach", "Beach", "Beach", "Hidden"]
    whole = edit_assets(EVERYTHING, actor, [*assets, hidden], {"title": Edit(Mode.CLEAR)})
    assert undo_edits(scope, actor, whole.unit).count == 4
    assert Asset.objects.get(pk=hidden).title == ""
    with pytest.raises(NotFoundError):
        undo_edits(Scope(("elsewhere",)), actor, whole.unit)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("L6b")
def test_edits_at_the_same_time_come_one_after_the_other(actor, assets):
    """Somebody edits an asset in a transaction that is still open: the bulk edit waits, and keeps what it set."""
    held, done = threading.Event(), []

    def edit():
        held.wait(10)
        done.append(edit_assets(EVERYTHING, actor, assets, {"keywords": Edit(Mode.APPEND, ["summer"])}))
        connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    with transaction.atomic():
        edit_asset(EVERYTHING, actor, assets[2], {"keywords": ["theirs"]}, revision=1)
        held.set()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(10)
    assert done[0].count == 5
    assert Asset.objects.get(pk=assets[2]).keywords == ["theirs", "summer"]


@pytest.mark.req("L6a")
def test_moved_modification_counts_as_modified_since_the_last_tagging(actor, assets):
    before = timezone.now()
    edit_assets(EVERYTHING, actor, assets, TITLE)
    assert not Asset.objects.filter(modified__lt=before).exists()
