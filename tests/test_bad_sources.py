"""Sources and pages that misbehave, over real sockets: one clear line each, and their neighbours are crawled."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.crawling import CrawlPlan, crawl
from crawler.models import Article, Link, Source
from crawler.sources import add_source
from crawler.spiders.recorder import UNWRITABLE
from crawler.urls import link_key
from tests import bad_web
from tests.bad_web import PAGE, BadWeb, by_path, rss, says, serve

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
ROOT = Path(__file__).resolve().parent.parent
XML = "Content-Type: application/rss+xml; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"


@pytest.fixture
def plan(tmp_path):
    return CrawlPlan(tmp_path, "Glabella/test", delay=0.02, allow_private=True, timeout=1.0)


@pytest.fixture
def outcome(clock, plan):
    """Crawl the hosts beside a good neighbour; the line that each one's source says."""

    def crawl_hosts(hosts: dict[str, bad_web.Speak], **changes) -> dict[str, str]:
        web = BadWeb(hosts={**hosts, "neighbour": by_path({"/feed": says("", XML), "/nose": says(PAGE, HTML)})})
        with serve(web):
            web.hosts["neighbour"] = by_path(
                {"/feed": says(rss(web.url("neighbour", "/nose")), XML), "/nose": says(PAGE, HTML)}
            )
            sources = {host: add_source(web.url(host), "feed", by="test", now=clock())[0] for host in web.hosts}
            crawl(replace(plan, **changes), clock=clock)
        said = {host: Source.objects.get(pk=source.pk).outcome for host, source in sources.items()}
        if plan.allow_private and not changes:
            assert said.pop("neighbour") == "1 entry read"
            assert Article.objects.filter(title="A straight nose").exists()
        return said

    return crawl_hosts


def test_sources_that_cannot_be_read_say_why(outcome):
    hosts = {
        "html": says(PAGE, HTML),
        "text": says("nothing but words", "Content-Type: text/plain"),
        "empty": says("", XML),
        "no entries": says(rss(), XML),
        "missing": says("", status="404 Not Found"),
        "broken": says("", status="500 Internal Server Error"),
        "huge": by_path({"/feed": bad_web.floods}),
        "bomb": says(bad_web.bomb(), XML, "Content-Encoding: gzip"),
        "cut": by_path({"/feed": bad_web.breaks_off}),
        "no http": bad_web.no_http,
    }
    assert outcome(hosts) == {
        "html": "this is a web page, not a feed",
        "text": "this is not a feed",
        "empty": "the answer is empty",
        "no entries": "the feed has no entries",
        "missing": "the server answered 404",
        "broken": "the server answered 500",
        "huge": "the answer is larger than 10 MB",
        "bomb": "the answer is larger than 10 MB",
        "cut": "the answer broke off",
        "no http": "the connection broke",
    }
    assert set(Source.objects.exclude(outcome__contains="read").values_list("health", flat=True)) <= {
        "failing",
        "empty",
    }


def test_sources_that_do_not_answer_are_given_up_after_the_timeout(outcome):
    hosts = {"silent": bad_web.silent, "silent later": bad_web.silent_later, "drips": by_path({"/feed": bad_web.drips})}
    assert outcome(hosts) == {
        "silent": "no answer in time",
        "silent later": "no answer in time",
        "drips": "no answer in time",
    }


def test_robots_txt_that_is_broken_or_forbids_all_keeps_us_out(outcome):
    feed = rss("http://paper.example/never")
    hosts = {
        "robots 500": by_path({"/robots.txt": _robots("", "500 Oh"), "/feed": says(feed, XML)}),
        "closed": by_path({"/robots.txt": _robots("User-agent: *\nDisallow: /"), "/feed": says(feed, XML)}),
        "robots is a page": by_path({"/robots.txt": _robots(PAGE), "/feed": says(rss(), XML)}),
    }
    assert outcome(hosts) == {
        "robots 500": "its robots.txt cannot be had: the server answered 500",
        "closed": "robots.txt does not allow it",
        "robots is a page": "the feed has no entries",
    }


def test_a_feed_that_lies_about_its_charset_is_still_read(outcome, clock):
    web_page = rss("http://127.0.9.99:9/x").replace("Piece 0", "A nose for £18").encode("cp1252")
    assert outcome({"lies": says(web_page, XML)}) == {"lies": "1 entry read"}
    assert "£18" in Source.objects.get(url__contains="/feed", sightings__title__contains="18").sightings.get().title


def test_a_redirect_that_never_ends_is_followed_a_few_times_only(outcome):
    said = outcome({"loops": says("", "Location: /feed?again", status="302 Found")})
    assert said == {"loops": "redirected too often"}


def test_a_host_that_asks_for_rest_gets_it(outcome):
    said = outcome({"busy": says("", "Retry-After: 600", status="429 Too Many Requests")})
    assert said == {"busy": "the server asked us to wait (429)"}
    busy = Source.objects.get(outcome__contains="429")
    assert (busy.site.next_at - busy.checked_at).total_seconds() == 600


def test_a_private_address_is_refused_unless_allowed(outcome):
    said = outcome({"open": says(rss(), XML)}, allow_private=False)
    assert set(said.values()) == {"a private address"}
    assert not Link.objects.filter(state="fetched").exists()


def test_a_private_address_in_disguise_is_refused(clock, plan):
    web = BadWeb(hosts={"open": says(rss(), XML)})
    with serve(web):
        for name in (
            "127.0.0.1.",
            "127.1",
            "127.0.9.1",
            "2130706433",
            "0x7f000001",
            "0",
            "[::1]",
            "[::ffff:7f00:1]",
            "localhost",
        ):
            add_source(f"http://{name}:{web.port}/feed", "feed", by="test", now=clock())
        crawl(replace(plan, allow_private=False), clock=clock)
    assert not web.asked
    said = set(Source.objects.values_list("outcome", flat=True))
    assert said <= {"a private address", "the host has a private address", "the host is not found"}


def test_pages_that_misbehave_say_why_and_the_next_one_is_crawled(clock, plan, now):
    pages = {
        "/silent": bad_web.silent,
        "/huge": bad_web.floods,
        "/bomb": says(bad_web.bomb(), HTML, "Content-Encoding: gzip"),
        "/cut": bad_web.breaks_off,
        "/empty": says("", HTML),
        "/picture": says(b"\x89PNG\r\n\x1a\n" + bytes(400), "Content-Type: text/html"),
        "/error": says("", status="500 Oh"),
        "/missing": says("", status="410 Gone"),
        "/round": says("", "Location: /round?more", status="302 Found"),
        "/nowhere": says("", "Location: mailto:editor@paper.example", status="302 Found"),
        "/latin": says(PAGE.replace("ninety", "£90").encode("cp1252"), HTML),
        "/last": says(PAGE.replace("nose", "chin"), HTML),
    }
    web = BadWeb(hosts={"paper": says("")})
    with serve(web):
        feed = rss(
            *(web.url("paper", path) for path in pages), "http://[bad", "javascript:void(0)", "http://x/" + "y" * 3000
        )
        web.hosts["paper"] = by_path({"/feed": says(feed, XML), "/round?more": pages["/round"], **pages})
        source = add_source(web.url("paper"), "feed", by="test", now=now)[0]
        crawl(plan, clock=clock)
    source.refresh_from_db()
    assert source.outcome == "12 entries read, 2 without a usable address"
    said = {}
    for path in pages:
        link = Link.objects.get(key=link_key(web.url("paper", path)))
        said[path] = (link.state, link.reason)
    assert said == {
        "/silent": ("found", "no answer in time"),
        "/huge": ("refused", "the answer is larger than 10 MB"),
        "/bomb": ("refused", "the answer is larger than 10 MB"),
        "/cut": ("found", "the answer broke off"),
        "/empty": ("refused", "empty"),
        "/picture": ("refused", "not text"),
        "/error": ("found", "the server answered 500"),
        "/missing": ("gone", "the server answered 410"),
        "/round": ("found", "redirected too often"),
        "/nowhere": ("refused", "not an address of the web"),
        "/latin": ("fetched", ""),
        "/last": ("fetched", ""),
    }
    assert "£90" in Article.objects.get(url__endswith="/latin").text


def test_a_slow_host_with_many_pages_holds_nobody_up(clock, plan, now):
    web = BadWeb(hosts={"slow": says(""), "late": says("")})
    with serve(web):
        many = [web.url("slow", f"/piece-{at}") for at in range(300)]
        slow = {"/robots.txt": _robots("User-agent: *\nCrawl-delay: 0.5"), "/feed": says(rss(*many), XML)}
        slow |= {f"/piece-{at}": says(PAGE, HTML) for at in range(300)}
        late = says(rss(web.url("late", "/nose")), XML)
        web.hosts["slow"] = by_path(slow)
        web.hosts["late"] = by_path({"/feed": bad_web.after(1.0, late), "/nose": says(PAGE, HTML)})
        for host in web.hosts:
            add_source(web.url(host), "feed", by="test", now=now)
        crawl(replace(plan, seconds=6, timeout=5.0), clock=clock)
    before = web.asked[: web.asked.index((web.address("late"), "/nose"))]
    assert len(before) < 12
    waiting = Link.objects.filter(state="found", next_at__isnull=False)
    assert waiting.count() > 250


def test_an_archive_that_cannot_be_written_ends_the_child_with_one_line():
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from crawler.archive import Failure; from crawler.spiders.recorder import Recorder;"
        "recorder = Recorder(Path('/dev/full'), sys.stdout);"
        "recorder.failure(Failure('http://a/', 'x', datetime.now(UTC)), 'link:1')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (UNWRITABLE, "")
    assert done.stderr == "the archive cannot be written: No space left on device\n"


def _robots(text: str, status: str = "200 OK") -> bad_web.Speak:
    async def speak(target, writer) -> None:
        writer.write(bad_web.answer(status, text, "Content-Type: text/plain"))

    return speak
