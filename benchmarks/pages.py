"""Milliseconds of the server for each page at a large library, and how many bytes a first visit moves without images.

Beside them, in the same run, a plain count of the assets: other work on the machine slows both. Each page is asked for
in this process by Django's test client, in turn with the others, the first round untimed. Templates, middleware,
sessions and the database are real; the web server and the network are left out.
"""

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median, quantiles

from retagging import give_vectors, run_all, started
from scratch import large_library
from search import COUNT, count_assets, make_library, title_of, vocabulary

ROUNDS = 15
IMAGES = (".jpg", ".png", ".webp", "/preview/", "/original/")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
LIMIT = 100  # milliseconds


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        make_library(options.assets)
        prepare()
        client = signed_in()
        for name in first_visit(client):
            print(name)
        taken = timed(pages(client))
        count = median(taken.pop(COUNT))
        print(f"a plain count: {count:.1f} ms")
        for address, times in sorted(taken.items(), key=lambda one: -median(one[1])):
            p50, p95 = median(times), quantiles(times, n=20)[18]
            mark = "" if p50 < LIMIT else "  OVER"
            print(f"{address:60} p50 {p50:6.1f}  p95 {p95:6.1f} ms = {p50 / count:5.1f} counts{mark}")


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


def signed_in():
    from django.test import Client

    from tagsmith.accounts.models import Person, Role

    person, _ = Person.objects.get_or_create(username="bench", defaults={"role": Role.ADMINISTRATOR})
    client = Client(SERVER_NAME="localhost")
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
    for text in (words[0], words[200], f"{words[3]} {words[40]}", title_of(words, 4), "width:2000..3000"):
        addresses += [f"{reverse(name)}?q={text.replace(' ', '+')}" for name in ("search", "search-facets")]
    return {address: lambda address=address: get(client, address) for address in addresses}


def get(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def first_visit(client) -> list[str]:
    """Return lines on what the first pages move: the page, its styles and its scripts, as they are sent."""
    lines, seen = [], set()
    for address in ("/", "/library/"):
        answer = get(client, address)
        page = len(answer.content)
        files = {name: size_of(client, name) for name in STATIC.findall(answer.content.decode()) if name not in seen}
        seen |= files.keys()
        kept = {name: size for name, size in files.items() if not name.partition("?")[0].endswith(IMAGES)}
        lines.append(f"{address}: {page + sum(kept.values()):,} bytes = page {page:,} and {len(kept)} files")
    return lines


def size_of(client, address: str) -> int:
    return sum(map(len, client.get(address).streaming_content))


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
