"""What a listing page says of each article: its link, and the day that stands beside it and beside no other."""

from datetime import datetime, timedelta, timezone

import pytest

from crawler.article import Clues, FeedItem, Place, Precision
from crawler.extract import extract
from crawler.frontier import OLDEST, too_old
from crawler.listing import read_listing
from crawler.models import Source
from crawler.noticing import item_of, notice
from crawler.sources import add_source
from crawler.urls import link_key
from desk.places import place_words
from tests.conftest import NOW
from tests.factory import make_source

BOARD = "https://board.example/notices/"
ONE = "<a href=/notices/141-toxin>Counterfeit toxin in three clinics</a>"
TWO = "<a href=/notices/135-laser>Recall of Aurelis laser handpieces now</a>"
TODAY = "<p>Today is 20 November 2026</p>"


def days(body: str, head: str = "") -> list[str]:
    """The day of each item in page order; blank where none is told."""
    return [item.published.strftime("%Y-%m-%d") if item.published else "" for item in items(body, head)]


def items(body: str, head: str = "") -> tuple[FeedItem, ...]:
    return read_listing(f"<html{head}><title>Notices</title><body>{TODAY}{body}".encode(), BOARD).items


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"<table><tr><td>19.11.2026<td>{ONE}<tr><td>18.11.2026<td>{TWO}</table>", ["2026-11-19", "2026-11-18"]),
        (f"<table><tr><td>{TODAY}<td><table><tr><td>19.11.2026<td>{ONE}</table></table>", ["2026-11-19"]),
        (f"<table><tr><td>{TODAY}<td><table><tr><td>141<td>{ONE}<tr><td>135<td>{TWO}</table></table>", ["", ""]),
        (f"<ul><li>{ONE}<time datetime=2026-11-19>Thursday</time><li>{TWO}</ul>", ["2026-11-19", ""]),
        (f"<article>{ONE}<p>Published 19 November 2026</p></article>", ["2026-11-19"]),
        (f"<article><a href=/notices/141-toxin></a>{ONE}<i>19 Nov 2026</i></article>", ["2026-11-19"]),
        (f"<div><div>19 Nov 2026 {ONE}</div><div>18 Nov 2026 {TWO}</div></div>", ["2026-11-19", "2026-11-18"]),
        (f"<dl><dt>19.11.2026<dd>{ONE}<dt>18.11.2026<dd>{TWO}</dl>", ["2026-11-19", "2026-11-18"]),
        (f"<dl><dt>{ONE}<dd>19.11.2026<dd>Toxin<dt>{TWO}<dd>18.11.2026</dl>", ["2026-11-19", "2026-11-18"]),
        (f"<dl><dt>19.11.2026<dd>{ONE}<dd>{TWO}</dl>", ["", ""]),
        (f"<table><tr><td>19.11.2026<td>{ONE}<td>{TWO}</table>", ["", ""]),
        (f"<table><tr><td>19.11.2026 {ONE}<td>18.11.2026 {TWO}</table>", ["2026-11-19", "2026-11-18"]),
        (f"<ul><li>{ONE}<p>19 November 2026, updated 20 November 2026</ul>", [""]),
        (f"<ul><li>{ONE}<time datetime=2026-11-19></time><time datetime=2026-11-20></time></ul>", [""]),
        (f"<ul><li>{ONE}<p>{'word ' * 150}19 November 2026</ul>", [""]),
        ("<ul><li><a href=/notices/141-toxin>Counterfeit toxin sold before 3 May 2026</a></ul>", [""]),
        (f"<ul><li>{ONE}<p>November 2026</ul>", [""]),
        (f"<h2>19 November 2026</h2><ul><li>{ONE}<li>{TWO}</ul>", ["", ""]),
        (f"<div>{TODAY}{ONE}</div>", [""]),
        (f"<div>{ONE}</div>", [""]),
        (f"<div><div>{TODAY}<h1>Notices</h1>{ONE}</div><div>{TWO}</div></div>", ["", ""]),
    ],
)  # fmt: skip
def test_the_day_in_an_article_s_own_row_is_its_day_and_no_other(body, said):
    assert days(body) == said


@pytest.mark.parametrize(
    ("one", "two", "head", "said"),
    [
        ("03/04/2026", "05/04/2026", "", ["", ""]),
        ("03/04/2026", "05/04/2026", " lang=en", ["", ""]),
        ("03/04/2026", "05/04/2026", " lang=en-GB", ["2026-04-03", "2026-04-05"]),
        ("03/04/2026", "05/04/2026", " lang=de", ["2026-04-03", "2026-04-05"]),
        ("03/04/2026", "25/03/2026", "", ["2026-04-03", "2026-03-25"]),
        ("03/04/2026", "03/25/2026", " lang=en-GB", ["2026-03-04", "2026-03-25"]),
        ("25/03/2026", "03/25/2026", "", ["2026-03-25", "2026-03-25"]),
        ("03/03/2026", "03-04-2026", "", ["2026-03-03", ""]),
        ("03.04.2026", "2026-04-05", " lang=en", ["2026-04-03", "2026-04-05"]),
    ],
)
def test_numbers_that_may_be_read_in_two_ways_are_a_day_only_where_the_page_shows_which(one, two, head, said):
    assert days(f"<table><tr><td>{one}<td>{ONE}<tr><td>{two}<td>{TWO}</table>", head) == said


def test_a_stamp_keeps_its_zone_and_its_precision():
    (item,) = items(f"<ul><li>{ONE}<time datetime=2026-11-19T21:30:00-05:00>yesterday</time></ul>")
    east_coast = timezone(timedelta(hours=-5))
    assert (item.published, item.precision) == (datetime(2026, 11, 19, 21, 30, tzinfo=east_coast), Precision.TIME)
    (item,) = items(f"<ul><li>{ONE} 19 November 2026</ul>")
    assert (item.published, item.precision) == (datetime.fromisoformat("2026-11-19"), Precision.DAY)


def test_an_article_listed_twice_has_the_day_on_which_both_places_agree():
    twice = "<ul><li>19.11.2026 {}</ul><ul><li>{} {}</ul>"
    assert days(twice.format(ONE, "19 November 2026", ONE)) == ["2026-11-19"]
    assert days(twice.format(ONE, "18 November 2026", ONE)) == [""]


def test_a_page_of_many_links_is_read_in_time_that_grows_with_its_size():
    rows = "".join(f"<div><a href=/notices/{n}-some-slug>A notice of four words</a></div>" for n in range(4000))
    assert len(items(f"<div>{'<div>' * 30}{rows}")) == 100


@pytest.mark.parametrize(("beside", "sure"), [("19.11.2026", True), ("18.11.2026", False), ("", False)])
def test_the_day_of_a_page_is_sure_where_the_listing_says_the_same(beside, sure):
    (item,) = items(f"<ul><li>{beside} {ONE}</ul>")
    words = "The office asks all clinics to look into their fridges and to send back what they find. " * 4
    page = f"<body><h2>Counterfeit toxin in three clinics</h2><p>Issued 19 November 2026</p><p>{words}</p>"
    article = extract(page, item.url, Clues(fetched=NOW, item=item))
    assert article.published == datetime.fromisoformat("2026-11-19")
    assert ("date" in article.evidence.sure) is sure
    assert (Place.LISTING in {said.place for said in article.evidence.date}) is bool(beside)
    assert place_words(Place.LISTING) == "the page that lists it"


def test_the_day_in_a_listing_keeps_no_page_from_being_asked():
    (item,) = items(f"<table><tr><td>Expires 19.11.2024<td>{ONE}</table>")
    assert item.published == datetime.fromisoformat("2024-11-19")
    assert not too_old(item, NOW)
    assert too_old(FeedItem(item.url, published=NOW - OLDEST - timedelta(days=1)), NOW)


@pytest.mark.django_db
def test_a_listing_dates_what_a_feed_names_without_a_date_and_takes_none_of_its_words(now):
    board, feed = add_source(BOARD, "listing", by="test", now=now)[0], make_source()
    url, day = "https://board.example/notices/141-toxin", datetime.fromisoformat("2026-11-19")
    notice(board, [FeedItem(url, published=day, precision=Precision.DAY, dated_by=Place.LISTING)], now)
    notice(feed, [FeedItem(url, title="Toxin", summary="The office asks clinics.")], now)
    item = item_of(Source.objects.get(pk=board.pk).sightings.get().link)
    assert (item.title, item.summary) == ("Toxin", "The office asks clinics.")
    assert (item.published, item.dated_by) == (day, Place.LISTING)
    notice(feed, [FeedItem(url, title="Toxin", published=now)], now)
    item = item_of(board.sightings.get().link)
    assert (item.published, item.dated_by) == (now.replace(tzinfo=item.published.tzinfo), Place.FEED)
    assert link_key(item.url) == board.sightings.get().link_id
