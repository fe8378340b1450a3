"""The values of facets that assets themselves have: folders, types, widths, orientations, dates, states."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from tagsmith.assets.arrays import among
from tagsmith.assets.models import Folder
from tagsmith.assets.scope import Scope, is_within
from tagsmith.search.editing import spelled
from tagsmith.search.facet import Value, most
from tagsmith.search.measures import WIDTHS
from tagsmith.search.parts import Field

ORIENTATIONS = {1: "landscape", -1: "portrait", 0: "square"}
Counts = Mapping[Any, int]


def folders(scope: Scope, counts: Counts) -> tuple[Value, ...]:
    """Return the folders next below the one that holds all hits; that folder where there are none."""
    those = Folder.objects.filter(among("assets_folder.id", counts))
    hits = {path: counts[pk] for pk, path in those.values_list("pk", "path")}
    above = _above(hits)
    found: Counter[str] = Counter()
    for path, count in hits.items():
        if path != above or len(hits) == 1:
            found[_next(scope, path, above)] += count
    return most(Value(path, spelled(Field.PATH, f"{path}/"), count) for path, count in found.items() if path)


def types(counts: Counts) -> tuple[Value, ...]:
    """Return the types of file."""
    return most(Value(name, spelled(Field.TYPE, name.lower()), count) for name, count in counts.items() if name)


def orientations(counts: Counts) -> tuple[Value, ...]:
    """Return whether hits lie or stand."""
    named = ((ORIENTATIONS[sign], count) for sign, count in counts.items())
    return most(Value(name, spelled(Field.ORIENTATION, name), count) for name, count in named)


def widths(counts: Counts) -> tuple[Value, ...]:
    """Return ranges of widths, the narrowest first."""
    starts, ends = ("", *map(str, WIDTHS)), (*(str(end - 1) for end in WIDTHS), "")
    names = [f"{start}..{end}" for start, end in zip(starts, ends, strict=True)]
    return tuple(Value(name, f"{Field.WIDTH}:{name}", counts[at]) for at, name in enumerate(names) if at in counts)


def dates(counts: Counts) -> tuple[Value, ...]:
    """Return years, the latest first; months, where all is of one year."""
    are_years = len({month.year for month in counts}) > 1
    found: Counter[str] = Counter()
    for month, count in counts.items():
        found[f"{month.year:04}" + ("" if are_years else f"-{month.month:02}")] += count
    return tuple(Value(name, f"{Field.CREATED}:{name}", found[name]) for name in sorted(found, reverse=True))


def states(counts: Counts) -> tuple[Value, ...]:
    """Return how far the hits have come."""
    return most(Value(name, spelled(Field.STATUS, name), count) for name, count in counts.items())


def _above(paths: Iterable[str]) -> str:
    """Return the path of the deepest folder that holds all of these."""
    steps = [path.split("/") for path in paths] or [[]]
    pairs = zip(min(steps), max(steps), strict=False)
    return "/".join(step for step, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _next(scope: Scope, path: str, above: str) -> str:
    """Return the folder next below one on the way to another; the first on the way that the caller may see."""
    count = len(above.split("/")) if above else 0
    step = "/".join(path.split("/")[: count + 1])
    return step if scope.covers(step) else next(top for top in scope.tops() if is_within(path, top))
