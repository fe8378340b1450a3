"""Groups that might be worth a tag, as a job stores them and people deal with them."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from integration.stages import (  # noqa: F401 - fixtures
    ALL,
    ada,
    library,
    settings,
    shoes,
    tag_everything,
    tags,
    trained,
)
from integration.tagging.test_gaps import alike, serving  # noqa: F401 - fixtures
from tagsmith.assets.models import Asset, Folder
from tagsmith.assets.scope import EVERYTHING, Scope
from tagsmith.audit.models import Entry
from tagsmith.curation.models import HumanTag
from tagsmith.errors import NotFoundError
from tagsmith.tagging import grouping
from tagsmith.tagging.grouping import Teaching, get_group, groups_found, last_search, put_aside, tag_group
from tagsmith.tagging.jobs import enqueue_search, find_groups, give_up_search
from tagsmith.tagging.models import Group, GroupSearch
from tagsmith.tagging.moderation import set_tag, undo_moderation
from tagsmith.training.models import Example, TaughtTag

pytestmark = [pytest.mark.django_db, pytest.mark.req("M13e")]


def work():
    """Do the searches that wait."""
    for job in ProcrastinateJob.objects.filter(status="todo", task_name=find_groups.name):
        find_groups.work(**job.args)


@pytest.fixture
def searched(library, trained):
    tag_everything(library)
    enqueue_search(EVERYTHING)
    work()
    return library


def test_search_is_a_job_whose_result_is_kept_with_its_time_and_counts(library, trained):
    assert last_search(EVERYTHING) is None
    tag_everything(library)
    enqueue_search(EVERYTHING)
    waiting = last_search(EVERYTHING)
    assert (waiting.token is not None, waiting.found) == (True, None)
    work()
    found = last_search(EVERYTHING)
    assert (found.token, found.searched) == (None, found.untagged)
    assert found.untagged >= ALL
    assert found.found is not None
    (group,) = groups_found(EVERYTHING)
    assert set(group.ids) == {asset.pk for asset in library["sock"]}
    assert [asset.pk for asset in group.assets] == group.ids[:12]


def test_search_that_waits_is_not_asked_for_again_and_ends_once(library, trained):
    tag_everything(library)
    enqueue_search(EVERYTHING)
    token = last_search(EVERYTHING).token
    enqueue_search(EVERYTHING)
    assert last_search(EVERYTHING).token == token
    work()
    first = set(Group.objects.values_list("pk", flat=True))
    work()
    assert set(Group.objects.values_list("pk", flat=True)) == first


def test_what_was_found_stays_while_one_looks_again_and_when_that_fails(searched):
    before = [group.ids for group in groups_found(EVERYTHING)]
    enqueue_search(EVERYTHING)
    assert [group.ids for group in groups_found(EVERYTHING)] == before
    search = last_search(EVERYTHING)
    give_up_search("its workers died 5 times over it", search.pk, str(search.token))
    search.refresh_from_db()
    assert (search.token, str(search.failure)) == (None, "its workers died 5 times over it")
    assert [group.ids for group in groups_found(EVERYTHING)] == before


def test_what_was_tagged_or_trashed_since_is_left_out_and_a_group_with_few_left_too(searched, tags, ada):
    socks = [asset.pk for asset in searched["sock"]]
    set_tag(EVERYTHING, ada, socks[:3], tags["sock"])
    (group,) = groups_found(EVERYTHING)
    assert set(group.ids) == set(socks[3:])
    set_tag(EVERYTHING, ada, socks[3:9], tags["sock"])
    assert groups_found(EVERYTHING) == []


def test_group_becomes_a_tag_on_those_that_show_it_and_is_done_with(searched, tags, ada):
    (group,) = groups_found(EVERYTHING)
    chosen = group.ids[:-2]
    done = tag_group(EVERYTHING, ada, group.group.pk, [*chosen, searched["boot"][0].pk], tags["sock"])
    assert (done.count, done.examples) == (len(chosen), 0)
    assert set(HumanTag.objects.values_list("asset_id", flat=True)) == set(chosen)
    assert groups_found(EVERYTHING) == []
    assert undo_moderation(EVERYTHING, ada, done.unit) == len(chosen)
    assert Entry.objects.filter(subject="group", unit=done.unit, action="make a tag of").exists()


def test_group_teaches_a_tag_model_with_those_nearest_its_middle(searched, shoes, tags, ada):
    (group,) = groups_found(EVERYTHING)
    done = tag_group(EVERYTHING, ada, group.group.pk, group.ids, tags["sock"], teaching=Teaching(shoes, 11))
    assert done.examples == 11
    rows = Example.objects.filter(model=shoes, tag=tags["sock"]).values_list("asset_id", flat=True)
    assert set(rows) == set(group.ids[:11])
    assert TaughtTag.objects.filter(model=shoes).count() == 3


def test_group_put_aside_stays_so_in_later_searches_until_it_is_shown_again(searched, ada):
    (group,) = groups_found(EVERYTHING)
    put_aside(EVERYTHING, ada, group.group.pk)
    assert groups_found(EVERYTHING) == []
    enqueue_search(EVERYTHING)
    work()
    assert groups_found(EVERYTHING) == []
    (again,) = groups_found(EVERYTHING, aside=True)
    assert again.group.pk != group.group.pk
    put_aside(EVERYTHING, ada, again.group.pk, aside=False)
    assert [one.group.pk for one in groups_found(EVERYTHING)] == [again.group.pk]
    assert list(Entry.objects.filter(subject="group").values_list("action", flat=True)) == ["put aside", "show again"]


@pytest.mark.req("A1a")
def test_each_scope_has_groups_of_its_own(searched, tags, ada):
    mine = Folder.objects.create(name="mine", folded="mine", path="mine", parent=Folder.objects.get(path=""))
    socks = [asset.pk for asset in searched["sock"]]
    Asset.objects.filter(pk__in=socks[:12]).update(folder=mine)
    scope = Scope(("mine",))
    assert (last_search(scope), groups_found(scope)) == (None, [])
    (everybodys,) = groups_found(EVERYTHING)
    with pytest.raises(NotFoundError):
        get_group(scope, everybodys.group.pk)
    enqueue_search(scope)
    work()
    (group,) = groups_found(scope)
    assert set(group.ids) <= set(socks[:12])
    assert last_search(scope).untagged == 12
    assert GroupSearch.objects.count() == 2
    Asset.objects.filter(pk=group.ids[0]).update(folder=mine.parent)
    assert group.ids[0] not in get_group(scope, group.group.pk).ids


def test_groups_cost_as_many_queries_however_many_there_are(searched, django_assert_num_queries):
    search = GroupSearch.objects.get()
    groups_found(EVERYTHING)
    with django_assert_num_queries(3):
        groups_found(EVERYTHING)
    for _ in range(10):
        Group.objects.create(search=search, assets=[asset.pk for asset in searched["sock"]], cohesion=1)
    with django_assert_num_queries(3):
        assert len(groups_found(EVERYTHING)) == 11


def test_search_for_a_scope_with_nothing_in_it_finds_nothing(library):
    enqueue_search(Scope(()))
    work()
    assert groups_found(Scope(())) == []
    assert grouping.last_search(Scope(())).untagged == 0
