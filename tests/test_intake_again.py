"""What a later visit, a request to wait, and a record that no row can hold change: never what is there already."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler import intake, models
from crawler.archive import ArchiveWriter, Failure, Record
from crawler.claiming import answer as answer_to
from crawler.claiming import due_links, site_order
from crawler.extract import extract
from crawler.filing import file_article
from crawler.intake import take
from crawler.orders import Question, SourceOrder
from crawler.page import Page
from crawler.reprocessing import reprocess
from crawler.sites import site_of
from crawler.sources import add_source
from crawler.urls import link_key
from tests.bad_web import PAGE

pytestmark = pytest.mark.django_db
MAP, NOSE = "https://paper.example/sitemap.xml", "https://paper.example/nose"
INDEX = "<sitemapindex><sitemap><loc>https://paper.example/young.xml</loc></sitemap></sitemapindex>"
URLSET = f"<urlset><url><loc>{NOSE}</loc></url></urlset>"


@pytest.fixture
def run(now):
    return models.Run.objects.create(name="r1", started_at=now, lease_by="me", lease_until=now + timedelta(hours=1))


@pytest.fixture
def source(now):
    return add_source(MAP, "sitemap", by="test", now=now)[0]


@pytest.fixture
def answer(run, now):
    """Take in an answer or a failure; the outcome in a word."""
    return lambda whom, answer: take(Record(whom, answer, 0, 10), run)


@pytest.fixture
def reply(now):
    def make(url=NOSE, body=PAGE, status=200, headers=()):
        return Page(url, url, status, headers, body.encode(), now)

    return make


def link(url: str = NOSE) -> models.Link:
    return models.Link.objects.get(key=link_key(url))


@pytest.mark.parametrize("status", [500, 403, 429])
def test_a_page_that_fails_later_stays_as_it_was(answer, reply, status):
    answer("link:1", reply())
    for _ in range(6):
        assert answer("link:1", reply(status=status)) == "unchanged"
    assert link().state == "fetched"
    assert link().reason.startswith("at a later visit: the server")
    assert models.Article.objects.count() == 1


def test_a_page_that_hides_behind_a_wall_later_stays_as_it_was(answer, reply):
    answer("link:1", reply())
    stored = link().content_hash
    assert answer("link:1", reply(body="<p>Sign in.</p>")) == "unchanged"
    assert (link().state, link().content_hash) == ("fetched", stored)
    assert models.Article.objects.get().current


def test_a_page_that_is_taken_down_is_gone(answer, reply):
    answer("link:1", reply())
    assert answer("link:1", reply(status=410)) == "gone"


def test_waiting_for_a_busy_site_is_no_failure_of_its_pages(answer, reply, source, now):
    answer(f"source:{source.pk}", reply(MAP, URLSET))
    for _ in range(9):
        assert answer("link:1", Failure(NOSE, "the site asked us to wait", now, wait=3600)) == "found"
    assert (link().tries, link().next_at) == (0, now + timedelta(hours=1))


def test_a_part_of_a_sitemap_that_fails_leaves_the_index_sound(answer, reply, source):
    answer(f"source:{source.pk}", reply(MAP, INDEX))
    young = "https://paper.example/young.xml"
    answer(f"source:{source.pk}", reply(young, "", 500))
    source.refresh_from_db()
    assert source.health == "ok"
    assert source.outcome == "an index of 1 sitemap read; a sitemap of it failed: the server answered 500"
    answer(f"source:{source.pk}", reply(young, URLSET))
    assert link().state == "found"


def test_an_index_is_asked_for_whole_since_its_sitemaps_change_without_it(answer, reply, source):
    for body, kept in ((INDEX, ""), (URLSET, '"a1"')):
        answer(f"source:{source.pk}", reply(MAP, body, headers=(("ETag", '"a1"'),)))
        source.refresh_from_db()
        assert source.etag == kept


def test_a_record_that_cannot_be_filed_is_put_aside_and_the_next_is_taken(answer, reply, source, monkeypatch):
    answer(f"source:{source.pk}", reply(MAP, URLSET))
    with monkeypatch.context() as broken:
        broken.setattr(intake, "file_article", None)
        assert answer("link:1", reply()) == "quarantined"
    assert (link().state, link().reason) == ("quarantined", "could not be filed: TypeError")
    assert models.Run.objects.get().read_to == 10
    assert answer("link:1", reply()) == "article"


def test_a_feed_whose_name_no_database_stores_is_read(answer, reply, now):
    feed = add_source("https://paper.example/feed.json", "feed", by="test", now=now)[0]
    feed_of = {"version": "https://jsonfeed.org/version/1", "title": "A \ud800 paper", "items": [{"url": NOSE}]}
    assert answer(f"source:{feed.pk}", reply(feed.url, json.dumps(feed_of))) == "source"
    feed.refresh_from_db()
    assert (feed.title, feed.health) == ("A ? paper", "ok")


def test_what_a_section_swallowed_before_comes_back_where_stored_pages_are_judged_again(home, now):
    site = site_of("paper.example")
    section = models.Link.objects.create(
        key=link_key("https://paper.example/news/"), url="https://paper.example/news/", site=site, found_at=now
    )
    writer = ArchiveWriter(home / "archive" / "r1.warc.gz")
    for town in ("Leeds", "Hull", "York"):
        url = f"https://paper.example/news/{town.lower()}"
        words = " ".join(f"Surgeon {n} told {town} that noses of {town} heal, as {town} knows." for n in range(9))
        body = f"<link rel=canonical href=/news/><article><h1>Noses of {town}</h1><p>{words}</p></article>"
        page = Page(url, url, 200, (), body.encode(), now)
        models.Link.objects.create(
            key=link_key(url), url=url, site=site, found_at=now, state="fetched", folded_into=section,
            archive_file="r1.warc.gz", archive_offset=writer.page(page, "link:1")[0],
        )  # fmt: skip
        file_article(replace(extract(page.body, url), canonical_url=section.url), section, now=now)
    assert models.Story.objects.count() == 1
    assert reprocess(home / "archive", now=now) == {"article": 3}
    leads = set(models.Story.objects.values_list("lead__url", flat=True))
    assert leads == {f"https://paper.example/news/{town}" for town in ("leeds", "hull", "york")}
    assert not models.Link.objects.exclude(folded_into=None).exists()


def test_a_canonical_address_longer_than_a_row_is_not_believed(answer, reply):
    head = f'<link rel="canonical" href="https://paper.example/{"n" * 3000}">'
    assert answer("link:1", reply(body=PAGE.replace("<article>", head + "<article>"))) == "article"
    assert models.Article.objects.get().link == link()


def test_a_link_that_leads_to_another_site_is_filed_there(answer, now):
    short, there = "https://short.example/x1", "https://www.paper.example/nose"
    body = PAGE.replace("<article>", f'<link rel="canonical" href="{there}"><article>')
    assert answer("link:1", Page(there, short, 200, (), body.encode(), now)) == "article"
    assert (link(there).site_id, link(short).site_id) == ("www.paper.example", "short.example")
    assert models.Article.objects.get().link == link(there)


def test_links_on_another_host_are_that_host_s_work_and_known_when_a_source_names_them_again(
    answer, reply, source, now
):
    elsewhere = "https://www.other.example/nose"
    answer(f"source:{source.pk}", reply(MAP, URLSET.replace(NOSE, elsewhere)))
    order = site_order(source.site, [source], now, 200)
    assert (order.sources, dict(order.links)) == ((SourceOrder(source.pk, MAP, "sitemap"),), {})
    assert set(site_order(link(elsewhere).site, None, now, 200).links) == {link_key(elsewhere)}
    named = Question(keys=(link_key(elsewhere), link_key(NOSE)))
    assert answer_to(named, "me", now).links == {}
    answer("link:1", reply(elsewhere, status=410))
    assert {key: one.state for key, one in answer_to(named, "me", now).links.items()} == {link_key(elsewhere): "gone"}


def test_old_links_are_not_in_the_order(answer, reply, source, now):
    answer(f"source:{source.pk}", reply(MAP, URLSET))
    answer("link:1", reply())
    assert not due_links(now).exists()
    assert dict(site_order(source.site, [source], now, 200).links) == {}
    young = now + timedelta(hours=12)
    assert dict(site_order(source.site, [source], young, 200).links).keys() == {link_key(NOSE)}
    assert dict(site_order(source.site, [source], young, 0).links) == {}
