"""Launchers: what a folder inherits, and that what was imported or modified is tagged once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.assets.services.folders import create_folder
from tagsmith.assets.services.trash import trash_assets, trash_folder
from tagsmith.audit.models import Entry
from tagsmith.audit.services import COMMAND_LINE
from tagsmith.errors import NotFoundError
from tagsmith.tagging.models import Look
from tagsmith.workflows import jobs
from tagsmith.workflows.launching import Setting, imported, launch, modified, set_launcher
from tagsmith.workflows.models import Due, Event, Run
from tagsmith.workflows.selectors import Effective, effective, launchers

pytestmark = pytest.mark.django_db
NOW = timedelta()


@pytest.fixture
def folders():
    return {path: create_folder(EVERYTHING, COMMAND_LINE, path) for path in ("travel", "travel/2024", "travel/2024/a")}


def switch(folder, setting, event=Event.IMPORT):
    set_launcher(COMMAND_LINE, EVERYTHING, folder.pk, event, setting)


def in_force(folder, event=Event.IMPORT):
    return effective(EVERYTHING, folder.pk, event)


def asset(folder, name="1.jpg", **fields):
    return Asset.objects.create(folder=folder, name=name, folded=name, size=1, modified=timezone.now(), **fields)


def edited(one):
    Asset.objects.filter(pk=one.pk).update(modified=timezone.now())


def looked_at(one):
    now = timezone.now()
    Look.objects.update_or_create(asset=one, defaults={"first": now, "at": now})


@pytest.mark.req("W4a")
def test_nothing_is_started_that_nobody_asked_for(folders):
    assert in_force(folders["travel"]) == Effective(enabled=False, source=None)
    imported([asset(folders["travel"]).pk])
    assert launch(timezone.now(), NOW) == []


@pytest.mark.req("W4a")
def test_folder_inherits_from_the_nearest_above_it_and_says_where_from(folders):
    switch(folders["travel"], Setting.ON)
    assert in_force(folders["travel/2024/a"]) == Effective(enabled=True, source="travel")
    switch(folders["travel/2024"], Setting.OFF)
    assert in_force(folders["travel/2024/a"]) == Effective(enabled=False, source="travel/2024")
    assert in_force(folders["travel/2024/a"], Event.MODIFICATION) == Effective(enabled=False, source=None)
    switch(folders["travel/2024"], Setting.INHERIT)
    assert in_force(folders["travel/2024/a"]) == Effective(enabled=True, source="travel")


@pytest.mark.req("W4a")
def test_root_is_in_force_everywhere(folders):
    switch(Folder.objects.get(path=""), Setting.ON)
    assert in_force(folders["travel/2024"]) == Effective(enabled=True, source="")


def test_setting_is_recorded_once_and_only_for_what_the_caller_may_see(folders):
    switch(folders["travel"], Setting.ON)
    switch(folders["travel"], Setting.ON)
    entry = Entry.objects.get(action="set launcher")
    assert (entry.before["setting"], entry.after["setting"]) == ("inherit", "on")
    with pytest.raises(NotFoundError):
        set_launcher(COMMAND_LINE, Scope(("other",)), folders["travel"].pk, Event.IMPORT, Setting.ON)
    assert launchers(Scope(("other",))) == []


@pytest.mark.req("W4a")
def test_one_import_in_many_batches_is_one_run_with_all_its_assets(folders):
    switch(folders["travel"], Setting.ON)
    rows = [asset(folders["travel/2024"], f"{number}.jpg") for number in range(6)]
    rows += [asset(folders["travel/2024/a"], "7.jpg")]
    for row in rows:
        imported([row.pk])
    (run,) = launch(timezone.now(), NOW)
    assert (run.title, run.trigger) == ("Import into travel/2024", "on demand")
    assert run.assets == [row.pk for row in rows]
    assert launch(timezone.now(), NOW) == []


def test_deep_folder_gives_a_title_that_fits(folders):
    switch(folders["travel"], Setting.ON)
    deep = create_folder(EVERYTHING, COMMAND_LINE, "/".join(["travel"] + ["x" * 90] * 3))
    imported([asset(deep).pk])
    (run,) = launch(timezone.now(), NOW)
    assert len(run.title) <= 200
    assert run.title.endswith("…")


@pytest.mark.req("W4a")
def test_import_that_goes_on_is_waited_for_but_not_for_ever(folders):
    switch(folders["travel"], Setting.ON)
    imported([asset(folders["travel"]).pk])
    now = timezone.now()
    assert launch(now) == []
    Due.objects.update(since=now - timedelta(minutes=5))
    imported([asset(folders["travel"], "2.jpg").pk])
    (run,) = launch(now)
    assert len(run.assets) == 2


@pytest.mark.req("W4a")
def test_folder_that_switches_it_off_is_left_out(folders):
    switch(folders["travel"], Setting.ON)
    switch(folders["travel/2024"], Setting.OFF)
    wanted = asset(folders["travel"])
    imported([wanted.pk, asset(folders["travel/2024"]).pk])
    (run,) = launch(timezone.now(), NOW)
    assert run.assets == [wanted.pk]


@pytest.mark.req("W4a")
def test_asset_whose_vector_is_only_made_anew_is_not_tagged_again(folders):
    switch(folders["travel"], Setting.ON)
    old = asset(folders["travel"])
    looked_at(old)
    imported([old.pk])
    assert launch(timezone.now(), NOW) == []
    edited(old)
    imported([old.pk])
    assert [run.assets for run in launch(timezone.now(), NOW)] == [[old.pk]]


@pytest.mark.req("W4b")
def test_edited_asset_is_tagged_again_and_one_whose_tags_changed_is_not(folders):
    switch(folders["travel"], Setting.ON, Event.MODIFICATION)
    one, other = asset(folders["travel"]), asset(folders["travel"], "2.jpg")
    for row in (one, other):
        looked_at(row)
    edited(one)
    modified([one.pk, other.pk])
    (run,) = launch(timezone.now(), NOW)
    assert (run.title, run.assets) == ("Changes in travel", [one.pk])


@pytest.mark.req("W4b")
def test_import_is_no_modification_and_a_replacement_is(folders):
    switch(folders["travel"], Setting.ON, Event.MODIFICATION)
    fresh, replaced = asset(folders["travel"]), asset(folders["travel"], "2.jpg")
    edited(replaced)
    imported([fresh.pk, replaced.pk])
    assert [run.assets for run in launch(timezone.now(), NOW)] == [[replaced.pk]]


def test_asset_to_which_both_happened_is_in_one_run(folders):
    for event in Event:
        switch(folders["travel"], Setting.ON, event)
    one = asset(folders["travel"])
    edited(one)
    imported([one.pk])
    assert [run.assets for run in launch(timezone.now(), NOW)] == [[one.pk]]


def test_what_is_in_the_trash_is_not_tagged(folders):
    switch(folders["travel"], Setting.ON)
    switch(folders["travel/2024"], Setting.ON)
    one, other = asset(folders["travel"]), asset(folders["travel/2024"])
    imported([one.pk, other.pk])
    trash_assets(EVERYTHING, COMMAND_LINE, [one.pk])
    trash_folder(EVERYTHING, COMMAND_LINE, folders["travel/2024"].pk)
    assert launch(timezone.now(), NOW) == []
    assert [bool(launcher.folder.trashed) for launcher in launchers(EVERYTHING)] == [False, True]


@pytest.mark.req("W4a")
def test_assets_are_due_again_if_the_process_is_killed_before_the_run_exists(folders):
    switch(folders["travel"], Setting.ON)
    imported([asset(folders["travel"]).pk])
    with transaction.atomic():
        jobs.launch_due(NOW)
        transaction.set_rollback(True)
    assert not Run.objects.exists()
    jobs.launch_due(NOW)
    assert Run.objects.count() == ProcrastinateJob.objects.filter(task_name="workflows.plan").count() == 1
