"""Dates: what counts as one, how exactly it is stated, and what must not be taken for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Precision
from crawler.dates import found_in, in_url, is_possible, parse


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-04T10:00:00+02:00", "2025-09-04T10:00:00+02:00"),
        ("2025-09-04T23:30:00.000Z", "2025-09-04T23:30:00+00:00"),
        ("Thu, 04 Sep 2025 10:00:00 +0000", "2025-09-04T10:00:00+00:00"),
        ("2025-09-04 10:15", "2025-09-04T10:15:00"),
        ("September 4, 2025 at 10:30 p.m. EDT", "2025-09-04T22:30:00-04:00"),
        ("4 September 2025, 12:05 am", "2025-09-04T00:05:00"),
    ],
)
def test_a_time_keeps_the_zone_that_stands_beside_it(text, moment):
    stated = parse(text)
    assert stated.when == datetime.fromisoformat(moment)
    assert stated.when.utcoffset() == datetime.fromisoformat(moment).utcoffset()
    assert stated.precision is Precision.TIME


@pytest.mark.parametrize(
    "text",
    [
        "2025-09-04",
        "20250904",
        "2025/09/04",
        "Sept. 4th, 2025",
        "September 4 2025",
        "Thursday, 4 September 2025",
        "4. September 2025",
        "04.09.2025",
        "4 septembre 2025",
        "4 de septiembre de 2025",
        "4 settembre 2025",
        "4 de setembro de 2025",
        "4 september 2025",
        "2025年9月4日",
        "09/04/2025",
        "2025-09-04T00:00:00Z",
    ],
)
def test_a_day_is_read_in_many_ways_of_writing(text):
    stated = parse(text)
    assert stated.day == "2025-09-04"
    assert stated.precision is Precision.DAY


def test_the_page_s_own_day_stands_whatever_the_zone():
    assert parse("2025-09-04T23:30:00-07:00").day == "2025-09-04"


def test_the_order_of_day_and_month_is_taken_from_the_numbers_before_the_language():
    assert parse("13/04/2025").day == "2025-04-13"
    assert parse("04/13/2025", day_first=True).day == "2025-04-13"
    assert parse("03/04/2025", day_first=True).day == "2025-04-03"


def test_a_month_alone_stays_a_month():
    assert parse("March 2024").precision is Precision.MONTH
    assert parse("March 2024").day == "2024-03"


@pytest.mark.parametrize("text", ["", "31/02/2025", "2025-13-01", "1099-01-01", "call 555-2025", "Blorptember 4, 2025"])
def test_what_is_no_date_gives_none(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.com/2025/09/04/a-face", "2025-09-04"),
        ("https://example.com/2025/sep/04/a-face", "2025-09-04"),
        ("https://example.com/2025/september/4/a-face", "2025-09-04"),
        ("https://example.com/news-2025-09-04-a-face", "2025-09-04"),
        ("https://example.com/20250904/a-face", "2025-09-04"),
        ("https://example.com/2025/09/a-face", "2025-09"),
    ],
)
def test_an_address_may_hold_the_date(url, day):
    assert in_url(url).day == day


@pytest.mark.parametrize(
    "url", ["https://example.com/p/2025123456", "https://example.com/?d=2025-09-04", "", "/2025/99/99/"]
)
def test_numbers_in_an_address_are_not_always_a_date(url):
    assert in_url(url) is None


def test_each_date_of_a_text_is_found_with_its_place():
    text = "Published March 3, 2024. Updated 2024-05-06."
    assert [(stated.day, place) for stated, place in found_in(text)] == [("2024-03-03", 10), ("2024-05-06", 33)]


def test_the_future_and_the_time_before_the_web_are_not_believed():
    fetched = datetime(2025, 9, 4, 12, tzinfo=UTC)
    assert is_possible(parse("2025-09-04"), fetched)
    assert is_possible(parse("2025-09-05"), fetched), "it is tomorrow already somewhere"
    assert not is_possible(parse("2025-09-07"), fetched)
    assert not is_possible(parse("1989-12-31"), fetched)
    assert is_possible(parse("2099-01-01"), None), "without a clock nobody knows the future"


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001 - both kinds are read
def test_every_machine_stamp_is_read_back(moment):
    stated = parse(moment.replace(microsecond=0).isoformat())
    assert stated.day == moment.strftime("%Y-%m-%d")
    assert abs(stated.when - moment) < timedelta(seconds=1)


PIECES = st.sampled_from(
    ["2025", "-", "/", "09", "4", "March", "mars", ":", "T", "Z", "+", "99", "年", "de", "\ud800", "am"]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=14).map(" ".join) | st.text())
def test_no_text_raises(text):
    parse(text), in_url(text), list(found_in(text))
