"""Timelines: everything that happened, by whom, latest first, a page at a time, and nothing the caller may not see."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integration.stages import library, settings, shoes, tags  # noqa: F401 - fixtures
from tagsmith.accounts.models import Person
from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.assets import edit_asset, move_assets, rename_asset
from tagsmith.assets.services.folders import create_folder, rename_folder
from tagsmith.audit.services import Actor, Change, record, record_all
from tagsmith.errors import LibraryError, NotFoundError
from tagsmith.tagging import units
from tagsmith.tagging.events import What, sentence
from tagsmith.tagging.models import Change as SmartTagChange
from tagsmith.tagging.models import SmartTag
from tagsmith.tagging.moderation import promote, remove
from tagsmith.taxonomy.models import Tag
from tagsmith.training.learn import train
from tagsmith.workflows.services import create_run, do_chunk, plan
from tagsmith.workflows.timeline import folder_timeline, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.req("L7")]


@pytest.fixture
def ada():
    return Actor(Person.objects.create(username="Ada"))


def kinds(events):
    return [event.what for event in events.events]


def sentences(events):
    return [sentence(event) for event in events.events]


def test_what_people_did_to_an_asset_is_told_the_latest_first(library, ada):
    asset = library["boot"][0]
    edit_asset(EVERYTHING, ada, asset.pk, {"title": "Boot", "creator": "Eve"}, revision=1)
    rename_asset(EVERYTHING, ada, asset.pk, "brown.jpg")
    shop = create_folder(EVERYTHING, ada, "shop")
    move_assets(EVERYTHING, ada, [asset.pk], shop.pk)
    assert sentences(timeline(EVERYTHING, asset.pk)) == [
        "Ada moved it from brown.jpg to shop/brown.jpg",
        "Ada renamed it from boot-0.jpg to brown.jpg",
        "Ada edited title, creator",
    ]


@pytest.fixture
def tagged(library, shoes, settings, ada):
    """A run that has tagged the library, and a boot that it gave a tag."""
    train(shoes, settings)
    run = create_run(ada, EVERYTHING, folders=[library["boot"][0].folder_id])
    for number in plan(run.pk, timezone.now()):
        do_chunk(run.pk, number)
    return SmartTag.objects.filter(tag__name="boot").select_related("asset__folder").first().asset


def test_smart_tag_is_told_with_its_version_and_confidence_and_so_is_the_run(tagged, ada):
    boot = Tag.objects.get(name="boot")
    promote(EVERYTHING, ada, [tagged.pk], boot)
    remove(EVERYTHING, ada, [tagged.pk], boot)
    removed, promoted, ended, given, started = timeline(EVERYTHING, tagged.pk).events
    assert sentence(removed) == "Ada removed the tag default:boot"
    assert sentence(promoted) == "Ada promoted the smart tag default:boot"
    assert ended.what is What.RUN_ENDED
    assert (given.what, given.who) == (What.SMART_TAG_GIVEN, "Shoes")
    assert (given.details["tag"], given.details["version"]) == ("default:boot", 1)
    assert 0 < given.details["confidence"] <= 1
    assert sentence(started) == "Ada started the run Tag the whole library"


def test_folder_tells_of_its_assets_by_unit_of_work(tagged, ada):
    folder = tagged.folder
    events = folder_timeline(EVERYTHING, folder.pk)
    assert kinds(events) == [What.RUN_ENDED, What.SMART_TAGS, What.RUN_STARTED]
    digest = events.events[1]
    assert digest.count >= 30
    assert sentence(digest) == f"Shoes changed {digest.count} smart tags"


def test_events_of_one_import_are_one_event_of_the_folder(library, ada):
    unit = uuid4()
    for asset in library["boot"]:
        record(ada, "asset.imported", "asset", asset.pk, after={"path": asset.path}, unit=unit)
    promoted = {kind: library[kind][0].pk for kind in ("hat", "sock")}
    for pk in promoted.values():
        record(ada, "set tag", "asset", pk, after={"tag": "default:hat"})
    assert sentences(folder_timeline(EVERYTHING, library["boot"][0].folder_id)) == [
        "Ada set the tag default:hat on 1 asset",
        "Ada set the tag default:hat on 1 asset",
        "Ada imported 18 assets",
    ]


def test_folder_tells_of_itself(ada):
    folder = create_folder(EVERYTHING, ada, "shop/old")
    rename_folder(EVERYTHING, ada, folder.pk, "new")
    assert sentences(folder_timeline(EVERYTHING, folder.pk)) == [
        "Ada renamed it from shop/old to shop/new",
        "Ada created it",
    ]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("many", [0, 5000])
def test_pages_give_every_event_once_and_in_order(tagged, ada, size, many, monkeypatch):
    monkeypatch.setattr(units, "MANY", many)
    Asset.objects.filter(pk=tagged.pk).update(revision=1)
    edit_asset(EVERYTHING, ada, tagged.pk, {"title": "Boot"}, revision=1)
    for get, pk in ((timeline, tagged.pk), (folder_timeline, tagged.folder_id)):
        whole = get(EVERYTHING, pk)
        assert whole.after == ""
        paged, after = [], ""
        while not paged or after:
            some = get(EVERYTHING, pk, after=after, size=size)
            assert len(some.events) <= size
            paged += some.events
            after = some.after
        assert paged == whole.events


@pytest.mark.parametrize("sizes", [(1, 99), (2, 99), (3, 99), (64, 8), (1, 1), (2, 2)])
def test_large_folder_tells_the_same_as_a_small_one(tagged, library, ada, sizes, monkeypatch):
    """Units that lie in one another, some with entries alone of what is elsewhere, in the trash or gone."""
    folder, everything = tagged.folder, [asset.pk for kind in library.values() for asset in kind]
    elsewhere = create_folder(EVERYTHING, ada, "elsewhere")
    move_assets(EVERYTHING, ada, everything[:3], elsewhere.pk)
    Asset.objects.filter(pk__in=everything[3:5]).update(trashed=timezone.now())
    spans = ((0, 9), (5, 6), (0, 3), (3, 5), (4, 30), (2, 4), (7, 12), (20, 21), (6, 50))
    for number, (start, stop) in enumerate(spans):
        unit, some = uuid4() if number % 3 else UUID(int=7), [*everything[start:stop], 10**9]
        said = [Change(pk, None, {"tag": f"default:{'ab'[pk % 2]}"}) for pk in some]
        record_all(ada, "set tag" if number % 2 else "asset.edited", "asset", said, unit)
        record(ada, "asset.renamed", "asset", some[0], unit=unit if number % 4 else None)
        asset = Asset.objects.get(pk=some[0])
        SmartTagChange.objects.create(
            unit=unit,
            asset=asset,
            tag=Tag.objects.first(),
            after=900,
            at=timezone.now() - timedelta(minutes=number),
        )
    for name, value in zip(("BATCH", "UNITS", "BATCHES"), (sizes[0], *sizes), strict=True):
        monkeypatch.setattr(units, name, value)
    for shown in (folder, Folder.objects.get(path="")):
        for size in (2, 50):
            told = []
            for many in (0, 5000):
                monkeypatch.setattr(units, "MANY", many)
                after, events = "", []
                while not events or after:
                    page = folder_timeline(EVERYTHING, shown.pk, after=after, size=size)
                    events, after = events + page.events, page.after
                told.append(events)
            assert told[0] == told[1]
            assert len(told[0]) > 10


def test_number_of_queries_does_not_grow_with_what_is_done_elsewhere(tagged, library, ada, monkeypatch):
    monkeypatch.setattr(units, "MANY", 0)
    monkeypatch.setattr(units, "BATCH", 2)
    elsewhere = create_folder(EVERYTHING, ada, "elsewhere")
    move_assets(EVERYTHING, ada, [library["hat"][0].pk], elsewhere.pk)
    idle = create_folder(EVERYTHING, ada, "idle")
    Asset.objects.filter(pk=library["sock"][0].pk).update(folder=idle)
    taken = []
    for _ in range(3):
        for _ in range(30):
            record(ada, "set tag", "asset", library["hat"][0].pk, after={"tag": "default:hat"})
        with CaptureQueriesContext(connection) as queries:
            assert sentences(folder_timeline(EVERYTHING, idle.pk))[-1] == "Ada created it"
        taken.append(len(queries))
    assert taken[1] == taken[2] < 40


def test_word_that_is_not_ours_is_refused(library):
    for word in ("x", "WzEsICJlbnRyeSB4Il0"):
        with pytest.raises(LibraryError):
            timeline(EVERYTHING, library["boot"][0].pk, after=word)


@pytest.mark.req("A1a")
def test_nothing_outside_the_scope_is_told(library, ada):
    asset = library["boot"][0]
    mine, secret = create_folder(EVERYTHING, ada, "mine"), create_folder(EVERYTHING, ada, "secret")
    move_assets(EVERYTHING, ada, [asset.pk], secret.pk)
    move_assets(EVERYTHING, ada, [asset.pk], mine.pk)
    create_run(ada, EVERYTHING, folders=[mine.pk, secret.pk])
    scope = Scope(("mine",))
    told = str(timeline(scope, asset.pk)) + str(folder_timeline(scope, mine.pk))
    assert "secret" not in told
    assert "mine/boot-0.jpg" in told
    with pytest.raises(NotFoundError):
        timeline(scope, library["hat"][0].pk)
    with pytest.raises(NotFoundError):
        folder_timeline(scope, secret.pk)


def test_timeline_takes_as_many_queries_for_one_event_as_for_many(tagged, ada, django_assert_max_num_queries):
    for number in range(20):
        edit_asset(EVERYTHING, ada, tagged.pk, {"title": str(number)}, revision=number + 1)
    with django_assert_max_num_queries(6):
        assert len(timeline(EVERYTHING, tagged.pk).events) > 20
    with django_assert_max_num_queries(10):
        assert len(folder_timeline(EVERYTHING, Folder.objects.get(path="").pk).events) > 20
