"""The values of facets that tags are: tags of either kind with all below them, tag models, how sure machines are."""

from collections import defaultdict

import numpy as np

from tagsmith.search.editing import spelled, typeable
from tagsmith.search.facet import SHOWN, Value, most
from tagsmith.search.folding import fold
from tagsmith.search.measures import Tagged
from tagsmith.search.names import find_tags, name_of
from tagsmith.search.parts import Field
from tagsmith.search.tag_words import TagWords
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.training.models import Version

LEVELS = {"0.9..": (900, 1001), "0.75..": (750, 1001), "0.5..": (500, 1001), "<0.5": (0, 500)}  # thousandths
LOOKED_AT = 3 * SHOWN  # with those below it, a tag may come before others that more assets have themselves


def tags(field: Field, rows: Tagged, known: TagWords, language: str) -> tuple[Value, ...]:
    """Return tags that are on hits; a tag counts where one below it is."""
    numbers, counts = np.unique(rows.tags, return_counts=True)
    order = numbers[np.argsort(-counts, kind="stable")].tolist()
    candidates = [tag for tag in (known.known(one) for one in order) if tag is not None and tag.is_live][:LOOKED_AT]
    titles = titles_of((tag.id for tag in candidates), language)
    here = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    found = {}
    for tag in candidates:
        title = titles.get(tag.id, tag.title)
        name = name_of(known, tag.id, title)
        meant = list(find_tags(known, name) & here.keys())
        count = here[meant[0]] if len(meant) == 1 else rows.count(np.isin(rows.tags, meant))
        shown = title if name == typeable(title) else f"{title} ({tag.key})"
        found[tag.id] = Value(shown, spelled(field, name), count)
    return most(found.values())


def models(rows: Tagged) -> tuple[Value, ...]:
    """Return the tag models that gave the hits smart tags; those of one title are one."""
    versions: defaultdict[str, list[int]] = defaultdict(list)
    titles = {}
    of_model = Version.objects.filter(pk__in=np.unique(rows.versions).tolist()).order_by("pk")
    for version, title in of_model.values_list("pk", "model__title"):
        versions[fold(title)].append(version)
        titles[fold(title)] = title
    return most(
        Value(titles[one], spelled(Field.MODEL, titles[one]), rows.count(np.isin(rows.versions, some)))
        for one, some in versions.items()
    )


def levels(rows: Tagged) -> tuple[Value, ...]:
    """Return from which confidence hits have a smart tag, the surest first."""
    counts = {
        name: rows.count((rows.confidences >= low) & (rows.confidences < high)) for name, (low, high) in LEVELS.items()
    }
    return tuple(Value(name, f"{Field.CONFIDENCE}:{name}", count) for name, count in counts.items() if count)
