"""Cron expressions of five fields, in UTC."""

from datetime import UTC, datetime

from croniter import CroniterError, croniter  # type: ignore[import-untyped]

from tagsmith.errors import BadInputError
from tagsmith.sentences import joined, say

FIELDS = (say("minute"), say("hour"), say("day of the month"), say("month"), say("day of the week"))


def checked_cron(text: str) -> str:
    """Return a cron expression, its fields parted by single spaces.

    Raises
    ------
    BadInputError
        It has not five fields, one of them is wrong (the message names it), or it never comes true.
    """
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise BadInputError(
            "cron: {cron!r} has {count} fields; five are needed: {fields}",
            cron=text,
            count=len(fields),
            fields=joined(", ", FIELDS),
        )
    for place, (name, field) in enumerate(zip(FIELDS, fields, strict=True)):
        alone = " ".join(field if other == place else "*" for other in range(len(FIELDS)))
        if not croniter.is_valid(alone):
            raise BadInputError("cron: {field!r} is no {name}", field=field, name=name)
    clean = " ".join(fields)
    next_time(clean, datetime.now(UTC))
    return clean


def next_time(cron: str, after: datetime) -> datetime:
    """Return the first time after this one that a cron expression names; raises BadInputError if there is none."""
    try:
        found = croniter(cron, after.astimezone(UTC)).get_next(datetime)
    except CroniterError as error:
        raise BadInputError("cron: {cron!r} never comes true", cron=cron) from error
    assert isinstance(found, datetime)  # noqa: S101 - as asked for
    return found
