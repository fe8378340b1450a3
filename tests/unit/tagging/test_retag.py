from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsmith.tagging.retag import Known, Reason, Trigger, Waiting, months_later, reason_to_tag

NOW = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(hours=24)
HALF_YEAR_AGO = datetime(2026, 2, 28, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

# what an unmodified asset of no newer version gets, by when it was tagged
AGES = {
    (Trigger.ON_DEMAND, "before the limit"): (NOW - DAY + TICK, None),
    (Trigger.ON_DEMAND, "on the limit"): (NOW - DAY, None),
    (Trigger.ON_DEMAND, "after the limit"): (NOW - DAY - TICK, Reason.DUE),
    (Trigger.PERIODIC, "before the limit"): (HALF_YEAR_AGO + TICK, None),
    (Trigger.PERIODIC, "on the limit"): (HALF_YEAR_AGO, None),
    (Trigger.PERIODIC, "after the limit"): (HALF_YEAR_AGO - TICK, Reason.DUE),
}


def periodic_now(trigger):
    """28 February + 6 calendar months is 28 August."""
    return NOW if trigger is Trigger.ON_DEMAND else datetime(2026, 8, 28, 12, 0, tzinfo=UTC)


@pytest.mark.req("W3a")
@pytest.mark.parametrize("age", AGES, ids=lambda age: f"{age[0]}, {age[1]}")
@pytest.mark.parametrize(("modified", "newer", "force"), list(product((False, True), repeat=3)))
def test_whole_table(age, modified, newer, force):
    trigger, _ = age
    tagged, otherwise = AGES[age]
    asset = Known(tagged, tagged + TICK if modified else LONG_AGO, tagged + TICK if newer else tagged)
    expected = Reason.FORCED if force else Reason.MODIFIED if modified else Reason.NEWER_VERSION if newer else otherwise
    assert reason_to_tag(asset, periodic_now(trigger), trigger, force=force) is expected


@pytest.mark.req("W3a")
@given(modified=MOMENTS, now=MOMENTS, version=st.none() | MOMENTS, trigger=st.sampled_from(Trigger))
def test_never_tagged_is_always_tagged(modified, now, version, trigger):
    assert reason_to_tag(Known(None, modified, version), now, trigger) is Reason.NEVER_TAGGED


@pytest.mark.req("W3a")
@given(tagged=MOMENTS, now=MOMENTS, trigger=st.sampled_from(Trigger), version=st.none() | MOMENTS)
def test_modified_afterwards_is_always_tagged(tagged, now, trigger, version):
    assert reason_to_tag(Known(tagged, tagged + TICK, version), now, trigger) is Reason.MODIFIED


@pytest.mark.req("W3b")
@given(tagged=MOMENTS, now=MOMENTS, trigger=st.sampled_from(Trigger))
def test_newer_version_is_no_reason_where_the_setting_is_off(tagged, now, trigger):
    off = Waiting(newer_version_counts=False)
    without = reason_to_tag(Known(tagged, tagged), now, trigger)
    assert reason_to_tag(Known(tagged, tagged, tagged + TICK), now, trigger, waiting=off) is without


@pytest.mark.req("W3b")
@given(tagged=MOMENTS, now=MOMENTS, hours=st.integers(0, 10_000))
def test_limit_on_demand_is_a_setting(tagged, now, hours):
    waiting = Waiting(on_demand=timedelta(hours=hours))
    due = reason_to_tag(Known(tagged, tagged), now, Trigger.ON_DEMAND, waiting=waiting)
    assert (due is Reason.DUE) == (now - tagged > timedelta(hours=hours))


@pytest.mark.req("W3a")
@given(tagged=MOMENTS, now=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_once_due_stays_due(tagged, now, later):
    for trigger in Trigger:
        if reason_to_tag(Known(tagged, tagged), now, trigger):
            assert reason_to_tag(Known(tagged, tagged), now + later, trigger)


@pytest.mark.req("W3a")
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2025, 8, 31), 6, (2026, 2, 28)),
        ((2026, 2, 28), 6, (2026, 8, 28)),
        ((2025, 12, 15), 6, (2026, 6, 15)),
        ((2026, 5, 1), 12, (2027, 5, 1)),
        ((2026, 5, 1), 0, (2026, 5, 1)),
    ],
)
def test_calendar_months(start, months, end):
    assert months_later(datetime(*start, 7, 30, tzinfo=UTC), months) == datetime(*end, 7, 30, tzinfo=UTC)
