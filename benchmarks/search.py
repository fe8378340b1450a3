"""Milliseconds of searches in a large library, by kind, beside a plain count of its assets in the same minutes.

Other work on the machine slows both, so that what is measured there compares by the second number. Time of the
processor is that of this process and of its PostgreSQL; the latter where it runs on this machine.

The library is synthetic: words as frequent as words are (Zipf), 100 tags with titles in two languages, three smart
tags an asset, some tags of people, 500 folders. Each kind is asked in turn with the others, warm.
"""

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from scratch import large_library

WORDS, TAGS, FOLDERS, SMART = 30_000, 100, 500, 3
GROUPS = 10  # parents of the tags
ROUNDS = 20  # searches of each kind
BLOCK = 5000
COUNT = "a plain count"


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        make_library(options.assets)
        taken = timed(searches(random.Random(1)))
        count = median(taken.pop(COUNT).wall)
        print(f"a plain count: {count:.1f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for kind, times in taken.items():
            print(f"{kind:22} {shown(times, count)}")
        print(f"{'all':22} {shown(Times.of_all(taken.values()), count)}")
        grid()


def make_library(count: int) -> None:
    """Make assets, tags and texts with sets of rows, not with services, and index them as services do."""
    from django.db import connection

    from tagsmith.assets.models import Asset
    from tagsmith.search.services import reindex

    if Asset.objects.exists():
        return
    start = time.perf_counter()
    chance = np.random.default_rng(0)
    folders, tags = make_folders(), make_tags()
    ids = make_assets(count, folders, chance)
    make_smart_tags(ids, tags, chance)
    make_own_tags(ids, tags, chance)
    made = time.perf_counter()
    reindex()
    indexed = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('search_document'))")
        (size,) = cursor.fetchone()
    print(f"{count:,} assets made in {made - start:.0f} s, indexed in {indexed - made:.0f} s ({size})", flush=True)


def vocabulary() -> list[str]:
    """Return words, the most frequent first."""
    letters = random.Random(2)
    found = dict.fromkeys(
        "".join(letters.choice("bcdfglmnprst") + letters.choice("aeiou") for _ in range(letters.randint(2, 4)))
        for _ in range(2 * WORDS)
    )
    return list(found)[:WORDS]


def make_folders() -> list[int]:
    from tagsmith.assets.models import Folder

    root, _ = Folder.objects.get_or_create(path="", defaults={"name": "", "folded": ""})
    tops = [Folder(parent=root, name=f"top{n}", folded=f"top{n}", path=f"top{n}") for n in range(20)]
    Folder.objects.bulk_create(tops)
    names = [(top, f"f{n}") for top in tops for n in range(FOLDERS // 20 - 1)]
    below = [Folder(parent=top, name=name, folded=name, path=f"{top.path}/{name}") for top, name in names]
    Folder.objects.bulk_create(below)
    return [folder.pk for folder in (*tops, *below)]


def make_tags() -> list[int]:
    """Make groups of tags; their titles are words of the texts too, some frequent, some rare."""
    from tagsmith.audit.services import COMMAND_LINE
    from tagsmith.taxonomy.services import add_synonym, create_tag, set_title

    words = vocabulary()
    tags = []
    for group in range(GROUPS):
        create_tag(COMMAND_LINE, f"group{group}", words[300 + group].title())
        for number in range(TAGS // GROUPS):
            place = group * (TAGS // GROUPS) + number
            tag = create_tag(COMMAND_LINE, f"group{group}/tag{number}", title_of(words, place))
            set_title(COMMAND_LINE, tag, words[5000 + place], "de")
            add_synonym(COMMAND_LINE, tag, words[7000 + place])
            tags.append(tag.pk)
    return tags


def title_of(words: list[str], place: int) -> str:
    return f"{words[5 * place + 20]} {words[3 * place + 1000]}" if place % 3 == 0 else words[5 * place + 20]


def make_assets(count: int, folders: list[int], chance: np.random.Generator) -> list[int]:
    from django.utils import timezone

    from tagsmith.assets.models import Asset, State

    words = np.array(vocabulary())
    weights = 1 / np.arange(1, len(words) + 1)
    weights /= weights.sum()
    now = timezone.now()
    ids = []
    for start in range(0, count, BLOCK):
        drawn = words[chance.choice(len(words), (BLOCK, 40), p=weights)]
        rows = [
            Asset(
                folder_id=folders[int(chance.integers(len(folders)))],
                name=f"IMG_{start + n}.jpg",
                folded=f"img_{start + n}.jpg",
                content=sha256(str(start + n).encode()).hexdigest(),
                size=int(chance.integers(10**5, 10**7)),
                format="JPEG",
                width=int(chance.integers(400, 6000)),
                height=int(chance.integers(400, 6000)),
                state=State.READY,
                title=" ".join(line[:4]),
                keywords=list(dict.fromkeys(line[4:10])),
                description=" ".join(line[10:]),
                creator=line[0],
                modified=now,
            )
            for n, line in enumerate(drawn[: count - start].tolist())
        ]
        ids += [asset.pk for asset in Asset.objects.bulk_create(rows)]
    return ids


def make_smart_tags(ids: list[int], tags: list[int], chance: np.random.Generator) -> None:
    from django.db import connection
    from django.utils import timezone

    from tagsmith.embeddings.services import stored_encoder
    from tagsmith.training.models import TagModel, Version

    model = TagModel.objects.create(title="Aspects")
    version = Version.objects.create(
        model=model, number=1, encoder=stored_encoder("bench", 2), columns=[], content=b"", live=True
    )
    now = timezone.now()
    with connection.cursor() as cursor:
        copy_rows = "COPY tagging_smarttag (asset_id, tag_id, version_id, confidence, at) FROM STDIN"
        with cursor.copy(copy_rows) as copy:
            for asset in ids:
                for tag in popular(chance, SMART):
                    copy.write_row((asset, tags[tag], version.pk, int(chance.integers(400, 1000)), now))


def make_own_tags(ids: list[int], tags: list[int], chance: np.random.Generator) -> None:
    from tagsmith.curation.models import HumanTag

    chosen = ids[::5]
    rows = [HumanTag(asset_id=asset, tag_id=tags[tag]) for asset in chosen for tag in popular(chance, 1)]
    HumanTag.objects.bulk_create(rows, batch_size=BLOCK)


def popular(chance: np.random.Generator, count: int) -> list[int]:
    """Return different tags, the first ones more often."""
    return list({int(TAGS * chance.random() ** 2) for _ in range(count)})


def searches(chance: random.Random) -> dict[str, list[Callable[[], object]]]:
    """Return the searches of each kind, ready to be called."""
    from tagsmith.assets.scope import Scope
    from tagsmith.search.selectors import search

    words = vocabulary()
    mine = Scope(tuple(f"top{n}" for n in range(3)))
    one = lambda low, high: words[chance.randrange(low, high)]  # noqa: E731
    titles = [title_of(words, place) for place in range(TAGS)]
    groups = [words[300 + group] for group in range(GROUPS)]
    kinds: dict[str, Callable[[], str]] = {
        "common word": lambda: one(0, 20),
        "word": lambda: one(20, 500),
        "rare word": lambda: one(500, 30_000),
        "two words": lambda: f"{one(0, 200)} {one(0, 2000)}",
        "three words": lambda: f"{one(0, 100)} {one(0, 500)} {one(0, 3000)}",
        "tag title": lambda: chance.choice(titles),
        "two tags": lambda: f"{chance.choice(titles)} {chance.choice(titles)}",
        "parent tag": lambda: chance.choice(groups),
        "phrase": lambda: f'"{one(0, 20)} {one(0, 100)}"',
        "wildcard at the end": lambda: one(0, 5000)[:4] + "*",
        "wildcard inside": lambda: f"{(word := one(0, 5000))[:2]}*{word[-2:]}",
        "filter": lambda: f"width:{chance.randrange(400, 5000)}..",
        "word and filter": lambda: f"{one(0, 500)} width:2000..3000",
        "tags: and path:": lambda: f'tags:"{chance.choice(titles)}" path:top{chance.randrange(20)}',
        "word without another": lambda: f"{one(0, 500)} -{one(0, 500)}",
    }
    calls: dict[str, list[Callable[[], object]]] = defaultdict(list)
    everything = Scope()
    for kind, text in kinds.items():
        calls[kind] = [partial(search, everything, text()) for _ in range(ROUNDS)]
    for _ in range(ROUNDS):
        calls["restricted scope"].append(partial(search, mine, one(0, 500)))
        text = chance.choice((one(0, 50), chance.choice(titles), f"{one(0, 50)} {one(0, 50)}"))
        if after := search(everything, text).after:
            calls["second page"].append(partial(search, everything, text, after=after))
    return calls


@dataclass
class Times:
    """Milliseconds of some searches: by the clock, of this process, of PostgreSQL."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @classmethod
    def of_all(cls, some: Iterable["Times"]) -> "Times":
        together = cls()
        for one in some:
            together.wall += one.wall
            together.own += one.own
            together.database += one.database
        return together


def timed(calls: dict[str, list[Callable[[], object]]]) -> dict[str, Times]:
    """Return the times, all kinds in turn; a first, untimed round warms the caches of the database."""
    calls = {COUNT: [count_assets] * ROUNDS, **calls}
    taken: dict[str, Times] = defaultdict(Times)
    process = database_process()
    for warm in (False, True):
        for number in range(ROUNDS):
            for kind, some in calls.items():
                if number < len(some):
                    before = time.perf_counter(), time.process_time(), busy(process)
                    some[number]()
                    after = time.perf_counter(), time.process_time(), busy(process)
                    if warm:
                        for times, start, end in zip(vars(taken[kind]).values(), before, after, strict=True):
                            times.append(1000 * (end - start))
    return taken


def count_assets() -> None:
    from tagsmith.assets.models import Asset

    Asset.objects.filter(trashed=None).count()


def database_process() -> Path:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def busy(process: Path) -> float:
    """Return the seconds that a process has had of the processor; 0 where that is not known."""
    return int(process.read_text().split()[0]) / 1e9 if process.exists() else 0.0


def shown(times: Times, count: float) -> str:
    p50, p95 = quantiles(times.wall, n=100)[49], quantiles(times.wall, n=100)[94]
    processor = [own + database for own, database in zip(times.own, times.database, strict=True)]
    return (
        f"p50 {p50:6.1f}  p95 {p95:6.1f}  max {max(times.wall):6.1f} ms  p95 {p95 / count:4.1f} × a count;  "
        f"processor p50 {median(times.own):5.1f} + {median(times.database):5.1f}  "
        f"p95 {quantiles(processor, n=100)[94]:6.1f}  ({len(times.wall)} searches)"
    )


def grid() -> None:
    """Print what a page of the grid costs: of one folder, and of the whole library."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tagsmith.assets.models import Folder
    from tagsmith.assets.scope import EVERYTHING
    from tagsmith.assets.selectors.assets import newest, newest_in

    folder = Folder.objects.get(path="top0/f0")
    for name, page in (("folder", lambda: newest_in(EVERYTHING, folder)), ("library", lambda: newest(EVERYTHING))):
        times = []
        for _ in range(50):
            start = time.perf_counter()
            page()
            times.append(1000 * (time.perf_counter() - start))
        with CaptureQueriesContext(connection) as queries:
            page()
        print(f"grid page of the {name}: p50 {sorted(times)[25]:.1f} ms, {len(queries)} queries")


if __name__ == "__main__":
    main()
