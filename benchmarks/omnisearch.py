"""Milliseconds of what surrounds a search in a large library: facets of what is found, suggestions while typing.

The library and how times are taken are those of `search.py`.
"""

import argparse
import os
import random
from collections.abc import Callable
from functools import partial
from statistics import median

from scratch import large_library
from search import COUNT, GROUPS, ROUNDS, TAGS, make_library, shown, timed, title_of, vocabulary


def main() -> None:
    with large_library(argparse.ArgumentParser(description=__doc__)) as options:
        make_library(options.assets)
        chance = random.Random(1)
        taken = timed({**facet_calls(chance), **suggestion_calls(chance)})
        count = median(taken.pop(COUNT).wall)
        print(f"a plain count: {count:.1f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for kind, times in taken.items():
            print(f"{kind:34} {shown(times, count)}")


def facet_calls(chance: random.Random) -> dict[str, list[Callable[[], object]]]:
    from tagsmith.assets.scope import Scope
    from tagsmith.search.facets import facets

    words = vocabulary()
    one = lambda low, high: words[chance.randrange(low, high)]  # noqa: E731
    titles = [title_of(words, place) for place in range(TAGS)]
    kinds: dict[str, Callable[[], str]] = {
        "everything": lambda: "",
        "common word": lambda: one(0, 20),
        "word": lambda: one(20, 500),
        "rare word": lambda: one(500, 30_000),
        "two words": lambda: f"{one(0, 200)} {one(0, 2000)}",
        "tag title": lambda: chance.choice(titles),
        "parent tag": lambda: words[300 + chance.randrange(GROUPS)],
        "filters": lambda: f"width:2000..3000 path:top{chance.randrange(20)}/",
    }
    everything, mine = Scope(), Scope(tuple(f"top{n}" for n in range(3)))
    calls = {
        f"facets: {kind}": [partial(facets, everything, text()) for _ in range(ROUNDS)] for kind, text in kinds.items()
    }
    calls["facets: restricted scope"] = [partial(facets, mine, one(0, 500)) for _ in range(ROUNDS)]
    return calls


def suggestion_calls(chance: random.Random) -> dict[str, list[Callable[[], object]]]:
    from tagsmith.accounts.models import Person
    from tagsmith.assets.scope import Scope
    from tagsmith.search.suggesting import suggest

    words = vocabulary()
    one = lambda low, high: words[chance.randrange(low, high)]  # noqa: E731
    kinds: dict[str, Callable[[], str]] = {
        "one letter": lambda: one(0, 500)[:1],
        "two letters": lambda: one(0, 500)[:2],
        "three letters": lambda: one(0, 500)[:3],
        "a whole common word": lambda: one(0, 20),
        "a word and two letters": lambda: f"{one(0, 100)} {one(0, 500)[:2]}",
        "three words": lambda: f"{one(0, 50)} {one(0, 50)} {one(0, 500)[:4]}",
        "a tag": lambda: title_of(words, chance.randrange(TAGS))[:5],
    }
    somebody, _ = Person.objects.get_or_create(username="ada")
    everything, mine = Scope(), Scope(tuple(f"top{n}" for n in range(3)))
    calls = {
        f"suggestions: {kind}": [partial(suggest, somebody, everything, text()) for _ in range(ROUNDS)]
        for kind, text in kinds.items()
    }
    texts = [one(0, 500)[:3] for _ in range(ROUNDS)]
    calls["suggestions: restricted scope"] = [partial(suggest, somebody, mine, text) for text in texts]
    return calls


if __name__ == "__main__":
    main()
