"""Times as a person reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from desk.moments import Moments
from tests.factory import NOW

LONDON = Moments("Europe/London", "en", NOW)


def test_a_day_without_a_time_is_counted_in_days_and_never_in_hours():
    assert LONDON.days_ago(date(2026, 11, 13)) == "3 days ago"
    assert LONDON.is_today(date(2026, 11, 16))


def test_a_moment_names_its_zone():
    summer = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert LONDON.moment(summer) == "Wed, 1 Jul 2026, 07:00 BST"
    assert Moments("Europe/Berlin", "de", NOW).moment(summer) == "Mi., 1. Juli 2026, 08:00 MESZ"


def test_a_zone_that_a_language_has_no_name_for_is_said_by_its_distance():
    winter = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert Moments("Europe/London", "de", NOW).moment(winter) == "Mi., 25. Nov. 2026, 07:00 GMT+00:00"
    assert Moments("Asia/Kolkata", "en", NOW).moment(winter) == "Wed, 25 Nov 2026, 12:30 GMT+05:30"
    assert Moments("America/New_York", "en", NOW).moment(winter) == "Wed, 25 Nov 2026, 02:00 GMT-05:00"


def test_a_day_is_written_as_its_language_writes_days():
    assert LONDON.day(date(2026, 11, 3)) == "3 Nov 2026"
    assert Moments("UTC", "de", NOW).day("2026-11-03") == "3. Nov. 2026"


def test_today_is_the_publications_today():
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    assert Moments("Asia/Tokyo", "en", late).is_today(date(2026, 11, 17))


@pytest.mark.parametrize("language", ["xx", "", "de-DE", "zh_Hant_TW", "x" * 40])
def test_an_unknown_language_is_english(language):
    assert Moments("UTC", language, NOW).day(date(2026, 11, 13))


def test_what_is_not_known_is_nothing():
    assert (LONDON.day(None), LONDON.moment(None), LONDON.ago(None), LONDON.day("")) == ("", "", "", "")
