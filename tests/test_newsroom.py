"""The newsroom keeps its promises: every truth holds of its page, on any day, over real HTTP."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections import Counter
from datetime import date, timedelta
from functools import cache
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from protego import Protego

from crawler.article import Reason
from desk.demo.dates import fill_dates
from desk.demo.server import serve_newsroom
from desk.demo.site import Newsroom
from desk.demo.truth import Truth, load_truths

TODAY = date(2026, 11, 20)
ROOM = Newsroom(TODAY)
TRUTHS = load_truths(TODAY)
TOPICS = {
    "toxin",
    "toxin-therapy",
    "fillers",
    "face",
    "eyes",
    "nose",
    "breast",
    "body",
    "reconstructive",
    "skin",
    "hair",
    "research",
    "safety",
    "industry",
    "culture",
    "guidance",
    "practice",
}
FRESH_DAYS = 7


def words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip()


@cache
def visible(truth: Truth) -> str:
    tree = html.fromstring(ROOM.html(truth))
    return words(" ".join(tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")))


def articles() -> list[Truth]:
    return [truth for truth in TRUTHS if truth.is_article]


def answer_to(url: str) -> int | None:
    """The status a newsroom address answers, or None where it leads elsewhere."""
    site = next((key for key, base in ROOM.bases.items() if url.startswith(base + "/")), None)
    return ROOM.respond(site, urlsplit(url).path).status if site else None


def test_six_sites_hold_at_least_sixty_pages() -> None:
    assert len(ROOM.sites) == 6
    assert len(TRUTHS) >= 60
    assert len(ROOM.pages) == len(TRUTHS), "two pages share a path"


def test_every_truth_uses_known_words() -> None:
    for truth in TRUTHS:
        assert truth.expect in {"article", *Reason}, truth.slug
        assert set(truth.topics) <= TOPICS, truth.slug
        assert truth.fetch in {"ok", "disallowed", "missing", "gone"}, truth.slug
        assert truth.promotion == bool(truth.promotion_why), truth.slug
        assert bool(truth.story) == (truth.expect == "article"), truth.slug


def test_every_article_has_a_title_and_a_body() -> None:
    for truth in articles():
        assert truth.title, truth.slug
        assert len(truth.body.split()) >= 55, truth.slug


def test_every_page_answers_as_meant_and_leaves_no_placeholder() -> None:
    for truth in TRUTHS:
        answer = ROOM.respond(truth.site, truth.path)
        assert answer.status == truth.status, truth.path
        assert b"{{" not in answer.body, truth.path
        assert "{{" not in truth.body + truth.path, truth.path


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: f"{truth.site}/{truth.slug}")
def test_the_body_stands_in_order_on_the_page(truth: Truth) -> None:
    place = 0
    for paragraph in truth.body.split("\n\n"):
        found = visible(truth).find(words(paragraph), place)
        assert found >= 0, paragraph
        place = found + len(words(paragraph))


def test_boilerplate_is_on_the_page_and_not_in_the_body() -> None:
    for truth in TRUTHS:
        for text in truth.must_not:
            assert words(text) in visible(truth), (truth.slug, text)
            assert words(text) not in words(truth.body), (truth.slug, text)


def test_title_and_authors_stand_on_the_page() -> None:
    for truth in articles():
        assert words(truth.title) in visible(truth), truth.slug
        for name in filter(None, truth.author.split("; ")):
            assert words(name) in visible(truth), (truth.slug, name)


def test_study_facts_stand_on_the_page() -> None:
    studies = [truth for truth in TRUTHS if truth.study.design]
    assert len(studies) >= 12
    for truth in studies:
        facts = truth.study
        number = f"{facts.n:,}" if facts.n else ""
        said = [number, facts.journal, facts.doi, facts.funder if facts.funder != "none" else ""]
        for fact in filter(None, said):
            assert words(fact) in visible(truth), (truth.slug, fact)


def test_each_topic_is_covered_twice_by_fresh_articles() -> None:
    since = (TODAY - timedelta(days=FRESH_DAYS)).isoformat()
    fresh = [truth for truth in articles() if truth.published and truth.published[:10] >= since]
    covered = Counter(topic for truth in fresh for topic in truth.topics)
    assert all(covered[topic] >= 2 for topic in TOPICS), covered


def test_no_truth_is_dated_after_today() -> None:
    assert all(truth.published[:10] <= TODAY.isoformat() for truth in TRUTHS if truth.published)


def test_copies_share_a_story_and_tellings_of_an_event_do_not() -> None:
    stories: dict[str, list[Truth]] = {}
    for truth in articles():
        stories.setdefault(truth.story, []).append(truth)
    reprints = [held for held in stories.values() if len({truth.site for truth in held}) > 1]
    assert sorted(len(held) for held in reprints) == [2, 3]
    for held in (held for held in stories.values() if len(held) > 1):
        vocabularies = [set(words(truth.body).lower().split()) for truth in held]
        assert len(set.intersection(*vocabularies)) > 0.5 * len(set.union(*vocabularies))
    events = Counter(truth.event for truth in articles() if truth.event)
    told = Counter(truth.event for truth in {truth.story: truth for truth in articles() if truth.event}.values())
    assert events == told
    assert set(events.values()) == {2}


def test_every_feed_parses_without_complaint() -> None:
    for site in ROOM.addresses():
        for source in (source for source in site.sources if source.kind == "feed"):
            answer = ROOM.respond(site.key, urlsplit(source.url).path)
            said = {"content-type": answer.header("Content-Type")}
            parsed = feedparser.parse(answer.body, response_headers=said)
            assert not parsed.bozo, (source.url, parsed.get("bozo_exception"))
            assert len(parsed.entries) >= 5


def test_what_feeds_and_sitemaps_list_is_there_unless_it_is_meant_to_be_missing() -> None:
    meant = {ROOM.url(truth) for truth in TRUTHS if truth.status != 200}
    for key, site in ROOM.sites.items():
        for path in (path for path, entry in site["files"].items() if entry["file"].endswith(".xml")):
            tree = etree.fromstring(ROOM.respond(key, path).body)
            named = tree.xpath("//*[local-name()='loc' or local-name()='link']")
            links = [(node.text or node.get("href") or "").strip() for node in named]
            wrong = {url for url in links if answer_to(url) not in (200, 301, None)}
            assert wrong <= meant


def test_no_link_of_a_page_is_dead_unless_meant() -> None:
    for truth in TRUTHS:
        for link in html.fromstring(ROOM.html(truth)).xpath("//a/@href | //link/@href | //img/@src"):
            address = urljoin(ROOM.url(truth), link)
            assert answer_to(address) in (200, 301, None) or truth.status != 200, (truth.slug, link)


def test_the_feeds_hold_their_traps() -> None:
    def entries(site: str, path: str) -> list[feedparser.FeedParserDict]:
        return list(feedparser.parse(ROOM.respond(site, path).body).entries)

    tracked = [entry.link for entry in entries("magazine", "/feed/") if "minoxidil" in entry.link]
    assert len(tracked) == 2
    assert len({link.partition("?")[0] for link in tracked}) == 1
    features = entries("newspaper", "/rss/features.xml")
    assert {entry.id for entry in features} == {"hc-features"}
    everywhere = {entry.link for entry in features} & {entry.link for entry in entries("newspaper", "/rss/all.xml")}
    assert everywhere


def test_robots_txt_forbids_just_the_page_that_is_meant() -> None:
    for site, base in ROOM.bases.items():
        robots = Protego.parse(ROOM.respond(site, "/robots.txt").body.decode())
        for truth in ROOM.truths[site].values():
            assert robots.can_fetch(base + truth.path, "glabella") == (truth.fetch != "disallowed"), truth.path
    assert Protego.parse(ROOM.respond("regulator", "/robots.txt").body.decode()).crawl_delay("glabella") == 0.2


def test_one_page_lies_about_its_charset() -> None:
    lying = [truth for truth in TRUTHS if truth.encoding != "utf-8"]
    assert len(lying) == 1
    answer = ROOM.respond(lying[0].site, lying[0].path)
    assert "utf-8" in answer.header("Content-Type")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert "£18" in answer.body.decode("windows-1252")


def test_a_known_page_answers_304() -> None:
    path = "/notices/"
    first = ROOM.respond("regulator", path)
    again = ROOM.respond("regulator", path, {"If-None-Match": first.header("ETag")})
    assert (again.status, again.body, again.header("etag")) == (304, b"", first.header("ETag"))
    since = {"If-Modified-Since": first.header("Last-Modified")}
    assert ROOM.respond("regulator", path, since).status == 304
    assert ROOM.respond("regulator", path, since | {"if-none-match": '"other"'}).status == 200
    assert ROOM.respond("regulator", path, {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status == 200


def test_dates_move_with_today() -> None:
    later = Newsroom(TODAY + timedelta(days=100))
    for truth in (truth for truth in TRUTHS if truth.site == "wire" and truth.published):
        moved = later.truths["wire"][truth.slug]
        then, now = (date.fromisoformat((stated or "")[:10]) for stated in (truth.published, moved.published))
        assert now - then == timedelta(days=100)
        assert moved.path != truth.path
        assert later.respond("wire", moved.path).status == 200


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_placeholders_are_filled_on_any_day(today: date) -> None:
    text = "{{-3|iso}} {{-3T09:15+01:00|rfc}} {{0|EEEE d MMMM y}} {{+273T23:59Z|iso}} {{-141|de@d. MMMM y}}"
    assert "{" not in fill_dates(text, today)


@given(path=st.text(), header=st.text())
def test_whatever_is_asked_is_answered(path: str, header: str) -> None:
    asked = {"If-None-Match": header} if "," in header else {"If-Modified-Since": header}
    assert ROOM.respond("magazine", path, asked).status in (200, 301, 304, 404)
    assert ROOM.respond("magazine", "/feed/", asked).status in (200, 304)


def test_over_http_each_site_is_its_own_host_and_requests_are_noted() -> None:
    with serve_newsroom(TODAY) as served:
        assert len({urlsplit(site.base).hostname for site in served}) == len(served) == 6
        for site in served:
            for source in site.sources:
                request = urllib.request.Request(source.url, headers={"User-Agent": "Reader/1"})
                with urllib.request.urlopen(request, timeout=5) as answer:
                    assert answer.status == 200
                    assert site.base in answer.read().decode() or source.kind == "listing"
        assert all(asked.user_agent == "Reader/1" and asked.status == 200 for asked in served.asked)
        assert len(served.asked) == sum(len(site.sources) for site in served)
        moved = urllib.request.urlopen(served.sites[-1].base + "/r/7f3a", timeout=5)
        assert moved.url.endswith("/ferrante-facelift-rumours")
        with pytest.raises(urllib.error.HTTPError, match="410"):
            urllib.request.urlopen(served.sites[-1].base + "/news/spring-clinic-raid", timeout=5)
