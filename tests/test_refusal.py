"""Why a page is no article: one clear reason, and what was found all the same."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.extract import NotAnArticle, Reason, extract, extract_body

URL = "https://journal.example/2031/05/scar-cream-trial"
PARAGRAPHS = (
    "A cream sold to flatten scars did no better than a plain ointment in a trial of 64 people, surgeons report.",
    "Half of the volunteers rubbed the cream on their scars twice a day for three months. The others used a jar that "
    "looked the same. Neither they nor the nurses who measured the scars knew which jar was which.",
    "By the end, scars in both groups had become softer and paler, and by the same amount. “Time did the work,” said "
    "the surgeon who led the trial, who had paid for the jars himself.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def page(body: str, title: str = "Small study of scar cream finds no effect") -> str:
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"


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
    wall = (
        "<div id='cmp'><h2>We value your privacy</h2><p>We and our 812 partners store and access cookies on your "
        "device to show personalised ads and measure content.</p><p>You can accept all cookies, reject all, or manage "
        "preferences. Some vendors rely on legitimate interest instead of consent.</p><p>Read our privacy policy and "
        "cookie policy to learn more about consent.</p><button>Accept all</button></div>"
    )
    assert reason_of(f"<html><head><title>The Journal</title></head><body>{wall}</body></html>") is Reason.CONSENT_WALL


@pytest.mark.parametrize(
    "title", ["404 Not Found", "Page not found", "Just a moment...", "Access Denied", "Error 503 unavailable"]
)
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


def nasty_pages() -> dict[str, str | bytes]:
    deep_json = "[" * 100_000 + "]" * 100_000
    return {
        "nested divs": "<div>" * 50_000 + BODY,
        "nested bold": "<b>" * 50_000 + BODY,
        "nested tables": "<table><tr><td>" * 15_000 + BODY,
        "unclosed links": "<a href=x>" * 10_000 + BODY,
        "many links": page("<ul>" + "<li><a href='/a'>A link of some words</a></li>" * 10_000 + "</ul>" + BODY),
        "deep json": page(f"<script type='application/ld+json'>{deep_json}</script>" + BODY),
        "wide json": page(
            "<script type='application/ld+json'>[" + '{"@type":"Article"},' * 100_000 + "{}]</script>" + BODY
        ),
        "nul bytes": page(BODY).replace(" ", "\x00 "),
        "lone surrogates": page(BODY.replace("a", "a\ud800")),
        "truncated": page(BODY)[:-120] + "<a href='",
        "wrong encoding": page(BODY).replace("utf-8", "").encode("utf-16"),
        "latin in utf-8": b"<meta charset=utf-8>" + page(BODY).encode("windows-1252", "replace"),
        "one long line": page("<p>" + "word " * 200_000 + "</p>"),
        "many attributes": "<div " + " ".join(f"a{n}=b" for n in range(50_000)) + ">" + BODY,
        "long class": f"<div class='{'x ' * 100_000}'>" + BODY,
        "comment bomb": "<!--" * 50_000 + BODY,
        "entities": page("<p>" + "&amp;" * 200_000 + "</p>" + BODY),
        "twenty megabytes": "<p>word</p>" * 1_900_000,
        "many blocks": "<p>word and more</p>" * 199_000,
        "half markup": "<" * 100_000,
        "frameset": "<frameset><frame src='a'></frameset>",
    }


@pytest.mark.parametrize("name", nasty_pages())
def test_a_nasty_page_ends_in_two_seconds_in_an_article_or_a_reason(name):
    html = nasty_pages()[name]
    for run in (extract, extract_body):
        start = time.process_time()
        with contextlib.suppress(NotAnArticle):
            run(html, URL)
        assert time.process_time() - start < 2


def test_the_longest_page_that_is_read_stays_within_its_memory():
    script = (
        "import resource\n"
        "from crawler.extract import extract\n"
        "extract('<p>The nurse measured every scar again.</p>' * 29_000, 'https://journal.example/2031/05/scars')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert int(done.stdout) < 500
