"""Facets as a page shows them: what their values are called, and the search that each leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagsmith.assets.models import State
from tagsmith.search.editing import leaving_out
from tagsmith.search.facet import Kind, Value
from tagsmith.search.facets import Facets, choosing
from tagsmith.search.parts import Filter
from tagsmith.search.query import parse

FIRST = 6  # values that are shown of a facet at once
TITLES = {
    Kind.FOLDER: gettext_lazy("Folder"),
    Kind.TAG: gettext_lazy("Tag"),
    Kind.SMART_TAG: gettext_lazy("Smart tag"),
    Kind.MODEL: gettext_lazy("Tag model"),
    Kind.CONFIDENCE: gettext_lazy("Confidence of smart tags"),
    Kind.TYPE: gettext_lazy("Type"),
    Kind.ORIENTATION: gettext_lazy("Orientation"),
    Kind.WIDTH: gettext_lazy("Width"),
    Kind.DATE: gettext_lazy("Date"),
    Kind.STATUS: gettext_lazy("Status"),
}
ORIENTATIONS = {
    "landscape": gettext_lazy("Landscape"),
    "portrait": gettext_lazy("Portrait"),
    "square": gettext_lazy("Square"),
}


@dataclass(frozen=True)
class Choice:
    """A value as it is called, in full where that is more; the search with it, or without it where it is chosen."""

    name: str
    full: str
    count: int
    search: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """A facet's title, its first values, and those that are shown when asked for."""

    title: str
    first: list[Choice]
    more: list[Choice]
    is_capped: bool


def shown(found: Facets, text: str) -> list[Group]:
    """Return the facets by which a search can be narrowed, or is: not those whose only value all hits have."""
    groups, chosen = [], set(parse(text).filters)
    for facet in found.facets:
        choices = [_choice(facet.kind, value, text, chosen) for value in facet.values]
        if any(one.is_chosen or one.count != found.counted for one in choices):
            is_capped = facet.is_capped and not found.is_capped
            groups.append(Group(str(TITLES[facet.kind]), choices[:FIRST], choices[FIRST:], is_capped))
    return groups


def _choice(kind: Kind, value: Value, text: str, chosen: set[Filter]) -> Choice:
    part = parse(value.part)
    is_chosen = chosen.issuperset(part.filters)
    search = leaving_out(text, part) if is_chosen else choosing(kind, text, value)
    return Choice(_NAMES[kind](value.name), value.name, value.count, search, is_chosen)


def _range_of_pixels(name: str) -> str:
    low, high = ((number_format(int(end), force_grouping=True) if end else "") for end in name.split(".."))
    if not low:
        return _("up to %(high)s px") % {"high": high}
    if not high:
        return _("%(low)s px and more") % {"low": low}
    return _("%(low)s to %(high)s px") % {"low": low, "high": high}


def _level(name: str) -> str:
    number = round(100 * float(name.strip("<.")))
    return (
        _("less than %(number)s %%") % {"number": number}
        if "<" in name
        else _("%(number)s %% and more") % {"number": number}
    )


def _date(name: str) -> str:
    year, _dash, month = name.partition("-")
    return date_format(date(int(year), int(month), 1), "YEAR_MONTH_FORMAT") if month else year


def _as_it_is(name: str) -> str:
    return name


_NAMES: dict[Kind, Callable[[str], str]] = {
    **dict.fromkeys(Kind, _as_it_is),
    Kind.FOLDER: lambda path: path.rpartition("/")[2],
    Kind.CONFIDENCE: _level,
    Kind.ORIENTATION: lambda name: str(ORIENTATIONS[name]),
    Kind.WIDTH: _range_of_pixels,
    Kind.DATE: _date,
    Kind.STATUS: lambda name: str(State(name).label),
}
