"""What a change would do, as pages show it: on how many assets per field, and some of them before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from tagsmith.assets.models import Asset
from tagsmith.assets.services.writing import Outlook, Planned


@dataclass(frozen=True)
class FieldShown:
    """A field, on how many assets it changes, and on how many of these it is empty then."""

    label: str
    count: int
    cleared: int


@dataclass(frozen=True)
class SampleShown:
    """One asset, and of each field that changes: its label, what it holds now, and what it would."""

    asset: Asset
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class OutlookShown:
    """What a change would do."""

    fields: list[FieldShown]
    samples: list[SampleShown]


def outlook_shown(found: Outlook, labels: Mapping[str, Any]) -> OutlookShown:
    """Return an outlook in words; the samples' images are fetched in one query."""
    fields = [
        FieldShown(str(labels[name]), found.fields[name], found.cleared[name]) for name in labels if found.fields[name]
    ]
    ids = [one.row.asset for one in found.samples]
    assets = {asset.pk: asset for asset in Asset.objects.filter(pk__in=ids).select_related("folder")}
    known = [one for one in found.samples if one.row.asset in assets]
    return OutlookShown(fields, [_sample(assets[one.row.asset], one, labels) for one in known])


def _sample(asset: Asset, planned: Planned, labels: Mapping[str, Any]) -> SampleShown:
    changes = [
        (str(labels[name]), _written(planned.before[name]), _written(planned.new[name]))
        for name in labels
        if name in planned.new
    ]
    return SampleShown(asset, changes)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(value, "DATETIME_FORMAT")
    if isinstance(value, dict):
        return "\n".join(f"{name}: {one}" for name, one in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value or "")
