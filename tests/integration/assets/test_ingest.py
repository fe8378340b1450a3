"""Importing a tree: what is new or changed comes in, what cannot be read is named, the rest goes on."""

import errno
import os
import shutil
import unicodedata

import pytest

from tagsmith.assets import ingest as ingest_room
from tagsmith.assets import local_storage
from tagsmith.assets.adoption import Policy
from tagsmith.assets.commit import Duplicate, Ingest
from tagsmith.assets.content import check, original_of, remove_orphans
from tagsmith.assets.ingest import import_tree
from tagsmith.assets.models import LIVE, Asset, AssetVersion, State
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.selectors.assets import find_asset, versions_of
from tagsmith.assets.selectors.folders import find_folder
from tagsmith.assets.services.assets import edit_asset, move_assets, rename_asset
from tagsmith.assets.services.trash import trash_assets
from tagsmith.audit.models import Entry
from tagsmith.errors import LibraryError, NotFoundError, WriteError

pytestmark = pytest.mark.django_db


def live_paths():
    return sorted(asset.path for asset in Asset.objects.filter(LIVE).select_related("folder"))


def outcome(report):
    return report.added, report.changed, report.unchanged


def skipped(report, photos):
    return {os.fsencode(item.path.relative_to(photos)).decode(errors="replace"): item.reason for item in report.skipped}


@pytest.mark.req("L2a", "L1b")
def test_tree_comes_in_as_it_is(put, bring, storage, followed):
    files = {name: put(name, number) for number, name in enumerate(("a.png", "f/b.png", "f/ü g/c.png"))}
    put("notes.txt", b"no image")
    report = bring("in/to")
    assert outcome(report) == (3, 0, 0)
    assert report.skipped == report.duplicates == []
    assert live_paths() == [f"in/to/{name}" for name in sorted(files)]
    for name, path in files.items():
        asset = find_asset(EVERYTHING, f"in/to/{name}")
        assert original_of(asset, storage).read_bytes() == path.read_bytes()
        assert asset.size == path.stat().st_size
    assert followed == [sorted(Asset.objects.values_list("pk", flat=True))]
    assert Entry.objects.filter(action="asset.imported").values("unit").distinct().count() == 1


@pytest.mark.req("L2a")
def test_second_import_adds_only_what_is_new_or_changed(put, bring, followed):
    put("same.png", 1)
    put("other.png", 2)
    bring()
    followed.clear()
    put("other.png", 3)
    put("new.png", 4)
    assert outcome(bring()) == (1, 1, 1)
    assert len(followed[0]) == 2
    assert outcome(bring()) == (0, 0, 3)


@pytest.mark.req("L2a")
def test_unchanged_files_are_not_even_read(put, bring, monkeypatch):
    put("a.png", 1)
    bring()
    monkeypatch.setattr("tagsmith.assets.ingest.take", lambda *_: pytest.fail("read"))
    assert outcome(bring()) == (0, 0, 1)


@pytest.mark.req("L2a")
def test_file_that_was_only_touched_is_read_once_more_and_unchanged(put, bring):
    path = put("a.png", 1)
    bring()
    os.utime(path, (1, 1))
    assert outcome(bring()) == (0, 0, 1)
    asset = Asset.objects.get()
    assert (asset.revision, asset.origin_changed) == (1, 1_000_000_000)


@pytest.mark.req("L2a")
def test_asset_that_was_renamed_or_moved_below_is_still_known(put, bring, actor):
    put("a.png", 1)
    put("f/b.png", 2)
    bring()
    rename_asset(EVERYTHING, actor, find_asset(EVERYTHING, "in/a.png").pk, "title.png")
    into = find_folder(EVERYTHING, "in/f")
    move_assets(EVERYTHING, actor, [find_asset(EVERYTHING, "in/title.png").pk], into.pk)
    assert outcome(bring()) == (0, 0, 2)
    assert outcome(bring("elsewhere")) == (2, 0, 0)


@pytest.mark.req("L2a")
def test_tree_that_was_moved_is_known_by_its_paths(put, bring, photos, actor, ingest):
    put("f/a.png", 1)
    bring()
    shutil.move(photos, photos.parent / "moved")
    report = import_tree(EVERYTHING, actor, photos.parent / "moved", "in", ingest=ingest)
    assert outcome(report) == (0, 0, 1)


@pytest.mark.req("L2b")
def test_replace_keeps_id_and_metadata_and_prepares_anew(put, bring, actor, storage, followed):
    put("a.png", 1)
    bring()
    before = Asset.objects.get()
    edit_asset(EVERYTHING, actor, before.pk, {"title": "Disc", "keywords": ["round"]}, revision=1)
    Asset.objects.update(state=State.READY, width=160)
    put("a.png", 2)
    assert outcome(bring(on_same=Policy.REPLACE)) == (0, 1, 0)
    after = Asset.objects.get()
    assert (after.pk, after.title, after.keywords) == (before.pk, "Disc", ["round"])
    assert (after.state, after.width, after.revision) == (State.NEW, None, 3)
    assert after.modified > before.modified
    assert not storage.exists(before.content)
    assert followed == [[after.pk]] * 2


@pytest.mark.req("L2b")
def test_new_version_keeps_the_old_content(put, bring, storage):
    old = put("a.png", 1).read_bytes()
    bring()
    put("a.png", 2)
    assert outcome(bring(on_same=Policy.NEW_VERSION)) == (0, 1, 0)
    (version,) = versions_of(EVERYTHING, Asset.objects.get().pk)
    with storage.open(version.content) as file:
        assert file.read() == old
    assert check(storage).orphans == []


@pytest.mark.req("L2b")
def test_keep_both_numbers_the_new_one_and_stays_settled(put, bring, storage):
    put("a.png", 1)
    bring()
    put("a.png", 2)
    assert outcome(bring(on_same=Policy.KEEP_BOTH)) == (1, 0, 0)
    assert live_paths() == ["in/a (2).png", "in/a.png"]
    assert outcome(bring(on_same=Policy.KEEP_BOTH)) == (0, 0, 1)
    assert not AssetVersion.objects.exists()


@pytest.mark.req("L2b")
def test_original_that_lies_elsewhere_is_kept_beside_its_new_version(put, bring):
    put("a.png", 1)
    bring(in_place=True)
    put("a.png", 2)
    assert outcome(bring(on_same=Policy.NEW_VERSION)) == (1, 0, 0)


@pytest.mark.req("L2a")
def test_original_in_place_is_not_forgotten_for_a_copy_of_it(put, bring, photos, actor, ingest):
    path = put("a.png", 1)
    bring(in_place=True)
    shutil.copytree(photos, photos.parent / "copy")
    report = import_tree(EVERYTHING, actor, photos.parent / "copy", "in", ingest=ingest)
    assert outcome(report) == (0, 0, 1)
    assert original_of(Asset.objects.get(), ingest.storage) == path


@pytest.mark.req("L2c")
def test_identical_bytes_are_reported(put, bring):
    put("a.png", 1)
    put("f/b.png", 1)
    put("f/c.png", 2)
    assert bring().duplicates == [Duplicate("in/f/b.png", "in/a.png")]
    put("f/c.png", 1)
    assert bring().duplicates == [Duplicate("in/f/c.png", "in/a.png")]
    put("a.png", 3)
    bring()
    put("a.png", 1)
    assert bring().duplicates == [Duplicate("in/a.png", "in/f/c.png")]


@pytest.mark.req("L2c", "A1a")
def test_identical_bytes_that_the_caller_may_not_see_are_not_told(put, bring, photos, actor, ingest):
    put("a.png", 1)
    bring("secret")
    bring("mine/x")
    report = import_tree(Scope(("mine",)), actor, photos, "mine/y", ingest=ingest)
    assert report.duplicates == [Duplicate("mine/y/a.png", "mine/x/a.png")]
    with pytest.raises(NotFoundError):
        import_tree(Scope(("mine",)), actor, photos, "secret", ingest=ingest)


@pytest.mark.req("L2a")
def test_names_that_differ_in_case_form_or_bytes_alone_stay_apart(put, bring, photos):
    names = ["a.png", "A.PNG", "\u00e9.png", unicodedata.normalize("NFD", "\u00e9.png"), "caf\\xe9.png"]
    for number, name in enumerate([*names, os.fsdecode(b"caf\xe9.png")]):
        put(name, number)
    put("F/a.png", 10)
    put("f/a.png", 11)
    assert outcome(bring()) == (8, 0, 0)
    assert len(set(live_paths())) == 8
    assert {"in/A.PNG", "in/a (2).png", "in/caf\\xe9.png", "in/caf\\xe9 (2).png"} <= set(live_paths())
    assert outcome(bring()) == (0, 0, 8)


@pytest.mark.req("L2a", "L2b")
def test_new_file_does_not_replace_one_that_only_comes_to_have_its_name(put, bring, monkeypatch):
    monkeypatch.setattr("tagsmith.assets.ingest.BATCH", 1)
    put("\u00e9.png", 1)
    bring()
    first = Asset.objects.get()
    put("e\u0301.png", 2)  # is walked first
    assert outcome(bring()) == (1, 0, 1)
    first.refresh_from_db()
    assert (first.name, first.revision) == ("\u00e9.png", 1)
    assert outcome(bring()) == (0, 0, 2)


@pytest.mark.req("L2d")
def test_what_cannot_be_read_is_named_and_the_rest_goes_on(put, bring, photos, monkeypatch):
    from tagsmith.assets import arrivals

    put("good.png", 1)
    put("growing.png", 2)
    put("vanishing.png", 3)
    (photos / "folder.png").mkdir()
    (photos / "nowhere.png").symlink_to("missing")
    (photos / "out.png").symlink_to(photos.parent / "data")
    os.mkfifo(photos / "pipe.png")
    put(os.fsdecode(b"\xff" * 100 + b".png"), 4)
    real_origin_of, real_fstat = arrivals.origin_of, os.fstat

    def meddle(path):
        if path.name == "vanishing.png":
            path.unlink()
        return real_origin_of(path)

    def fstat(number):
        status = real_fstat(number)
        path = photos / "growing.png"
        if os.path.samestat(status, path.stat()):
            with path.open("ab") as file:
                file.write(b"more")
        return status

    monkeypatch.setattr(arrivals, "origin_of", meddle)
    monkeypatch.setattr(arrivals.os, "fstat", fstat)
    report = bring()
    assert live_paths() == ["in/good.png"]
    assert skipped(report, photos) == {
        "growing.png": "it changed while it was read",
        "vanishing.png": "no such file",
        "nowhere.png": "no such file",
        "out.png": "a link that leads out of the folder is not followed",
        "pipe.png": "not a regular file",
        "\ufffd" * 100 + ".png": "\\xff" * 10 + "…: a name has at most 255 characters",
    }


@pytest.mark.req("L2a")
def test_trashed_asset_comes_in_anew(put, bring, actor):
    put("a.png", 1)
    bring()
    trash_assets(EVERYTHING, actor, [Asset.objects.get().pk])
    assert outcome(bring()) == (1, 0, 0)


@pytest.mark.req("L2a")
def test_originals_in_place_stay_where_they_lie(put, bring, storage):
    path = put(os.fsdecode(b"f/caf\xe9.png"), 1)
    assert outcome(bring(in_place=True)) == (1, 0, 0)
    asset = Asset.objects.get()
    assert original_of(asset, storage) == path
    assert not storage.exists(asset.content)
    assert check(storage).missing == []
    path.unlink()
    assert check(storage).missing == ["in/f/caf\\xe9.png"]
    with pytest.raises(LibraryError, match="only 'replace'"):
        bring(in_place=True, on_same=Policy.KEEP_BOTH)


def test_missing_folder_is_refused(bring, photos, actor, ingest):
    with pytest.raises(LibraryError, match="no such folder"):
        import_tree(EVERYTHING, actor, photos / "missing", "in", ingest=ingest)


@pytest.mark.req("L2a")
def test_follow_up_that_fails_takes_the_rows_back(put, bring, photos, actor, storage):
    put("a.png", 1)

    def fail(ids):
        raise RuntimeError("no queue")

    with pytest.raises(RuntimeError, match="no queue"):
        import_tree(EVERYTHING, actor, photos, "in", ingest=Ingest(storage, fail))
    assert not Asset.objects.exists()
    assert len(check(storage).orphans) == 1
    assert outcome(bring()) == (1, 0, 0)
    assert check(storage).orphans == []


@pytest.mark.req("L2d")
def test_full_disk_stops_the_import_by_name_and_keeps_what_came_before(put, bring, storage, monkeypatch):
    put("a.png", 1)
    put("b.png", 2)
    real_put = type(storage).put

    def full(self, stream):
        if stream.name.endswith("b.png"):
            raise WriteError("originals: No space left on device")
        return real_put(self, stream)

    monkeypatch.setattr(type(storage), "put", full)
    with pytest.raises(WriteError, match=r"b\.png cannot be stored: .*No space left"):
        bring()
    assert live_paths() == ["in/a.png"]


@pytest.mark.req("L2d")
def test_full_disk_leaves_nothing_half_written_and_running_again_completes(put, bring, storage, monkeypatch):
    for number in range(3):
        put(f"{number}.png", number)
    real_write, written = local_storage._write, []

    def full(file, block):
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(file)
        real_write(file, block)

    monkeypatch.setattr(local_storage, "_write", full)
    with pytest.raises(WriteError, match=r"1\.png cannot be stored: .*No space left on device"):
        bring()
    assert live_paths() == ["in/0.png"]
    assert list((storage.folder / "originals" / "incoming").iterdir()) == []
    monkeypatch.undo()
    assert outcome(bring()) == (2, 0, 1)


@pytest.mark.req("L2d")
def test_file_that_becomes_a_folder_or_unreadable_is_named(put, bring, photos, monkeypatch):
    put("good.png", 1)
    put("folder.png", 2)
    put("refused.png", 3)
    real_take = ingest_room.take

    def take(found, storage):
        if found.name == "folder.png":
            found.path.unlink()
            found.path.mkdir()
        if found.name == "refused.png":
            monkeypatch.setattr(type(found.path), "open", refuse)
        arrival = real_take(found, storage)
        monkeypatch.setattr(type(found.path), "open", real_open)
        return arrival

    def refuse(*_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    real_open = type(photos).open
    monkeypatch.setattr(ingest_room, "take", take)
    assert skipped(bring(), photos) == {
        "folder.png": "cannot be read: Is a directory",
        "refused.png": "cannot be read: Permission denied",
    }
    assert live_paths() == ["in/good.png"]


@pytest.mark.req("L2d")
def test_folder_that_cannot_be_read_is_named(put, bring, photos, monkeypatch):
    put("good.png", 1)
    put("shut/a.png", 2)
    real_scandir = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert skipped(bring(), photos) == {"shut": "the folder cannot be read: Permission denied"}
    assert live_paths() == ["in/good.png"]


@pytest.mark.req("L2a")
def test_asset_that_could_not_be_made_ready_is_tried_again(put, bring, followed):
    put("good.png", 1)
    put("bad.png", b"no image")
    bring()
    Asset.objects.filter(name="bad.png").update(state=State.FAILED, failure="no image")
    followed.clear()
    assert outcome(bring()) == (0, 0, 2)
    bad = find_asset(EVERYTHING, "in/bad.png")
    assert followed == [[bad.pk]]
    assert (bad.state, bad.failure) == (State.NEW, "")


def test_import_ends_when_progress_raises_and_what_came_before_is_kept(put, bring):
    for number in range(3):
        put(f"{number}.png", number)

    def stop(path):
        if path.name == "1.png":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(progress=stop)
    assert live_paths() == ["in/0.png", "in/1.png"]


def test_progress_names_every_file_in_order_over_batches(put, bring, photos, monkeypatch, followed):
    monkeypatch.setattr("tagsmith.assets.ingest.BATCH", 2)
    for number in range(5):
        put(f"{number}.png", number)
    seen = []
    bring(progress=seen.append)
    assert seen == [photos / f"{number}.png" for number in range(5)]
    assert [len(ids) for ids in followed] == [2, 2, 1]


@pytest.mark.req("L2a")
def test_content_deleted_between_storing_and_its_row_is_reported_not_lost(put, bring, storage, monkeypatch, photos):
    put("a.png", 1)
    monkeypatch.setattr(type(storage), "exists", lambda *_: False)
    report = bring()
    assert skipped(report, photos) == {"a.png": "its content was deleted meanwhile; import it again"}
    assert not Asset.objects.exists()
    monkeypatch.undo()
    assert remove_orphans(storage) == 1
    assert list(storage.contents()) == []
