"""Links on hosts that no source lies on: asked only by who holds the host, never while it rests, each once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from crawler.crawling import CrawlPlan, crawl
from crawler.models import Article, Link, Site, Source
from crawler.sources import add_source
from crawler.urls import link_key
from tests.bad_web import PAGE, BadWeb, answer, by_path, rss, says, serve

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
XML = "Content-Type: application/rss+xml; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
FOREIGN = ("/nose", "/chin")
SOMEBODY = "another-machine/77/1/abcd"
TOMORROW = timedelta(days=1)


@pytest.fixture
def plan(tmp_path):
    return CrawlPlan(tmp_path, "Glabella/test", delay=0.02, allow_private=True, timeout=2.0)


@pytest.fixture
def web():
    """Two aggregators that name the same two pages of a clinic, and each a page of its own."""
    made = BadWeb(hosts=dict.fromkeys(("clinic", "first", "second"), says("")))
    with serve(made):
        pages = {path: says(PAGE.replace("nose", path[1:]), HTML) for path in FOREIGN}
        made.hosts["clinic"] = by_path(pages)
        for host in ("first", "second"):
            feed = rss(made.url(host, "/own"), *(made.url("clinic", path) for path in FOREIGN))
            made.hosts[host] = by_path({"/feed": says(feed, XML), "/own": says(PAGE.replace("nose", host), HTML)})
        yield made


@pytest.fixture
def clinic(web):
    return Site.objects.create(host=web.address("clinic"))


def now():
    return datetime.now(UTC)


def later(days=2):
    return lambda: now() + timedelta(days=days)


def add(web, host):
    return add_source(web.url(host), "feed", by="test", now=now())[0]


def asked(web, host="clinic"):
    return Counter(target for address, target in web.asked if address == web.address(host))


def link(web, path="/nose", host="clinic"):
    return Link.objects.get(key=link_key(web.url(host, path)))


def hold(site):
    Site.objects.filter(pk=site.pk).update(lease_by=SOMEBODY, lease_until=now() + TOMORROW)


def test_a_page_that_two_sources_name_on_a_third_host_is_asked_for_once_in_the_same_crawl(web, plan):
    sources = [add(web, "first"), add(web, "second")]
    count = crawl(plan, clock=now)
    assert asked(web) == {"/robots.txt": 1, "/nose": 1, "/chin": 1}
    assert {source.sightings.count() for source in sources} == {3}
    assert count.outcomes["article"] == Article.objects.count() == 4
    assert not Site.objects.exclude(lease_by="").exists()


def test_a_host_that_another_worker_holds_is_not_asked_and_its_pages_wait(web, plan, clinic):
    add(web, "first")
    hold(clinic)
    count = crawl(plan, clock=now)
    assert asked(web) == {}
    assert count.outcomes["article"] == 1
    assert (link(web).state, link(web).tries) == ("found", 0)
    clinic.refresh_from_db()
    assert clinic.lease_by == SOMEBODY


def test_what_waits_on_a_host_without_a_source_is_fetched_when_the_host_is_free(web, plan, clinic):
    add(web, "first")
    hold(clinic)
    crawl(plan, clock=now)
    Site.objects.update(lease_by="", lease_until=None)
    count = crawl(plan, clock=now)
    assert asked(web) == {"/robots.txt": 1, "/nose": 1, "/chin": 1}
    assert asked(web, "first")["/feed"] == 1
    assert (count.sites, count.outcomes["article"]) == (1, 2)


def test_a_resting_host_is_not_asked_until_its_time_and_then_it_is(web, plan, clinic):
    add(web, "first")
    Site.objects.filter(pk=clinic.pk).update(next_at=now() + TOMORROW)
    crawl(plan, clock=now)
    crawl(plan, clock=now)
    assert asked(web) == {}
    crawl(plan, clock=later())
    assert asked(web) == {"/robots.txt": 1, "/nose": 1, "/chin": 1}
    assert link(web).state == "fetched"


def test_a_young_page_is_looked_at_again_though_no_source_lies_on_its_host(web, plan):
    source = add(web, "first")
    crawl(plan, clock=now)
    Source.objects.filter(pk=source.pk).update(next_at=now() + 9 * TOMORROW)
    crawl(plan, clock=later(1))
    assert asked(web)["/nose"] == 2
    Source.objects.update(paused=True)
    crawl(plan, clock=later(8))
    assert asked(web)["/nose"] == 2


def test_the_robots_txt_of_a_foreign_host_is_kept_and_obeyed(web, plan, clinic):
    Site.objects.update(robots="User-agent: *\nDisallow: /chin", robots_status=200, robots_at=now())
    add(web, "first")
    crawl(plan, clock=now)
    assert asked(web) == {"/nose": 1}
    assert link(web, "/chin").reason == "robots.txt does not allow it"


@pytest.mark.parametrize("resting", [False, True], ids=["held", "resting"])
def test_a_redirect_is_not_followed_to_a_host_that_is_not_ours(web, plan, clinic, resting):
    moved = says("", f"Location: {web.url('clinic', '/nose')}", status="302 Found")
    web.hosts["first"] = by_path({"/feed": says(rss(web.url("first", "/moved")), XML), "/moved": moved})
    add(web, "first")
    if resting:
        Site.objects.filter(pk=clinic.pk).update(next_at=now() + TOMORROW)
    else:
        hold(clinic)
    crawl(plan, clock=now)
    assert asked(web) == {}
    waits = link(web, "/moved", "first")
    assert (waits.state, waits.tries) == ("found", 0)
    assert (waits.next_at - now() > TOMORROW / 2) == resting
    Site.objects.update(lease_by="", lease_until=None)
    crawl(plan, clock=later())
    assert asked(web) == {"/robots.txt": 1, "/nose": 1}
    assert link(web, "/moved", "first").state == "fetched"


def test_a_source_that_leads_to_a_host_of_another_worker_waits_and_has_not_failed(web, plan, clinic):
    web.hosts["clinic"] = by_path({"/real": says(rss(), XML)})
    web.hosts["first"] = by_path({"/feed": says("", f"Location: {web.url('clinic', '/real')}", status="301 Moved")})
    source = add(web, "first")
    hold(clinic)
    crawl(plan, clock=now)
    source.refresh_from_db()
    assert (asked(web), source.health, source.failures) == ({}, "new", 0)
    assert source.outcome == "the host is at rest or with another worker"
    Site.objects.update(lease_by="", lease_until=None)
    crawl(plan, clock=later())
    source.refresh_from_db()
    assert source.outcome == "the feed has no entries"


def test_the_host_that_asked_for_rest_rests_and_not_the_one_that_led_there(web, plan, clinic):
    async def busy(target, writer):
        status = "404 Not Found" if target == "/robots.txt" else "429 Too Many Requests"
        writer.write(answer(status, "", "Retry-After: 600"))

    moved = says("", f"Location: {web.url('clinic', '/nose')}", status="302 Found")
    web.hosts["clinic"] = busy
    web.hosts["first"] = by_path({"/feed": says(rss(web.url("first", "/moved")), XML), "/moved": moved})
    add(web, "first")
    crawl(plan, clock=now)
    resting = Site.objects.exclude(next_at=None).values_list("host", flat=True)
    assert list(resting) == [web.address("clinic")]


def test_what_a_worker_had_found_when_it_was_killed_is_fetched_by_the_next(web, plan):
    add(web, "first")

    def dies(record, outcome):
        if outcome == "source":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(plan, clock=now, watch=dies)
    crawl(plan, clock=later(0.1))
    assert {link(web, path).state for path in FOREIGN} == {"fetched"}
    assert Article.objects.count() == 3
