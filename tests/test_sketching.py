"""A site's template is learnt from its stored pages, and takes no page's own text."""

from datetime import timedelta

import pytest

from crawler import models
from crawler.archive import ArchiveWriter, read_records
from crawler.article import SiteTemplate
from crawler.intake import judge, rejudge, take
from crawler.page import Page
from crawler.reprocessing import reprocess
from crawler.sites import site_of
from crawler.sketching import Sketches, settle
from crawler.stored import stored_page
from crawler.templates import block_key, of_data, recurring, to_data
from crawler.urls import link_key

pytestmark = pytest.mark.django_db
PROMO = "Book a free talk with our partner clinic today and save a fifth of the price of any treatment you like."
NOTICE = (
    "The office has been told of units that were sold outside of the licensed trade, and asks all clinics to look "
    "into their fridges before the next patient comes in.",
    "Who was treated with a unit of this batch should see a doctor where a muscle stays weak for longer than a week.",
    "Clinics return what they find to the wholesaler that sold it, who pays the price back and tells the office.",
)
NAMES = ("Ann", "Bea", "Cleo", "Dora", "Elsa", "Fay")


@pytest.fixture
def run(now):
    return models.Run.objects.create(name="r1", started_at=now, lease_by="me", lease_until=now + timedelta(hours=1))


@pytest.fixture
def crawled(run, home, now):
    """A crawl of these pages, given as path, title and paragraphs; how many were judged again at its end."""

    def crawl(*pages):
        name = f"r{models.Link.objects.count() + 1}"
        models.Run.objects.filter(pk=run.pk).update(name=name)
        run.name = name
        writer, sketches = ArchiveWriter(home / "archive" / f"{name}.warc.gz"), Sketches()
        for path, title, *paragraphs in pages:
            url, text = f"https://paper.example/{path}", "".join(f"<p>{words}</p>" for words in paragraphs)
            body = f"<html><title>{title}</title><body><article><h1>{title}</h1>{text}</article>".encode()
            models.Link.objects.create(key=link_key(url), url=url, site=site_of(url), found_at=now)
            writer.page(Page(url, url, 200, (), body, now), "link:1")
        writer.close()
        for record in read_records(home / "archive" / f"{name}.warc.gz"):
            judged = judge(record)
            sketches.note(record, judged, "paper.example")
            take(record, run, judged)
        return settle(sketches, home / "archive", "me", now)

    return crawl


def notice(number: int) -> tuple[str, ...]:
    return (f"notice-{number}", f"Notice {number}: counterfeit toxin", *NOTICE)


def report(number: int, *more: str) -> tuple[str, ...]:
    who = NAMES[number % len(NAMES)]
    words = " ".join(f"{who} {'and again ' * n}told ward {number} how her nose had healed." for n in range(12))
    return (f"report-{number}", f"Case {number}", words, *more)


def template() -> SiteTemplate:
    return of_data(models.Site.objects.get(host="paper.example").template)


def states() -> dict[str, str]:
    return dict(models.Link.objects.values_list("state", "reason").distinct())


def test_what_recurs_on_a_site_is_learnt_and_dropped_from_pages_that_came_before(crawled, home, now):
    assert crawled(*(report(number, PROMO) for number in range(6))) == 6
    assert settle(Sketches(), home / "archive", "me", now) == 0
    assert template().pages == 6
    assert not models.Article.objects.filter(text__contains="partner clinic").exists()
    assert models.Article.objects.count() == 6
    assert set(models.Article.objects.values_list("version", flat=True)) == {1}


def test_what_a_killed_crawl_did_not_learn_the_next_one_does(run, home, now):
    writer = ArchiveWriter(home / "archive" / "r1.warc.gz")
    for number in range(4):
        path, title, words = report(number)
        url = f"https://paper.example/{path}"
        writer.page(Page(url, url, 200, (), f"<article><h1>{title}</h1><p>{words}</p>".encode(), now), "link:1")
    for record in read_records(home / "archive" / "r1.warc.gz"):
        take(record, run)
    assert settle(Sketches(), home / "archive", "another", now) == 4
    assert template().pages == 4
    assert models.Site.objects.get(host="paper.example").lease_by == ""


def test_notices_that_differ_in_their_headline_alone_keep_their_text(crawled):
    assert crawled(*map(notice, range(40))) == 40
    assert states() == {"fetched": ""}
    assert models.Article.objects.filter(current=True, text__contains=NOTICE[0]).count() == 40
    assert recurring(template()) & set(map(block_key, NOTICE)) == set()


def test_notices_that_come_one_by_one_keep_their_text(crawled):
    for number in range(9):
        crawled(notice(number))
    assert states() == {"fetched": ""}
    assert not models.Link.objects.filter(next_at=None).exists()
    assert recurring(template()) & set(map(block_key, NOTICE)) == set()


def test_a_text_that_other_pages_quote_is_given_back_to_the_page_that_has_no_other(crawled):
    crawled(*(report(number, NOTICE[0]) for number in range(2)), *map(notice, range(1)))
    crawled(report(2, NOTICE[0]))
    assert block_key(NOTICE[0]) in recurring(template())
    crawled(("only", "Notice 9: counterfeit toxin", NOTICE[0]), ("too", "Notice 8: recalled toxin", NOTICE[0]))
    assert states() == {"fetched": ""}


def test_a_page_that_has_nothing_but_what_stands_on_all_others_changes_no_template(crawled):
    crawled(*(report(number, PROMO) for number in range(12)))
    crawled(("gallery", "Ten noses in pictures", PROMO))
    assert block_key(PROMO) in recurring(template())
    assert models.Link.objects.get(key=link_key("https://paper.example/gallery")).reason == "no body"


@pytest.mark.parametrize("again", ["reprocess", "rejudge"])
def test_a_page_judged_again_to_be_none_keeps_its_article_and_its_next_visit(crawled, home, now, again):
    crawled(notice(1))
    planned = models.Link.objects.get().next_at
    learnt = SiteTemplate(8, tuple((block_key(words), 8) for words in NOTICE))
    models.Site.objects.update(template=dict(to_data(learnt)))
    link = models.Link.objects.select_related("site").get()
    if again == "reprocess":
        assert reprocess(home / "archive", now=now) == {"unchanged": 1}
    else:
        assert rejudge(link, stored_page(link, home / "archive"), now) == "unchanged"
    link.refresh_from_db()
    assert (link.state, link.reason, link.next_at) == ("fetched", "judged again: no body", planned)
    assert planned is not None
    assert models.Article.objects.get().current
    models.Site.objects.update(template={})
    assert reprocess(home / "archive", now=now) == {"unchanged": 1}
    assert states() == {"fetched": ""}
