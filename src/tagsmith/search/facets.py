"""Counts of what a search finds by folder, tag, type and so on; each value is a filter that can be chosen.

A count is how many hits the search has with that filter: added, or in the place of what is chosen of the same facet.
Of very many hits the newest are counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tagsmith.assets.scope import Scope
from tagsmith.search import asset_values, tag_values
from tagsmith.search.editing import adding, switching
from tagsmith.search.facet import SWITCHED, Facet, Kind, Value
from tagsmith.search.measures import array, measured, own_tags, smart_tags
from tagsmith.search.members import newest
from tagsmith.search.parts import Field
from tagsmith.search.prepared import COUNTED
from tagsmith.search.query import parse
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import TagWords, tag_words

_OF_ASSETS: Mapping[Kind, tuple[str, Callable[[Mapping[Any, int]], tuple[Value, ...]]]] = {
    Kind.TYPE: ("format", asset_values.types),
    Kind.ORIENTATION: ("orientation", asset_values.orientations),
    Kind.WIDTH: ("width", asset_values.widths),
    Kind.DATE: ("month", asset_values.dates),
    Kind.STATUS: ("state", asset_values.states),
}


@dataclass(frozen=True)
class Facets:
    """Facets, and over how many hits; `is_capped`: there are more, and these are the newest."""

    facets: tuple[Facet, ...]
    counted: int
    is_capped: bool


def facets(scope: Scope, text: str, language: str = "en") -> Facets:
    """Return the facets of a search that have any values; titles of tags are in a language."""
    with by_index():
        known = tag_words()
        hits, is_capped = newest(scope, text, known, COUNTED)
        some = array(hits)
        found, own, smart = measured(some), own_tags(some), smart_tags(some).without(known.dead())
        values = {
            Kind.FOLDER: asset_values.folders(scope, found["folder"]),
            Kind.TAG: tag_values.tags(Field.SET, own, known, language),
            Kind.SMART_TAG: tag_values.tags(Field.SMART, smart, known, language),
            Kind.MODEL: tag_values.models(smart),
            Kind.CONFIDENCE: tag_values.levels(smart),
            **{kind: of_measure(found[name]) for kind, (name, of_measure) in _OF_ASSETS.items()},
        }
        others = {facet.kind: facet for facet in _without_own_choice(scope, text, known)}
    shown = (others.get(kind) or Facet(kind, values[kind]) for kind in Kind)
    return Facets(tuple(facet for facet in shown if facet.values), len(hits), is_capped)


def choosing(kind: Kind, text: str, value: Value) -> str:
    """Return the search with a value of a facet."""
    return switching(text, value.part) if kind in SWITCHED else adding(text, value.part)


def _without_own_choice(scope: Scope, text: str, known: TagWords) -> Iterator[Facet]:
    """Yield the facets of which something is chosen that another value would take the place of: counted without it."""
    query = parse(text)
    for kind, field in SWITCHED.items():
        others = tuple(one for one in query.filters if one.field is not field)
        if others != query.filters:
            hits, is_capped = newest(scope, str(replace(query, filters=others)), known, COUNTED)
            if kind is Kind.CONFIDENCE:
                values = tag_values.levels(smart_tags(array(hits)).without(known.dead()))
            else:
                name, of_measure = _OF_ASSETS[kind]
                values = of_measure(measured(array(hits), [name])[name])
            yield Facet(kind, values, is_capped)
