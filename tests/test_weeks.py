"""When an edition goes out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import DigestError
from digest.weeks import LEAD, Last, Rhythm, is_due, is_over, local_day, next_send, window

LONDON = Rhythm(0, 7, "Europe/London")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (utc(2026, 11, 20, 9), utc(2026, 11, 23, 7)),
        (utc(2026, 11, 23, 6, 59), utc(2026, 11, 23, 7)),
        (utc(2026, 11, 23, 7), utc(2026, 11, 30, 7)),
        (utc(2026, 3, 27, 9), utc(2026, 3, 30, 6)),
    ],
)
def test_the_hour_is_the_wall_clocks_of_the_publication(now, then):
    assert next_send(LONDON, now) == then


def test_no_day_falls_between_two_editions():
    first = window(LONDON, "weekly", utc(2026, 11, 20, 9))
    second = window(LONDON, "weekly", utc(2026, 12, 5, 9), first.closes)
    assert second.opens == first.closes


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (utc(2026, 11, 20, 9), utc(2026, 12, 7, 7)),
        (utc(2026, 12, 7, 6, 59), utc(2026, 12, 7, 7)),
        (utc(2026, 12, 7, 7), utc(2027, 1, 4, 7)),
        (utc(2027, 2, 20), utc(2027, 3, 1, 7)),
        (utc(2027, 3, 2), utc(2027, 4, 5, 6)),
    ],
)
def test_a_monthly_goes_out_on_the_first_such_weekday_of_a_calendar_month(now, then):
    assert next_send(LONDON, now, "monthly") == then


def test_a_first_monthly_speaks_of_the_days_since_the_months_before_would_have_gone_out():
    assert window(LONDON, "monthly", utc(2026, 11, 20)).opens == utc(2026, 11, 2, 7)
    assert window(LONDON, "weekly", utc(2026, 3, 27)).opens == utc(2026, 3, 23, 7)


MONDAY = utc(2026, 11, 23, 7)
NEAR = MONDAY - LEAD


@pytest.mark.parametrize(
    ("cadence", "now", "last", "due"),
    [
        ("weekly", utc(2026, 11, 17), None, True),
        ("monthly", utc(2026, 11, 17), None, False),
        ("monthly", utc(2026, 12, 3, 7), None, True),
        ("weekly", NEAR, Last(utc(2026, 11, 12, 7), utc(2026, 11, 16, 7)), True),
        ("weekly", NEAR - timedelta(seconds=1), Last(utc(2026, 11, 12, 7), utc(2026, 11, 16, 7)), False),
        # Drafted by hand on Tuesday and sent at once: that was this week's.
        ("weekly", NEAR, Last(utc(2026, 11, 17), utc(2026, 11, 17)), False),
        # Last week's, approved late, waits for this very Monday.
        ("weekly", NEAR, Last(utc(2026, 11, 12, 7), MONDAY), False),
        # Last week's, sent on Tuesday at a time that somebody chose.
        ("weekly", NEAR, Last(utc(2026, 11, 12, 7), utc(2026, 11, 17)), True),
        ("monthly", utc(2026, 12, 3, 7), Last(utc(2026, 10, 29), utc(2026, 11, 2, 7)), True),
        ("monthly", utc(2026, 12, 3, 7), Last(utc(2026, 11, 20), utc(2026, 11, 20)), False),
    ],
)
def test_an_edition_is_drafted_some_days_before_its_time_and_once(cadence, now, last, due):
    assert is_due(LONDON, cadence, now, last) is due


@pytest.mark.parametrize(
    ("cadence", "now", "over"),
    [
        ("weekly", utc(2026, 12, 7, 6, 59), False),
        ("weekly", utc(2026, 12, 7, 7), True),
        ("monthly", utc(2026, 12, 8), False),
        ("monthly", utc(2026, 12, 31, 7), True),
    ],
)
def test_a_draft_that_nobody_approved_in_time_becomes_the_next_ones(cadence, now, over):
    assert is_over(LONDON, cadence, now, utc(2026, 12, 7, 7)) is over


def test_a_zone_that_is_not_there_is_said():
    with pytest.raises(DigestError, match="no such time zone"):
        next_send(Rhythm(0, 7, "Europe/Atlantis"), utc(2026, 1, 1))


def test_a_day_is_the_readers_day():
    assert local_day(utc(2026, 11, 20, 23, 30), "Asia/Kolkata").day == 21


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - the strategy takes naive bounds
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]),
)
def test_the_next_send_is_after_now_and_within_a_week_and_an_hour(now, weekday, hour, zone):
    now, rhythm = now.replace(tzinfo=UTC), Rhythm(weekday, hour, zone)
    then, monthly = next_send(rhythm, now), next_send(rhythm, now, "monthly")
    assert now < then <= now + timedelta(days=7, hours=1)
    assert then <= monthly <= now + timedelta(days=35, hours=1)
    assert monthly.astimezone(ZoneInfo(zone)).day <= 7
