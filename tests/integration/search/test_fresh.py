"""Whatever changes is found as it is now; nothing is shown that may not be."""

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tagsmith.assets.cursor import Cursor
from tagsmith.assets.models import Asset
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.assets import edit_asset, rename_asset
from tagsmith.assets.services.trash import restore_assets, trash_assets
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import LibraryError
from tagsmith.search import following
from tagsmith.search.models import Document
from tagsmith.search.reasons import Reason, Where
from tagsmith.search.services import reindex
from tagsmith.taxonomy.services import add_synonym, create_tag, merge, move, set_title

pytestmark = pytest.mark.django_db


@pytest.mark.req("S1b")
def test_edited_and_renamed_assets_are_found_as_they_are_now(shelf):
    asset = shelf.asset("old.jpg", title="Boat")
    edit_asset(EVERYTHING, COMMAND_LINE, asset, {"title": "Ship"}, revision=1)
    rename_asset(EVERYTHING, COMMAND_LINE, asset, "fresh.jpg")
    assert (shelf.find("boat"), shelf.find("old")) == ([], [])
    assert shelf.find("ship fresh") == ["fresh.jpg"]


@pytest.mark.req("S1b")
def test_asset_that_comes_back_from_the_trash_with_a_number_is_found_by_it(shelf):
    asset = shelf.asset("boat.jpg")
    trash_assets(EVERYTHING, COMMAND_LINE, [asset])
    shelf.asset("boat.jpg")
    restore_assets(EVERYTHING, COMMAND_LINE, [asset])
    name = Asset.objects.get(pk=asset).name
    assert name != "boat.jpg"
    assert shelf.find(f'"{name.removesuffix(".jpg")}"') == [name]


@pytest.mark.req("S1b")
def test_promoted_tag_is_metadata_at_once(shelf):
    dog = shelf.tag("dog")
    asset = shelf.asset("a", smart={dog: 500}, title="big")
    shelf.own(asset, dog)
    assert shelf.find("dog big") == ["a"]
    assert shelf.found("dog big").hits[0].tier == 1


@pytest.mark.req("S1b")
def test_reworded_moved_and_merged_tags_are_found_by_their_words(shelf):
    above, dog = shelf.tag("animal", "Animal"), shelf.tag("animal/dog", "Dog")
    shelf.asset("own", own=[dog])
    set_title(COMMAND_LINE, above, "Creature")
    add_synonym(COMMAND_LINE, dog, "Hound")
    assert (shelf.find("hound creature"), shelf.find("animal")) == (["own"], ["own"])  # its name stays
    move(COMMAND_LINE, dog, "default:", "mutt")
    assert (shelf.find("mutt"), shelf.find("creature")) == (["own"], [])
    other = create_tag(COMMAND_LINE, "pet", "Pet")
    merge(COMMAND_LINE, dog, other)
    assert shelf.find("pet hound") == ["own"]


@pytest.mark.req("S1b")
def test_many_assets_of_a_reworded_tag_are_left_to_a_job(shelf, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 1)
    dog = shelf.tag("dog")
    for name in "ab":
        shelf.asset(name, own=[dog])
    add_synonym(COMMAND_LINE, dog, "Hound")
    assert shelf.find("hound") == []
    (job,) = ProcrastinateJob.objects.filter(task_name="search.reindex")
    following.reindex.work(**job.args)
    assert shelf.find("hound") == ["b", "a"]


@pytest.mark.req("S1b")
def test_smart_tag_of_a_merged_tag_is_found_by_what_it_became(shelf):
    dog, pet = shelf.tag("dog"), shelf.tag("pet", "Companion")
    shelf.asset("a", smart={dog: 500})
    merge(COMMAND_LINE, dog, pet)
    assert shelf.find("companion") == shelf.find("dog") == shelf.find("tags:pet") == ["a"]


@pytest.mark.req("S1b")
def test_many_assets_are_indexed_with_as_many_queries_as_few(shelf, django_assert_max_num_queries):
    ids = [shelf.asset(f"{number}", title="x") for number in range(20)]
    with django_assert_max_num_queries(10):
        following.index(ids)


@pytest.mark.req("S1b")
def test_everything_can_be_indexed_anew(shelf):
    shelf.asset("a", title="boat")
    Document.objects.all().delete()
    assert shelf.find("boat") == []
    assert reindex() == 1
    assert shelf.find("boat") == ["a"]


@pytest.mark.req("A1a")
@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize(
    "text", ["", "dog", "dog wet", "title:dog", "-cat", "tags:dog", "path:mine", "dog -wet", '"dog"']
)
def test_nothing_outside_the_scope_or_in_the_trash_is_found_or_counted(shelf, monkeypatch, text, few):
    monkeypatch.setattr("tagsmith.search.restrictions.FEW", few)
    dog = shelf.tag("dog")
    for folder in ("mine", "minefield", "theirs", "mine/sub"):
        for trashed in (None, timezone.now()):
            for part, given in enumerate(({"title": "dog"}, {"smart": {dog: 900}}, {"own": [dog], "title": "dog"})):
                shelf.asset(f"{folder} {part} {trashed}"[:40], folder=folder, trashed=trashed, **given)
    mine = shelf.found(text, Scope(("mine",)))
    everything = shelf.found(text)
    assert {hit.asset.folder.path for hit in mine.hits} <= {"mine", "mine/sub"}
    assert not any(hit.asset.trashed for hit in everything.hits)
    assert (mine.total, everything.total) == (len(mine.hits), len(everything.hits))
    assert mine.total > 0
    nothing = shelf.found(text, Scope(()))
    assert (nothing.hits, nothing.total) == ([], 0)


@pytest.mark.req("S3c")
@pytest.mark.parametrize("word", ["x", "", "é", Cursor(1, "a b").written(), Cursor(1, "9 9 9 9 9 9").written()])
def test_word_that_we_never_wrote_is_refused(shelf, word):
    with pytest.raises(LibraryError):
        shelf.found("dog", after=word or "e30")


@pytest.mark.req("S4c")
def test_each_hit_says_why(shelf):
    dog, big = shelf.tag("dog", "Dog"), shelf.tag("size/big", "Big")
    shelf.asset("a", description="dogs", keywords=["a dog"], smart={dog: 750}, own=[big])
    (hit,) = shelf.found("dog big").hits
    assert hit.why == (
        Reason("dog", Where.DESCRIPTION),
        Reason("dog", Where.KEYWORDS),
        Reason("dog", Where.SMART_TAG, "default:dog", "Dog", 0.75),
        Reason("big", Where.TAG, "default:size/big", "Big"),
    )


def test_counts_stop_at_the_cap(shelf, monkeypatch):
    for room in ("selectors", "prepared", "totals"):
        monkeypatch.setattr(f"tagsmith.search.{room}.COUNTED", 2)
    for number in range(3):
        shelf.asset(str(number), title="dog")
    found = shelf.found("dog")
    assert (found.total, found.is_capped, len(found.hits)) == (2, True, 3)


@pytest.mark.parametrize("counted", [2, 100])
@pytest.mark.parametrize("tags", [1, 2, 5])
def test_asset_with_several_tags_that_a_term_finds_counts_once(shelf, monkeypatch, counted, tags):
    monkeypatch.setattr("tagsmith.search.totals.COUNTED", counted)
    shelf.tag("dog")
    puppies = [shelf.tag(f"dog/{number}") for number in range(tags)]
    for name in "ab":
        shelf.asset(name, smart=dict.fromkeys(puppies, 200))
    assert shelf.found("dog", size=1).total == 2


@pytest.mark.parametrize("setting", ["on", "off"])
def test_caller_goes_on_with_the_plans_it_had(shelf, setting):
    shelf.asset("a", title="dog")
    with connection.cursor() as cursor:
        cursor.execute(f"SET enable_seqscan = {setting}")
        shelf.find("dog")
        cursor.execute("SHOW enable_seqscan")
        after = cursor.fetchone()
        cursor.execute("RESET enable_seqscan")
    assert after == (setting,)


def test_asset_that_is_gone_has_no_document(shelf):
    asset = shelf.asset("a")
    Asset.objects.filter(pk=asset).delete()
    assert not Document.objects.exists()
