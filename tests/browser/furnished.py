"""A library in which every page has something to show, and the pages' addresses in it."""

import pytest
from django.urls import get_resolver, reverse

from .test_training import library, shoes, tags, trained  # noqa: F401 - fixtures

MORE = {  # pages that look otherwise with a word more
    "library": "?view=list",
    "library-folder": "?view=list",
    "asset": "?edit=1",
    "search": "?q=boot",
    "search-image": "?asset={asset_id}",
    "training-groups": "?aside=1",
    "workflows-start": "?folder={folder_id}",
}


@pytest.fixture
def furnished(trained, library, tags, add_person):
    """Furnish the library; gives what stands for each argument of an address, and for `number` by words of its name."""
    from django.utils import timezone

    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.services.trash import trash_assets
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.collecting.models import Picked
    from tagsmith.collecting.services import create_collection, save_search
    from tagsmith.reports.models import Report, Status
    from tagsmith.search.services import index
    from tagsmith.tagging.models import Group, GroupSearch, SmartTag, Suggestion
    from tagsmith.taxonomy.services.create import create_tag
    from tagsmith.taxonomy.services.delete import delete
    from tagsmith.training.models import Version
    from tagsmith.workflows.scheduling import create_schedule
    from tagsmith.workflows.services import create_run

    person, version = add_person("eve", "editor"), Version.objects.get(live=True)
    boots, socks, folder = library["boot"], library["sock"], library["boot"][0].folder
    for less, (boot, sock) in enumerate(zip(boots[12:], socks[12:], strict=True)):
        SmartTag.objects.create(asset=boot, tag=tags["boot"], version=version, confidence=900 - less)
        Suggestion.objects.create(asset=sock, tag=tags["hat"], version=version, confidence=500 - less)
    index([asset.pk for assets in library.values() for asset in assets])
    trash_assets(EVERYTHING, COMMAND_LINE, [socks[0].pk])
    delete(COMMAND_LINE, create_tag(COMMAND_LINE, "glove"))
    row = {"tag": "default:boot", "model": "Shoes", "version": 1, "examples": 12, "state": "good", "precision": 0.95,
           "recall": 0.8, "reached": True, "wanted": 0.9, "confused": ""}  # fmt: skip
    report = Report.objects.create(
        kind="smart-tags-training", title="Shoes", status=Status.SUCCESS, rows=[row], ended=timezone.now()
    )
    collection = create_collection(person, "Spring", shared=True)
    Picked.objects.bulk_create(Picked(collection=collection, asset=asset) for asset in boots[:3])
    searched = GroupSearch.objects.create(scope="", found=timezone.now(), searched=54, untagged=17)
    group = Group.objects.create(search=searched, assets=[sock.pk for sock in socks[1:]], cohesion=0.9)
    return {
        "folder_id": folder.pk,
        "asset_id": boots[13].pk,
        "tag_id": tags["boot"].pk,
        "model_id": trained.pk,
        "person_id": person.pk,
        "grant_id": 999_999,
        "identity_id": 999_999,
        "report_id": report.pk,
        "run_id": create_run(COMMAND_LINE, EVERYTHING, folders=[folder.pk]).pk,
        "schedule_id": create_schedule(
            COMMAND_LINE, EVERYTHING, title="Nightly", folders=[folder.pk], cron="0 3 * * *"
        ).pk,
        "form": "csv",
        "unit": "00000000-0000-0000-0000-000000000000",
        "token": "x",
        "number": 1,
        "collections": collection.pk,
        "searches": save_search(person, "Boots", "boot", shared=True).pk,
        "group": group.pk,
    }


def pages(client, furnished):
    """Return the names and addresses that answer with a whole page to whoever is signed in."""
    names = {name: value[0][0][1] for name, value in get_resolver().reverse_dict.items() if isinstance(name, str)}
    for name in sorted(names):
        address = reverse(name, kwargs={one: _argument(name, one, furnished) for one in names[name]})
        if _is_page(client, address):
            yield name, address
            if name in MORE:
                yield name, address + MORE[name].format(**furnished)


def _argument(name, argument, furnished):
    if argument != "number":
        return furnished[argument]
    words = {"search": "searches", "group": "group", "aside": "group"}
    return furnished.get(words.get(name.split("-")[-1], name.split("-")[0]), furnished["number"])


def _is_page(client, address):
    answer = client.get(address)
    is_html = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_html and answer.content.lstrip().lower().startswith(b"<!doctype html>")
