"""Counts of what a search finds by folder, tag, type and so on; each value is a filter that can be added to the text.

A count is how many hits the search has with that filter. Of very many hits the newest are counted.
"""

from dataclasses import dataclass

from tagsmith.assets.scope import Scope
from tagsmith.search import asset_values, tag_values
from tagsmith.search.facet import Facet, Kind
from tagsmith.search.measures import array, measured, own_tags, smart_tags
from tagsmith.search.members import newest
from tagsmith.search.parts import Field
from tagsmith.search.prepared import COUNTED
from tagsmith.search.statements import by_index
from tagsmith.search.tag_words import tag_words


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
            Kind.TYPE: asset_values.types(found["format"]),
            Kind.ORIENTATION: asset_values.orientations(found["orientation"]),
            Kind.WIDTH: asset_values.widths(found["width"]),
            Kind.DATE: asset_values.dates(found["month"]),
            Kind.STATUS: asset_values.states(found["state"]),
        }
    return Facets(tuple(Facet(kind, some) for kind, some in values.items() if some), len(hits), is_capped)
