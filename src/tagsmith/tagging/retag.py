"""Which assets a run tags: one pure rule over what is known of an asset and of the run."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trigger(StrEnum):
    """What started a run."""

    ON_DEMAND = "on demand"
    PERIODIC = "periodic"


class Reason(StrEnum):
    """Why an asset is tagged in a run."""

    FORCED = "forced"
    NEVER_TAGGED = "never tagged"
    MODIFIED = "modified since it was tagged"
    NEWER_VERSION = "a newer version is live"
    DUE = "tagged long enough ago"


@dataclass(frozen=True)
class Waiting:
    """How long an asset that did not change is left alone after a tagging."""

    on_demand: timedelta = timedelta(hours=24)
    periodic_months: int = 6
    newer_version_counts: bool = True


@dataclass(frozen=True)
class Known:
    """What is known of an asset; all times are aware.

    Attributes
    ----------
    tagged
        When a run last looked at it, also if it gave no tag; None if none ever did.
    modified
        When its content was replaced or a person edited its metadata.
    newest_version
        When the newest live version that concerns it went live; None without any.
    """

    tagged: datetime | None
    modified: datetime
    newest_version: datetime | None = None


def reason_to_tag(
    asset: Known, now: datetime, trigger: Trigger, *, force: bool = False, waiting: Waiting | None = None
) -> Reason | None:
    """Return why the asset is to be tagged, or None if it is to be skipped. Exactly on a limit, it is skipped."""
    limits = waiting or Waiting()
    if force:
        return Reason.FORCED
    if asset.tagged is None:
        return Reason.NEVER_TAGGED
    if asset.modified > asset.tagged:
        return Reason.MODIFIED
    if limits.newer_version_counts and asset.newest_version is not None and asset.newest_version > asset.tagged:
        return Reason.NEWER_VERSION
    if trigger is Trigger.ON_DEMAND:
        due = asset.tagged + limits.on_demand
    else:
        due = months_later(asset.tagged, limits.periodic_months)
    return Reason.DUE if now > due else None


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same time of day some calendar months later; the 31st becomes the last day of a shorter month."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
