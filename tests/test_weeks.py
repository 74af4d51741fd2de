"""When an edition goes out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import DigestError
from digest.weeks import Rhythm, local_day, next_send, window

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
    now = now.replace(tzinfo=UTC)
    then = next_send(Rhythm(weekday, hour, zone), now)
    assert now < then <= now + timedelta(days=7, hours=1)
