"""Cron expressions of five fields, in UTC."""

from datetime import UTC, datetime

from croniter import CroniterError, croniter  # type: ignore[import-untyped]

from tagsmith.errors import BadInputError

FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")


def checked_cron(text: str) -> str:
    """Return a cron expression, its fields parted by single spaces.

    Raises
    ------
    BadInputError
        It has not five fields, one of them is wrong (the message names it), or it never comes true.
    """
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise BadInputError(f"cron: {text!r} has {len(fields)} fields; five are needed: {', '.join(FIELDS)}")
    for place, (name, field) in enumerate(zip(FIELDS, fields, strict=True)):
        alone = " ".join(field if other == place else "*" for other in range(len(FIELDS)))
        if not croniter.is_valid(alone):
            raise BadInputError(f"cron: {field!r} is no {name}")
    clean = " ".join(fields)
    next_time(clean, datetime.now(UTC))
    return clean


def next_time(cron: str, after: datetime) -> datetime:
    """Return the first time after this one that a cron expression names; raises BadInputError if there is none."""
    try:
        found = croniter(cron, after.astimezone(UTC)).get_next(datetime)
    except CroniterError as error:
        raise BadInputError(f"cron: {cron!r} never comes true") from error
    assert isinstance(found, datetime)  # noqa: S101 - as asked for
    return found
