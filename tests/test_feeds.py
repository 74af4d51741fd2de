"""What feeds, sitemaps and listings say; nothing they contain stops us."""

import gzip
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.feeds import read_feed
from crawler.listing import read_listing
from crawler.read_source import read_source
from crawler.reading import Outcome
from crawler.sitemaps import read_sitemap

URL = "https://news.example/feed"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News &amp; more</title>
<item><title>A <b>bold</b> brow</title><link>/a</link><guid>same</guid><pubDate>Fri, 20 Nov 2026 08:00:00 +0100</pubDate>
<description>&lt;p&gt;Two words&lt;/p&gt;</description></item>
<item><title>Another</title><link>https://news.example/b</link><guid>same</guid></item>
<item><title>No address</title></item></channel></rss>"""


def test_a_feed_gives_its_items_with_plain_titles_and_absolute_addresses():
    reading = read_feed(RSS.encode(), URL)
    assert reading.outcome is Outcome.OK
    assert reading.title == "News & more"
    assert [(item.url, item.title) for item in reading.items] == [
        ("https://news.example/a", "A bold brow"),
        ("https://news.example/b", "Another"),
    ]
    assert reading.items[0].published == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert reading.items[0].summary == "Two words"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="/a"/><id>1</id>
<published>{}</published></entry></feed>"""
JSON = '{{"version":"https://jsonfeed.org/version/1.1","items":[{{"url":"/j","date_published":"{}"}}]}}'
EAST_COAST = timezone(timedelta(hours=-5))
LATE = datetime(2026, 11, 20, 21, 30, tzinfo=EAST_COAST)


@pytest.mark.parametrize(
    ("feed", "written", "when", "precision"),
    [
        (RSS, "Fri, 20 Nov 2026 21:30 -0500", LATE, "time"),
        (RSS, "Fri, 20 Nov 2026 21:30:00 EST", LATE, "time"),
        (RSS, "Fri, 20 Nov 26 21:30:00 -0500", datetime(2026, 11, 21, 2, 30, tzinfo=UTC), "time"),
        (RSS, "Fri, 20 Nov 2026", datetime.fromisoformat("2026-11-20"), "day"),
        (RSS, "Fri, 20 Nov 2026 00:00:00 +0000", datetime(2026, 11, 20, tzinfo=UTC), "day"),
        (RSS, "some day soon", None, "time"),
        (RSS, "Fri, 20 Nov 0026 21:30:00 GMT", datetime(26, 11, 20, 21, 30, tzinfo=UTC), "time"),
        (ATOM, "2026-11-20T21:30:00-05:00", LATE, "time"),
        (ATOM, "2026-11-20T21:30:00.123-05:00", LATE, "time"),
        (ATOM, "2026-11-20T21:30:00", datetime.fromisoformat("2026-11-20T21:30"), "time"),
        (ATOM, "2026-11-20", datetime.fromisoformat("2026-11-20"), "day"),
        (ATOM, "2026-11", datetime.fromisoformat("2026-11-01"), "month"),
        (JSON, "2026-11-20T21:30:00-05:00", LATE, "time"),
        (JSON, "2026-11-20", datetime.fromisoformat("2026-11-20"), "day"),
        (JSON, "20.11.2026", None, "time"),
    ],
)
def test_a_date_stays_in_the_zone_that_the_feed_states_and_a_day_stays_a_day(feed, written, when, precision):
    body = feed.replace("Fri, 20 Nov 2026 08:00:00 +0100", written) if feed is RSS else feed.format(written)
    item = read_feed(body.encode(), URL).items[0]
    assert (item.published, item.precision.value) == (when, precision)
    if when is not None:
        assert (item.published.date(), item.published.utcoffset()) == (when.date(), when.utcoffset())


def test_a_repeated_guid_does_not_hide_an_item():
    assert len(read_feed(RSS.encode(), URL).items) == 2


def test_a_web_page_in_place_of_a_feed_is_named_and_its_feed_too():
    page = b'<!doctype html><html><link rel="alternate" type="application/rss+xml" href="/rss"><p>hello'
    reading = read_feed(page, URL)
    assert reading.outcome is Outcome.FAILED
    assert "web page" in reading.why
    assert reading.feeds == ("https://news.example/rss",)


def test_an_empty_answer_is_a_failure_and_an_empty_feed_is_not():
    assert read_feed(b"  ", URL).outcome is Outcome.FAILED
    empty = b'<rss version="2.0"><channel><title>x</title></channel></rss>'
    assert read_feed(empty, URL).outcome is Outcome.EMPTY


def test_a_feed_that_lies_about_its_charset_is_still_read():
    lying = RSS.replace("utf-8", "utf-8").replace("Another", "Más").encode("latin-1")
    assert len(read_feed(lying, URL, "text/xml; charset=utf-8").items) == 2


def test_a_json_feed_is_a_feed():
    body = (
        b'{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"/j","title":"T",'
        b'"date_published":"2026-11-19T10:00:00Z","authors":[{"name":"Ann"}],"content_html":"<p>x</p>"}]}'
    )
    (item,) = read_feed(body, URL).items
    assert (item.url, item.author, item.summary) == ("https://news.example/j", "Ann", "x")


def test_json_that_is_no_feed_says_so():
    assert "not a JSON Feed" in read_feed(b'{"a":1}', URL).why


@given(st.sampled_from(["feed", "sitemap", "listing"]), st.binary(max_size=400))
def test_no_bytes_stop_a_source_from_being_read(kind, body):
    assert read_source(kind, body, URL).outcome in Outcome


@given(st.text(max_size=300))
def test_no_text_inside_a_feed_stops_it(text):
    body = RSS.replace("Two words", text).encode("utf-8", "replace")
    assert read_feed(body, URL).outcome in Outcome


NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/old</loc><lastmod>2026-11-01</lastmod></url>
<url><loc>https://news.example/new</loc><news:news><news:publication_date>2026-11-19T10:00:00+01:00</news:publication_date>
<news:title>New nose</news:title></news:news></url></urlset>"""


def test_a_sitemap_gives_the_youngest_page_first():
    reading = read_sitemap(NEWS, URL)
    assert [item.url for item in reading.items] == ["https://news.example/new", "https://news.example/old"]
    assert reading.items[0].title == "New nose"


def test_a_packed_sitemap_is_unpacked():
    assert len(read_sitemap(gzip.compress(NEWS), URL).items) == 2


def test_an_index_points_to_its_youngest_sitemaps():
    index = (
        b"<sitemapindex>"
        + b"".join(
            b"<sitemap><loc>/s%d.xml</loc><lastmod>2026-11-%02d</lastmod></sitemap>" % (n, n) for n in range(1, 9)
        )
        + b"</sitemapindex>"
    )
    more = read_sitemap(index, URL).more
    assert more[0] == "https://news.example/s8.xml"
    assert len(more) == 5


def test_a_web_page_is_no_sitemap():
    assert "web page" in read_sitemap(b"<html><p>x</p></html>", URL).why


def test_entities_of_a_hostile_sitemap_are_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    assert all("aaaa" not in item.url for item in read_sitemap(bomb, URL).items)


LISTING = b"""<title>Notices</title><nav><a href="/notices/one-two-three-four">Menu words that look like news</a></nav>
<main><article><header><a href="/notices/2026-141">Counterfeit toxin found in three clinics</a></header></article>
<a href="https://elsewhere.example/a-long-slug-here">Four words of elsewhere</a>
<a href="/tag/toxin">All about toxin notices here</a>
<a href="/notices/2026-140.pdf">A printable form for download</a></main>"""


def test_a_listing_gives_links_that_look_like_articles_and_leaves_menus():
    assert [item.url for item in read_listing(LISTING, "https://board.example/notices/").items] == [
        "https://board.example/notices/2026-141"
    ]
