from datetime import UTC, datetime, timedelta, timezone

import pytest

from tagsmith.errors import BadInputError
from tagsmith.workflows.cron import checked_cron, next_time

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.req("W4c")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "five are needed"),
        ("@daily", "five are needed"),
        ("0 0 3 * * *", "five are needed"),
        ("61 3 * * *", "'61' is no minute"),
        ("0 25 * * *", "'25' is no hour"),
        ("0 3 x * *", "'x' is no day of the month"),
        ("0 3 * 13 *", "'13' is no month"),
        ("0 3 * * someday", "'someday' is no day of the week"),
        ("0 3 31 2 *", "never comes true"),
    ],
)
def test_wrong_expression_is_refused_naming_what_is_wrong(text, named):
    with pytest.raises(BadInputError, match=f"cron: .*{named}"):
        checked_cron(text)


def test_fields_are_parted_by_single_spaces():
    assert checked_cron(" 0  3 * *   mon ") == "0 3 * * mon"


@pytest.mark.req("W4c")
def test_next_time_comes_after_a_time_that_is_named_itself():
    assert next_time("0 12 * * *", NOON) == NOON + timedelta(days=1)


@pytest.mark.req("W4c")
def test_times_are_in_utc_wherever_now_is_said():
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    assert next_time("30 12 * * *", tokyo) == NOON + timedelta(minutes=30)
