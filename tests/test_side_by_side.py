"""Several workers at the same rows in the same moment, on PostgreSQL: threads with a transaction each.

SQLite has one writer at a time, so there the same holds by itself; tests/test_killed.py runs two processes on it.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from classifier.labelling import label_due
from classifier.models import Labelling
from classifier.pack import load_pack
from classifier.registry import install_shipped
from crawler import models
from crawler.archive import Record
from crawler.intake import take
from crawler.judging import judge_page
from crawler.page import Page
from crawler.sources import add_source
from digest.approving import approve
from digest.models import Delivery, Edition
from digest.schedule import draft_due
from digest.sending import send_due
from digest.transports import Answer, Result
from tests.factory import NOW as MONDAY
from tests.factory import make_edition, make_publication, make_reader, make_story

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="one writer at a time: nothing is side by side"),
]
WORKERS = 4
WORDS = " ".join(f"Sentence number {number} tells of a small operation in Leeds." for number in range(30))


def side_by_side(*works):
    """Run these at once, each with a connection of its own; their answers in order."""
    start = Barrier(len(works))

    def one(work):
        try:
            start.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def new_run(name, now):
    later = now + timedelta(hours=1)
    return models.Run.objects.create(name=name, started_at=now, lease_by=name, lease_until=later)


def page(url, now):
    html = (
        f"<html><head><title>A nose</title></head><body><article><h1>A nose</h1><p>{WORDS}</p></article></body></html>"
    )
    return Page(url, url, 200, (), html.encode(), now)


def test_copies_that_arrive_at_once_are_one_story(now):
    # The models are loaded before: workers are processes, they never load them in the same moment.
    assert not isinstance(judge_page(page("https://paper.example/first", now), None, None), str)

    def take_one(number):
        run = new_run(f"run{number}", now)
        record = Record("link:1", page(f"https://paper{number}.example/nose", now), 0, 10)

        def slowly():
            with transaction.atomic():
                outcome = take(record, run)
                # Long enough for the others to come: unless they wait, they do not see this copy.
                time.sleep(0.5)
            return outcome

        return slowly

    outcomes = side_by_side(*map(take_one, range(WORKERS)))
    assert outcomes == ["article"] * WORKERS
    assert models.Article.objects.count() == WORKERS
    assert models.Story.objects.count() == 1


def test_feeds_that_name_the_same_links_in_another_order_do_not_block_each_other(now):
    urls = [f"https://paper.example/{number}" for number in range(60)]

    def take_one(number):
        source, _ = add_source(f"https://feed{number}.example/", "feed", by="test", now=now)
        run = new_run(f"run{number}", now)
        items = "".join(f"<item><title>One</title><link>{url}</link></item>" for url in urls[:: 1 - 2 * (number % 2)])
        body = f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()
        answer = Page(source.url, source.url, 200, (), body, now)
        return lambda: take(Record(f"source:{source.pk}", answer, 0, 10), run)

    assert side_by_side(*map(take_one, range(WORKERS))) == ["source"] * WORKERS
    assert models.Link.objects.count() == len(urls)
    assert models.Sighting.objects.count() == WORKERS * len(urls)


class Postman:
    """Takes every letter and remembers it."""

    def __init__(self):
        self.letters = []

    def deliver(self, letter):
        self.letters.append(letter.to)
        return Answer(Result.ACCEPTED, "250 ok")

    def accepted_before(self, letter):
        return None

    def close(self):
        pass


def test_senders_share_an_edition_and_mail_everybody_once():
    brow = make_publication()
    for number in range(130):
        make_reader(brow, f"reader{number}@reader.example")
    edition = make_edition(brow, [make_story("A straight nose")])
    approve(edition, by="test", now=MONDAY, send_at=MONDAY)
    postmen = [Postman() for _ in range(WORKERS)]
    side_by_side(*(lambda one=one: send_due(one, clock=lambda: MONDAY) for one in postmen))
    mails = Counter(to for one in postmen for to in one.letters)
    assert len(mails) == 130
    assert set(mails.values()) == {1}
    assert sum(bool(one.letters) for one in postmen) > 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    edition.refresh_from_db()
    assert edition.state == Edition.State.SENT
    assert models.Event.objects.filter(verb="sent").count() == 1


def test_two_that_draft_at_once_make_one_draft():
    make_publication()
    made = side_by_side(*[lambda: draft_due(lambda: MONDAY)] * WORKERS)
    assert Edition.objects.count() == 1
    assert sum(map(len, made)) >= 1


def test_two_that_label_at_once_leave_one_labelling():
    install_shipped(load_pack(), by="test", now=MONDAY)
    stories = [make_story() for _ in range(12)]
    side_by_side(*[lambda: label_due("aesthetics", now=MONDAY)] * 2)
    assert Labelling.objects.count() == len(stories)
