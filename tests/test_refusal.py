"""Why a page is no article: one clear reason, and what was found all the same."""

import pytest

from crawler.extract import NotAnArticle, Reason, extract
from tests.nasty_pages import BODY, PARAGRAPHS, WALL, page

URL = "https://journal.example/2031/05/scar-cream-trial"


def reason_of(html: str | bytes, url: str = URL) -> Reason | None:
    try:
        extract(html, url)
    except NotAnArticle as refusal:
        return refusal.reason
    return None


def test_an_article_is_none_of_these():
    article = extract(page(BODY), URL)
    assert article.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("html", ["", b"", "  \n ", b"\n"])
def test_nothing_is_empty(html):
    assert reason_of(html) is Reason.EMPTY


@pytest.mark.parametrize("raw", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"GIF89a", bytes(range(32)) * 40])
def test_bytes_of_another_kind_are_not_text(raw):
    assert reason_of(raw) is Reason.NOT_TEXT


def test_more_than_a_page_can_be_is_too_large():
    assert reason_of("<p>word</p>" * 800_000) is Reason.TOO_LARGE
    assert reason_of("<i>" * 400_001) is Reason.TOO_LARGE


def test_a_page_without_text_has_no_body():
    assert reason_of("<html><head><title>x</title></head><body><img src='a.png'></body></html>") is Reason.NO_BODY


def test_fewer_than_twenty_words_are_too_short_and_are_carried():
    with pytest.raises(NotAnArticle) as refusal:
        extract(page("<p>The clinic on Dock Street will open again on the first Monday of next month.</p>"), URL)
    assert refusal.value.reason is Reason.TOO_SHORT
    assert refusal.value.article is not None
    assert refusal.value.article.title == "Small study of scar cream finds no effect"


def test_a_short_whole_notice_is_an_article():
    notice = (
        "<p>The maker recalls all jars of batch 2207 of its silicone scar gel because a seal may leak. Do not use jars "
        "of this batch. Return them to the pharmacy where they were bought.</p><p>No injuries have been reported. "
        "Other batches are not affected. Questions are answered by the maker's safety office on weekdays.</p>"
    )
    assert reason_of(page(notice, "Recall of silicone scar gel, batch 2207"), "https://notices.example/2207") is None


def test_a_paywall_teaser_is_refused_and_a_long_one_is_not():
    wall = "<div class='wall'><h3>Subscribe to continue reading</h3><p>Already a subscriber? Sign in to read.</p></div>"
    teaser = "<p>" + PARAGRAPHS[0] + "</p>"
    assert reason_of(page(teaser + wall)) is Reason.PAYWALL
    assert reason_of(page(BODY + wall)) is None


def test_a_page_that_is_only_a_consent_wall_is_refused():
    assert reason_of(f"<html><head><title>The Journal</title></head><body>{WALL}</body></html>") is Reason.CONSENT_WALL


@pytest.mark.parametrize(
    "title",
    ["404 Not Found", "Page not found", "Just a moment...", "Access Denied", "Error 503 unavailable",
     "This article has been withdrawn"],
)  # fmt: skip
def test_an_error_page_is_refused(title):
    html = page("<p>The page you are looking for may have been moved. Try the search, or go to our home page, where "
                "all of the latest stories are waiting for you to read them.</p>", title)  # fmt: skip
    assert reason_of(html) is Reason.ERROR_PAGE


def test_an_index_page_is_a_listing():
    cards = "".join(
        f"<article class='card'><h3><a href='/2031/0{day}/story-{day}'>Headline number {day} of a section about skin "
        f"and scars</a></h3><p>A short teaser of story {day}…</p><time>May {day}, 2031</time></article>"
        for day in range(1, 10)
    )
    html = f"<html><head><title>Skin - The Journal</title></head><body><main><h1>Skin</h1>{cards}</main></body></html>"
    assert reason_of(html, "https://journal.example/category/skin/") in (
        Reason.LISTING,
        Reason.TOO_SHORT,
        Reason.NO_BODY,
    )


def test_an_index_that_asks_to_subscribe_is_a_listing_and_no_teaser():
    wall = "<aside><p>Subscribe to keep reading. Already a subscriber? Sign in to read.</p></aside>"
    cards = "".join(
        f"<article class='card'><h2><a href='/2031/05/story-{day}'>Surgeons of the county report on scars, part {day}"
        f"</a></h2><p>A short teaser of what part {day} of the report has to say about scars…</p></article>"
        for day in range(1, 13)
    )
    html = f"<html><head><title>Skin archives</title></head><body class='archive category'><h1>Skin</h1>{wall}{cards}"
    assert reason_of(html, "https://journal.example/category/skin/") is Reason.LISTING


def test_a_gallery_has_nothing_to_read():
    pictures = "".join(
        f"<figure><img src='{number}.jpg'><figcaption>{1920 + number * 9} A salon in Harbour Street, with its owner "
        f"and the machine of that year.</figcaption></figure>"
        for number in range(1, 9)
    )
    assert reason_of(page(pictures, "In pictures: a hundred years of salons")) is Reason.NO_BODY


def test_a_select_of_more_options_than_the_parser_can_bear_is_too_large():
    assert reason_of(page("<select>" + "<option>Country" * 12_001 + "</select>" + BODY)) is Reason.TOO_LARGE
    assert reason_of(page("<select>" + "<option>Country" * 300 + "</select>" + BODY)) is None
