"""Milliseconds of the server for each page at a large library, and how many bytes a first visit moves without images.

Beside them, in the same run, a plain count of the assets: other work on the machine slows both. Each page is asked for
in this process by Django's test client, as a browser that takes gzip, in turn with the others, the first round untimed.
Templates, middleware, sessions, compression and the database are real; the web server and the network are left out.

Besides tags and a run, the library has a long log of changes (of which the latest five are edits of every asset), and
groups of ten thousand assets without a tag.
"""

import argparse
import gzip
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from html import unescape
from statistics import median, quantiles

from retagging import give_vectors, run_all, started
from scratch import large_library
from search import COUNT, count_assets, make_library, title_of, vocabulary

ROUNDS = 15
IMAGES = (".jpg", ".png", ".webp", "/preview/", "/original/")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
LIMIT = 100  # milliseconds
ACTS = 8000  # what people did
GROUPED = 10_000


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        make_library(options.assets)
        prepare()
        client = signed_in()
        for name in first_visit(client):
            print(name)
        taken = timed(pages(client))
        count = median(taken.pop(COUNT))
        print(f"a plain count: {count:.1f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for address, times in sorted(taken.items(), key=lambda one: -median(one[1])):
            p50, p95 = median(times), quantiles(times, n=20)[18]
            mark = "" if p50 < LIMIT else "  OVER"
            print(f"{address[:60]:60} p50 {p50:6.1f}  p95 {p95:6.1f} ms = {p50 / count:5.1f} counts{mark}")


def prepare() -> None:
    """Give the library vectors, tag models, and one run over everything."""
    from tagsmith.training.models import Version
    from tagsmith.workflows.models import Run, Status

    if Version.objects.count() < 2:  # making the library made one for its smart tags
        give_vectors()
        Version.objects.filter(model__title="Aspects").update(live=False)  # it holds nothing to tag by
    if not Run.objects.filter(status=Status.SUCCESS).exists():
        with started(2):
            run_all("first", force=True)
    make_changes()
    make_groups()


def make_changes() -> None:
    """Fill the log of changes: what one person did to one asset, to twenty, to a thousand, and to all."""
    from uuid import uuid4

    from tagsmith.assets.models import Asset
    from tagsmith.audit.models import Entry
    from tagsmith.audit.services import Actor, Change, record, record_all

    if Entry.objects.filter(action="asset.edited").exists():
        return
    ids = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
    edited = [Change(pk, {"title": f"{pk} as it was"}, {"title": f"{pk}"}) for pk in ids]
    tagged = [Change(pk, None, {"tag": "default:group1/tag2"}) for pk in ids]
    for number in range(ACTS):
        who, start = Actor(name=f"person {number % 20}"), 37 * number % (len(ids) - 1000)
        if number % 40 == 0:
            record_all(who, "set tag", "asset", tagged[start : start + 1000], uuid4())
        elif number % 3 == 0:
            record_all(who, "promote", "asset", tagged[start : start + 20], uuid4())
        else:
            one = edited[start]
            record(who, "asset.edited", "asset", one.subject_id, before=one.before, after=one.after)
    for number in range(5):
        record_all(Actor(name=f"person {number}"), "asset.edited", "asset", edited, uuid4())


def make_groups() -> None:
    """Take the tags off some assets, and store them as groups that were found."""
    from django.utils import timezone

    from tagsmith.assets.models import Asset
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.curation.models import HumanTag
    from tagsmith.tagging.gaps import untagged
    from tagsmith.tagging.models import Group, GroupSearch, SmartTag
    from tagsmith.tagging.scopes import written

    if GroupSearch.objects.exists():
        return
    some = list(Asset.objects.order_by("pk").values_list("pk", flat=True)[::7])
    for kind in (SmartTag, HumanTag):
        kind.objects.filter(asset__in=some).delete()
    without = list(untagged(EVERYTHING).order_by("content").values_list("pk", flat=True)[:GROUPED])
    counts = {"searched": len(without), "untagged": len(without), "found": timezone.now()}
    search = GroupSearch.objects.create(scope=written(EVERYTHING), **counts)
    Group.objects.bulk_create(
        Group(search=search, assets=without[start : start + GROUPED // 20], cohesion=0.8)
        for start in range(0, len(without), GROUPED // 20)
    )
    clean()


def clean() -> None:
    """Have the database do now what it does by itself within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def signed_in():
    from django.test import Client

    from tagsmith.accounts.models import Person, Role

    person, _ = Person.objects.get_or_create(username="bench", defaults={"role": Role.ADMINISTRATOR})
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(person)
    return client


def pages(client) -> dict[str, Callable[[], object]]:
    """Return a call for each page that shows what the library holds; addresses come from the pages' own names."""
    from django.urls import reverse

    from tagsmith.assets.models import Asset, Folder
    from tagsmith.tagging.models import SmartTag
    from tagsmith.training.models import TagModel
    from tagsmith.workflows.models import Run

    folder = Folder.objects.get(path="top0/f0").pk
    asset = Asset.objects.order_by("pk")[1000].pk
    model = TagModel.objects.exclude(title="Aspects").first().pk
    tag = SmartTag.objects.first().tag_id
    run = Run.objects.last().pk
    root = Folder.objects.get(path="").pk
    words = vocabulary()
    named = [
        *("home", "library", "library-trash", "search", "review", "tags", "training", "reports", "people"),
        *("workflows", "workflows-start", "workflows-launchers", "workflows-schedules"),
        *("collections", "changes", "tags-advice", "tags-blocklist", "training-groups"),
        ("library-folder", folder),
        ("library-folder", root),
        ("asset", asset),
        ("library-alike", asset),
        ("library-timeline", asset),
        ("library-manage-tags", asset),
        ("library-folder-timeline", folder),
        ("library-folder-timeline", root),
        ("workflows-run", run),
        ("tags-tag", tag),
        ("training-model", model),
        ("training-examples", model),
    ]
    addresses = [reverse(one) if isinstance(one, str) else reverse(one[0], args=one[1:]) for one in named]
    addresses += [f"{reverse('changes')}?who=person+1", f"{reverse('changes')}?kind=asset%2Fpromote"]
    addresses += [
        following(client, one) for one in (reverse("changes"), reverse("library-folder-timeline", args=[root]))
    ]
    for text in (words[0], words[200], f"{words[3]} {words[40]}", title_of(words, 4), "width:2000..3000"):
        addresses += [f"{reverse(name)}?q={text.replace(' ', '+')}" for name in ("search", "search-facets")]
    return {address: lambda address=address: get(client, address) for address in addresses}


def following(client, address: str) -> str:
    """Return the address of the page after the first."""
    page = moved(client, address)[1].decode()
    return address + unescape(re.search(r'href="([^"]*)" rel="next"', page)[1])


def get(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def first_visit(client) -> list[str]:
    """Return lines on what the first pages move: each page with the styles and scripts that are not there yet."""
    lines = []
    for way in (("/", "/library/"), ("/library/",)):
        there: set[str] = set()
        for address in way:
            page = moved(client, address)
            asked = {name for name in STATIC.findall(page[1].decode()) if not name.partition("?")[0].endswith(IMAGES)}
            parts = [page, *(moved(client, name) for name in asked - there)]
            there |= asked
            packed, plain = (sum(len(part[which]) for part in parts) for which in (0, 1))
            which = "first" if address == way[0] else "next"
            lines.append(
                f"{which} {address}: {packed:,} bytes as sent (the page {len(page[0]):,}), "
                f"{plain:,} without compression ({len(page[1]):,}); {len(parts) - 1} files"
            )
    return lines


def moved(client, address: str) -> tuple[bytes, bytes]:
    """Return the body of an answer as it is sent, and as it is read."""
    answer = get(client, address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body, gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body


def timed(calls: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = defaultdict(list)
    calls = {COUNT: count_assets, **calls}
    for number in range(ROUNDS + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if number:
                taken[name].append(1000 * (time.perf_counter() - start))
    return taken


if __name__ == "__main__":
    main()
