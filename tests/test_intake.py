"""Archive records become rows: each once, whatever the page holds."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crawler import models
from crawler.archive import ArchiveWriter, Failure, Record
from crawler.article import FeedItem, Precision, Reuse
from crawler.folding import OTHER_TEXT, SECTION
from crawler.intake import LeaseLost, rejudge, take
from crawler.noticing import item_of, notice
from crawler.page import Page
from crawler.reprocessing import reprocess
from crawler.rows import reuse_of
from crawler.sources import add_source
from crawler.urls import link_key

pytestmark = pytest.mark.django_db
FEED = "https://paper.example/feed"
NOSE, ALIAS = "https://paper.example/nose", "https://paper.example/nose?ref=rss"
WORDS = (
    "Surgeons in Leeds followed ninety patients for a year after a new kind of nose operation. "
    "Most of them could breathe better, and few came back for a second one. "
    "The team says that the method needs a longer look before anyone calls it better than the old one. "
)

SHORT = "Surgeons in Leeds tell how they straighten a nose."


def html(body: str = WORDS * 3, head: str = "", title: str = "A straight nose") -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in (body, body[::-1][:0] or "It was paid for by a hospital fund."))
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}</article>".encode()
    )


@pytest.fixture
def run(now):
    return models.Run.objects.create(name="r1", started_at=now, lease_by="me", lease_until=now + timedelta(hours=1))


@pytest.fixture
def source(now):
    return add_source(FEED, "feed", by="test", now=now)[0]


@pytest.fixture
def feed(source, run, now):
    entry = f"<item><title>A straight nose</title><link>{NOSE}</link><description>{WORDS}</description></item>"
    body = f'<rss version="2.0"><channel><title>Paper</title>{entry}</channel></rss>'.encode()
    take(Record(f"source:{source.pk}", Page(FEED, FEED, 200, (("ETag", '"1"'),), body, now), 0, 10), run)


@pytest.fixture
def answer(run, now):
    """Take in what the server answered for a link; the outcome in a word."""

    def take_in(body: bytes = b"", status: int = 200, url: str = NOSE, headers=(), at=now):
        return take(Record("link:1", Page(url, url, status, headers, body, at), 10, 20), run)

    return take_in


def link(url: str = NOSE) -> models.Link:
    return models.Link.objects.get(key=link_key(url))


def test_a_feed_gives_links_sightings_and_validators(feed, source):
    source.refresh_from_db()
    assert (source.health, source.etag, source.title) == ("ok", '"1"', "Paper")
    assert link().state == "found"
    assert source.sightings.get().title == "A straight nose"


def test_a_page_becomes_an_article_in_a_story_of_its_own(feed, answer):
    assert answer(html()) == "article"
    article = models.Article.objects.get()
    assert article.title == "A straight nose"
    assert article.story.lead == article
    assert article.filings.get().relation == "new"
    assert link().state == "fetched"


def test_the_same_page_again_makes_nothing_new(feed, answer):
    answer(html())
    assert answer(html()) == "unchanged"
    assert answer(status=304) == "unchanged"
    assert models.Article.objects.count() == 1


def test_a_changed_page_is_a_new_version_in_the_same_story(feed, answer):
    answer(html())
    assert answer(html(WORDS * 4)) == "article"
    old, new = models.Article.objects.order_by("version")
    assert (old.current, new.current, old.story) == (False, True, new.story)


def test_a_copy_on_another_page_joins_the_story_and_says_why(feed, answer):
    answer(html())
    answer(html(), url="https://other.example/copied")
    assert models.Story.objects.count() == 1
    assert models.Filing.objects.last().why.startswith("shares")


def test_filing_a_copy_asks_no_more_of_the_database_the_more_copies_there_are(feed, answer):
    asked = []
    for number in range(12):
        with CaptureQueriesContext(connection) as queries:
            answer(html(), url=f"https://site{number}.example/copied")
        asked.append(len(queries))
    assert models.Article.objects.filter(story=models.Story.objects.get()).count() == 12
    assert len(set(asked[1:])) == 1


def test_the_copy_that_the_most_trusted_of_its_sources_names_leads(feed, answer, now):
    for name, trust in (("a", 0.4), ("b", 0.9), ("c", 0.2)):
        url = f"https://{name}.example/copied"
        answer(html(), url=url)
        for kind, less in (("feed", 0), ("map", 0.1)):
            source = add_source(f"https://{name}.example/{kind}", "feed", by="test", now=now)[0]
            models.Source.objects.filter(pk=source.pk).update(trust=trust - less)
            notice(source, [FeedItem(url)], now)
    answer(html(), url="https://d.example/copied")
    assert models.Story.objects.get().lead.link == link("https://b.example/copied")


def test_a_canonical_address_of_the_same_site_folds_two_addresses(feed, answer):
    canonical = f'<link rel="canonical" href="{NOSE}">'
    answer(html(head=canonical), url=ALIAS)
    assert answer(html(head=canonical)) in ("unchanged", "article")
    assert models.Article.objects.count() == 1
    assert link(ALIAS).folded_into_id == link().key


def test_a_canonical_address_of_another_site_swallows_nothing(feed, answer):
    answer(html(head='<link rel="canonical" href="https://victim.example/their-article">'))
    assert models.Article.objects.get().link == link()


OTHER_WORDS = {
    "eyelid": "Eyelid surgeons met in York to compare how they close a wound and what their patients paid them for it. ",
    "filler": "The agency has a warning about a filler that was sold without a licence on two market stalls in Hull. ",
    "toxin": "Nobody knows why the effect of the toxin lasts a month longer in winter, says a clinic that has counted. ",
}


@pytest.mark.parametrize("again", [False, True])
def test_a_page_that_names_another_site_s_article_as_its_original_is_filed_with_it(feed, answer, now, again):
    told = html(WORDS + OTHER_WORDS["eyelid"])
    there = "https://other.example/retold"
    retold = OTHER_WORDS["toxin"] + WORDS[:100] + OTHER_WORDS["filler"]
    answer(told)
    page = html(retold, head=f'<link rel="canonical" href="{NOSE}">', title="A nose, told once more")
    answer(page, url=there)
    if again:
        models.Article.objects.filter(link=link(there)).update(digest="x")
        rejudge(link(there), Page(there, there, 200, (), page, now), now)
    filed = models.Article.objects.get(link=link(there))
    assert filed.story == models.Article.objects.get(link=link()).story
    why = filed.filings.last().why
    assert why.startswith("names paper.example as its original, shares ")
    assert (link(there).folded_into_id, models.Story.objects.count()) == (None, 1)


@pytest.mark.parametrize(("section", "folded"), [("/news/", 0), ("/news", 0), ("/latest.html", 1)])
def test_a_section_that_calls_itself_canonical_swallows_none_of_its_articles(answer, section, folded):
    head = f'<link rel="canonical" href="{section}">'
    urls = [f"https://paper.example/news/{name}" for name in OTHER_WORDS]
    for url, words in zip(urls, OTHER_WORDS.values(), strict=True):
        assert answer(html(words * 4, head=head, title=words[:40]), url=url) == "article"
    assert models.Story.objects.count() == 3
    assert set(models.Article.objects.values_list("version", "current")) == {(1, True)}
    assert [link(url).folded_into_id is not None for url in urls].count(True) == folded
    reasons = {link(url).reason for url in urls}
    assert reasons == ({"", OTHER_TEXT} if folded else {SECTION})


def test_a_page_that_was_folded_and_is_believed_no_more_comes_back_to_its_own_link(answer):
    answer(html(head=f'<link rel="canonical" href="{NOSE}">'), url=ALIAS)
    assert link(ALIAS).folded_into_id == link().key
    answer(html(WORDS * 3 + "Nothing else was told."), url=ALIAS)
    assert link(ALIAS).folded_into_id is None
    assert models.Article.objects.get(link=link(ALIAS)).story == models.Story.objects.get()


def test_a_page_may_say_other_words_at_its_canonical_address_later(answer):
    head = f'<link rel="canonical" href="{NOSE}">'
    answer(html(head=head), url=ALIAS)
    answer(html(OTHER_WORDS["toxin"] * 4, head=head), url=ALIAS)
    assert set(models.Article.objects.values_list("link", "version")) == {(link().key, 1), (link().key, 2)}


def test_what_a_feed_said_of_a_page_is_no_text_that_keeps_the_page_out(feed, answer):
    answer(html(SHORT))
    assert models.Article.objects.get().text_from == "feed"
    answer(html(OTHER_WORDS["toxin"] * 4, head=f'<link rel="canonical" href="{NOSE}">'), url=f"{NOSE}?view=full")
    assert models.Article.objects.get(current=True).link == link()


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_never_asked_again(feed, answer, status):
    assert answer(status=status) == "gone"
    assert link().next_at is None


def test_a_server_error_is_tried_again_then_given_up(feed, answer, now):
    for _ in range(4):
        assert answer(status=500) == "found"
    assert answer(status=500) == "refused"
    assert "given up" in link().reason


def test_a_paywall_leaves_what_the_feed_said(feed, answer):
    paid = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    assert (
        answer(html("Surgeons in Leeds tell how they straighten a nose. Subscribe to read on.", head=paid)) == "refused"
    )
    assert models.Article.objects.get().text_from == "feed"
    assert "taken from the feed" in link().reason


LIMITS = '<meta name="robots" content="nosnippet, noarchive">'


def test_what_a_page_forbids_holds_for_the_feed_s_words_on_it(feed, answer):
    assert answer(html(SHORT, head=LIMITS)) == "refused"
    article = models.Article.objects.get()
    assert (link().reason, article.text_from) == ("too short; taken from the feed", "feed")
    assert reuse_of(article.reuse) == Reuse(nosnippet=True, noarchive=True)


def test_what_a_page_forbade_holds_where_a_later_visit_brings_none(feed, answer, source, run, now):
    answer(html(SHORT, head=LIMITS))
    source.sightings.update(summary=f"{WORDS} The team told us so.")
    take(Record("link:1", Failure(NOSE, "robots.txt does not allow it", now, permanent=True), 10, 20), run)
    article = models.Article.objects.get(current=True)
    assert article.version == 2
    assert reuse_of(article.reuse).nosnippet


def test_limits_that_a_page_states_later_hold_for_the_same_words(feed, answer):
    answer(html())
    assert answer(html(head=LIMITS)) == "unchanged"
    assert reuse_of(models.Article.objects.get().reuse) == Reuse(nosnippet=True, noarchive=True)


def test_a_site_that_asks_to_wait_is_left_alone(feed, answer, now):
    answer(status=429, headers=(("Retry-After", "120"),))
    assert link().site.next_at == now + timedelta(seconds=120)


def test_a_record_is_settled_with_its_rows_and_only_by_the_holder_of_the_run(feed, run, now):
    assert models.Run.objects.get().read_to == 10
    models.Run.objects.update(lease_by="another")
    with pytest.raises(LeaseLost):
        take(Record("link:1", Page(NOSE, NOSE, 200, (), html(), now), 10, 20), run)
    assert models.Article.objects.count() == 0


def test_a_failing_source_keeps_its_words_and_an_unchanged_answer_clears_nothing(source, run, now):
    take(Record(f"source:{source.pk}", Failure(FEED, "no answer in time", now), 0, 1), run)
    take(Record(f"source:{source.pk}", Page(FEED, FEED, 304, (), b"", now), 1, 2), run)
    source.refresh_from_db()
    assert (source.health, source.failures) == ("failing", 1)


ENTRY = "<rss version='2.0'><channel><item><title>A straight nose</title><link>{}</link>{}</item></channel></rss>"


@pytest.mark.parametrize(
    ("written", "at", "day", "precision"),
    [
        ("Thu, 19 Nov 2026 21:30 -0500", datetime(2026, 11, 20, 2, 30, tzinfo=UTC), 19, "time"),
        ("Fri, 20 Nov 2026 04:00 +0900", datetime(2026, 11, 19, 19, 0, tzinfo=UTC), 20, "time"),
        ("2026-11-19T21:30:00", datetime(2026, 11, 19, 21, 30, tzinfo=UTC), 19, "time"),
        ("2026-11-19", datetime(2026, 11, 19, 12, 0, tzinfo=UTC), 19, "day"),
    ],
)
@pytest.mark.parametrize("body", [html(), b"<p>Sign in.</p>"], ids=["page", "feed"])
def test_the_day_of_a_feed_is_the_day_of_its_article(source, run, answer, now, body, written, at, day, precision):
    rest = f"<pubDate>{written}</pubDate><description>{WORDS}</description>"
    page = Page(FEED, FEED, 200, (), ENTRY.format(NOSE, rest).encode(), now)
    take(Record(f"source:{source.pk}", page, 0, 10), run)
    answer(body)
    for row in (models.Sighting.objects.get(), models.Article.objects.get()):
        said = (row.published_at, row.published_day, row.published_precision)
        assert said == (at, date(2026, 11, day), precision)


def test_a_sighting_says_its_date_as_its_source_wrote_it(source, now):
    for published, precision in (
        (datetime(2026, 11, 19, 21, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))), Precision.TIME),
        (datetime.fromisoformat("2026-11-19T21:30"), Precision.TIME),
        (datetime.fromisoformat("2026-11-19"), Precision.DAY),
        (datetime(2026, 11, 19, tzinfo=UTC), Precision.DAY),
        (datetime.fromisoformat("2026-11-01"), Precision.MONTH),
    ):
        notice(source, [FeedItem(NOSE, published=published, precision=precision)], now)
        item = item_of(link())
        assert (item.published, item.precision) == (published, precision)
        assert item.published.utcoffset() == published.utcoffset()


def test_a_sighting_of_before_there_were_days_keeps_its_moment(source, now):
    notice(source, [FeedItem(NOSE, published=now)], now)
    models.Sighting.objects.update(published_day=None, published_precision="", published_offset=None)
    assert item_of(link()).published == now


def test_an_undated_article_is_said_to_be_undated(feed, answer):
    answer(html())
    assert models.Story.objects.get().undated


def test_nuls_and_lone_surrogates_never_reach_the_database(feed, answer):
    assert answer(html(WORDS * 3 + "\x00 &#xD800; end.")) == "article"
    assert "\x00" not in models.Article.objects.get().text


def test_a_page_that_is_never_had_leaves_what_the_feed_said(feed, run, now):
    take(Record("link:1", Failure(NOSE, "robots.txt does not allow it", now, permanent=True), 10, 20), run)
    assert link().reason == "robots.txt does not allow it; taken from the feed"
    assert models.Article.objects.get().text_from == "feed"


def test_a_stored_page_is_judged_again_without_being_fetched(feed, run, answer, home, now):
    page = Page(NOSE, NOSE, 200, (), html(), now)
    ArchiveWriter(home / "archive" / "r1.warc.gz").page(page, "link:1")
    take(Record("link:1", page, 0, 20), run)
    models.Article.objects.update(title="Spoilt", digest="x")
    assert reprocess(home / "archive", now=now) == {"article": 1}
    assert models.Article.objects.get(current=True).title == "A straight nose"
