"""What a page says about itself, told by its head, its body, the feed and the rules of the house."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.article import Clues, FeedItem, Place, Precision
from crawler.mentions import Candidate, Mention
from crawler.metadata import is_sure, read_metadata

URL = "https://www.example.com/news/a-longer-face"
LEAD = "The clinic says that fewer people asked for it than in the year before, and that they came later. " * 4
FETCHED = datetime(2024, 5, 20, 9, tzinfo=UTC)
THAT_WEEK = datetime(2026, 11, 22, 9, tzinfo=UTC)


def page(head="", body="", *, title="A longer face | Example Times", heading="A longer face", lang="en"):
    return (
        f'<html lang="{lang}"><head><title>{title}</title>{head}</head><body><header><a href="/">Example Times</a>'
        f"</header><article><h1>{heading}</h1>{body}<p>{LEAD}</p><p>{LEAD}</p></article></body></html>"
    )


def read(html, clues=None, url=URL, **rules):
    return read_metadata(LexborHTMLParser(html), html, url, clues or Clues(fetched=FETCHED), rules)


def script(**fields):
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **fields})}</script>'


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def test_a_page_that_says_all_twice_is_sure_of_all():
    article = script(
        **{"@type": "NewsArticle", "headline": "A longer face", "datePublished": "2024-05-03T08:00:00+02:00"},
        author={"@type": "Person", "name": "Jane Roe"},
        dateModified="2024-05-04T10:00:00Z",
        publisher={"@type": "Organization", "name": "Example Times"},
    )
    body = (
        '<p class="byline">By <a rel="author" href="/author/jane-roe">Jane Roe</a></p>'
        '<time datetime="2024-05-03">May 3, 2024</time>'
    )
    found = read(
        page(
            article + meta("og:title", "A longer face") + meta("article:published_time", "2024-05-03T08:00:00+02:00"),
            body,
        )
    )
    assert (found.title, found.author) == ("A longer face", "Jane Roe")
    assert found.published == datetime.fromisoformat("2024-05-03T08:00:00+02:00")
    assert found.published.utcoffset() == timedelta(hours=2)
    assert (found.precision, found.published_from) == (Precision.TIME, Place.JSON_LD)
    assert found.modified == datetime(2024, 5, 4, 10, tzinfo=UTC)
    assert found.site_name == "Example Times"
    assert found.evidence.sure == {"title", "author", "date"}
    assert {said.place for said in found.evidence.author} >= {Place.JSON_LD, Place.BYLINE}


def test_a_page_that_says_nothing_leaves_blanks():
    found = read(page(title="", heading="", body=""))
    assert (found.author, found.published, found.precision, found.published_from) == ("", None, None, None)
    assert not found.evidence.sure


def test_the_visible_page_alone_is_enough():
    body = '<p class="byline">By Jane Roe</p><p class="date">Published March 3, 2024</p>'
    found = read(page(body=body))
    assert (found.title, found.author) == ("A longer face", "Jane Roe")
    assert found.published == datetime(2024, 3, 3)  # noqa: DTZ001 - the page gives no zone
    assert found.precision is Precision.DAY


def told(*places: Place) -> Candidate:
    return Candidate("Jane Roe", [Mention(place, place.value, "Jane Roe") for place in places])


def test_what_a_page_tells_machines_is_one_voice_unless_it_is_nearly_certain():
    hidden = told(Place.JSON_LD, Place.META)
    assert not is_sure("author", hidden, [hidden], probability=0.9)
    assert is_sure("author", hidden, [hidden], probability=0.95)


def test_one_place_alone_is_never_sure_and_a_reader_s_sight_is_a_voice_of_its_own():
    assert not is_sure("author", told(Place.JSON_LD), [told(Place.JSON_LD)], probability=0.99)
    seen = told(Place.JSON_LD, Place.BYLINE)
    assert is_sure("author", seen, [seen], probability=0.6)


def test_og_and_twitter_titles_are_one_voice():
    head = meta("og:title", "A longer face") + '<meta name="twitter:title" content="A longer face">'
    found = read(page(head, title="", heading=""))
    assert found.title == "A longer face"
    assert "title" not in found.evidence.sure


@pytest.mark.parametrize("day", ["2031-01-01", "1981-03-04"])
def test_impossible_dates_are_not_the_article_s(day):
    head = script(**{"@type": "NewsArticle", "headline": "A longer face", "datePublished": day})
    assert read(page(head)).published is None


def test_today_in_the_masthead_is_the_paper_s_date():
    html = page().replace("</header>", '<div class="date">Monday, May 20, 2024</div></header>')
    assert read(html).published is None


def test_journals_name_the_family_first_and_every_author_in_a_tag():
    one = page('<meta name="citation_author" content="Roe, Jane">', title="", heading="A longer face")
    assert read(one).author == "Jane Roe"
    three = "".join(
        f'<meta name="citation_author" content="{name}">' for name in ("Roe, Jane", "Poe, Ada", "van Dam, J. P.")
    )
    assert read(page(three)).author == "Jane Roe; Ada Poe; J. P. van Dam"


def test_a_page_of_one_question_is_by_those_who_answer_it():
    person = {"@type": "Person", "name": "Dr Jane Roe"}
    question = {
        "@type": "Question",
        "name": "Will it fade?",
        "author": {"@type": "Person", "name": "Worried"},
        "acceptedAnswer": {"@type": "Answer", "text": "It will.", "author": person},
        "suggestedAnswer": [{"@type": "Answer", "text": "Wait.", "author": {"@type": "Person", "name": "Ada Poe"}}],
    }
    assert read(page(script(**{"@type": "QAPage", "mainEntity": question}))).author == "Dr Jane Roe; Ada Poe"
    several = {"@type": "FAQPage", "mainEntity": [question, question]}
    assert "Ada Poe" not in read(page(script(**several))).author


def test_the_masthead_s_day_is_told_by_a_headline_that_is_no_h1():
    html = (
        "<html><head><title>Glucose meters: wrong readings - EXO</title></head><body><table><tr><td>Today is 20 May 2024"
        "</td></tr><tr><td><h2>Glucose meters: wrong readings</h2><p>Issued 12 May 2024</p><p>Readings may be too low."
        "</p></td></tr></table></body></html>"
    )
    found = read(html)
    assert found.title == "Glucose meters: wrong readings"
    assert found.published == datetime(2024, 5, 12)  # noqa: DTZ001


def test_the_house_s_rules_go_before_all():
    found = read(page(), title="A face, longer | indeed", author="By Ida Poe", date="4 May 2024")
    assert (found.title, found.author) == ("A face, longer | indeed", "Ida Poe")
    assert found.published == datetime(2024, 5, 4)  # noqa: DTZ001
    assert found.published_from is Place.RULE
    assert found.evidence.sure == {"title", "author", "date"}


def test_the_feed_speaks_where_the_page_is_silent_and_confirms_where_it_is_not():
    item = FeedItem(URL, title="A longer face", author="Jane Roe", published=datetime(2024, 5, 3, 6, tzinfo=UTC))
    silent = read(page(), Clues(fetched=FETCHED, item=item))
    assert (silent.author, silent.published) == ("Jane Roe", item.published)
    assert silent.published_from is Place.FEED
    assert "date" not in silent.evidence.sure
    body = '<p class="byline">By Jane Roe</p><time datetime="2024-05-03T08:00:00+02:00">May 3, 2024</time>'
    assert {"author", "date"} <= read(page(body=body), Clues(fetched=FETCHED, item=item)).evidence.sure


@pytest.mark.parametrize(
    "head",
    [
        script(**{"@type": "NewsArticle", "isAccessibleForFree": False}),
        script(**{"@type": "NewsArticle", "isAccessibleForFree": "False"}),
        script(**{"@type": "NewsArticle", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}}),
        meta("article:content_tier", "locked"),
    ],
)
def test_a_paywall_that_the_page_declares_is_seen(head):
    assert read(page(head)).paywalled
    assert not read(page()).paywalled


def test_the_rest_of_the_head_is_read():
    head = (
        '<link rel="canonical" href="/news/a-face?utm_source=x"><link rel="license" href="/terms">'
        '<meta name="description" content="What  it says."><meta name="robots" content="max-snippet:90">'
        + meta("og:image", "/a.jpg")
        + meta("og:site_name", "Example Times")
    )
    found = read(page(head, lang="en_GB"), Clues(headers=(("X-Robots-Tag", "noarchive"),)))
    assert found.canonical_url == "https://www.example.com/news/a-face"
    assert (found.description, found.image_url) == ("What it says.", "https://www.example.com/a.jpg")
    assert (found.language, found.site_name) == ("en-GB", "Example Times")
    assert (found.reuse.max_snippet, found.reuse.noarchive) == (90, True)
    assert found.reuse.licence == "https://www.example.com/terms"


def test_another_site_s_canonical_address_is_not_believed():
    head = '<link rel="canonical" href="https://elsewhere.example/a">'
    found = read(page(head))
    assert (found.canonical_url, found.canonical_doubted) == (URL, "https://elsewhere.example/a")


@pytest.mark.parametrize(
    ("page_says", "feed_says", "day"),
    [
        ("2026-11-20T21:30:00-05:00", datetime(2026, 11, 21, 2, 30, tzinfo=UTC), 20),
        ("2026-11-20T21:30:12-05:00", datetime(2026, 11, 21, 2, 30, tzinfo=UTC), 20),
        ("2026-11-20T00:00:00+01:00", datetime(2026, 11, 19, 23, 0, tzinfo=UTC), 20),
        ("2026-11-20T19:00:00-05:00", datetime(2026, 11, 21, tzinfo=UTC), 20),
        ("2026-11-20T21:30:00-05:00", datetime(2026, 11, 20, 21, 30, tzinfo=timezone(timedelta(hours=-5))), 20),
    ],
)
def test_a_feed_that_tells_the_moment_in_another_zone_confirms_the_day_of_the_page(page_says, feed_says, day):
    precision = Precision.TIME if feed_says.hour else Precision.DAY
    item = FeedItem(URL, published=feed_says, precision=precision)
    found = read(page(meta("article:published_time", page_says)), Clues(item=item, fetched=THAT_WEEK))
    assert (found.published.date(), "date" in found.evidence.sure) == (date(2026, 11, day), True)
    assert [said.value for said in found.evidence.date if said.place is Place.FEED] == [feed_says.isoformat()]


def test_a_feed_that_tells_another_moment_confirms_nothing():
    item = FeedItem(URL, published=datetime(2026, 11, 21, 2, 31, tzinfo=UTC))
    head = meta("article:published_time", "2026-11-20T21:30:00-05:00")
    assert "date" not in read(page(head), Clues(item=item, fetched=THAT_WEEK)).evidence.sure


def test_day_and_month_are_told_apart_by_what_the_page_says_plainly():
    body = '<p class="date">03/04/2024</p>'
    stamp = script(**{"@type": "Article", "headline": "A longer face", "datePublished": "2024-04-03"})
    assert read(page(stamp, body)).published.month == 4
    assert read(page(body=body, lang="de")).published.month == 4
    assert read(page(body=body, lang="en-US")).published.month == 3


def test_the_tree_is_left_as_it_was():
    html = page(script(**{"@type": "Article", "headline": "A"}), '<p class="byline">By Jane Roe</p>')
    tree = LexborHTMLParser(html)
    before = tree.html
    read_metadata(tree, html, URL, Clues())
    assert tree.html == before


NASTY = [
    "",
    "\x00\ud800",
    "<p>" * 50_000,
    "<div>" * 3_000 + "By Jane Roe",
    "<html lang=\ud800><title>\ud800</title><h1>\ud800\x00</h1>",
    '<meta property="og:title" content="\x00">' * 2_000,
    "<a href='http://['>x</a><link rel=canonical href='http://['><meta property=og:image content='http://['>",
    "<p class=date>99/99/2024 2024-99-99</p>" * 500,
    "<p class=author>By " + "x" * 100_000,
    "<script type=application/ld+json>" + "[" * 100_000 + "</script>",
    script(**{"@type": "Article", "headline": {"a": []}}, author=[[[[{}]]]], image=[[]]),
    "<title>" + " | " * 10_000,
    "<h1>" + "<b>a</b>" * 20_000,
    "".join(f"<a rel=author href=/author/{number}>Jane Roe {number}</a>" for number in range(5_000)),
]


@pytest.mark.parametrize("html", NASTY, ids=range(len(NASTY)))
def test_no_page_is_too_nasty(html):
    tree = LexborHTMLParser(html.encode("utf-8", "replace").decode())
    found = read_metadata(tree, html, "http://[", Clues(fetched=FETCHED))
    assert "\ud800" not in found.title + found.author


SOUP = ("<title>", "</title>", "<h1>", "</h1>", "<time datetime=2024-01-02>", "<p class=byline>By ", "Jane Roe", "</p>")
SOUP += (
    '<script type="application/ld+json">{"@type":"Article","author":',
    '"a"}',
    "</script>",
    "<meta name=author content=",
)
SOUP += ("<div itemprop=author>", "</div>", " | ", "©", "March 3, 2024", "<article>", "<a rel=author>")


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SOUP) | st.text(max_size=8), max_size=25).map("".join), st.text(max_size=20))
def test_no_soup_raises(html, url):
    read_metadata(LexborHTMLParser(html.encode("utf-8", "replace").decode()), html, url, Clues(fetched=FETCHED))
