"""Which links are worth fetching."""

from datetime import timedelta

import pytest

from crawler.article import FeedItem
from crawler.frontier import next_try, next_visit, overdue, wanted
from crawler.orders import LinkKnown
from crawler.urls import link_key

A, B = "https://news.example/a", "https://news.example/b"


def urls(found):
    return [one.url for one in found]


def test_a_link_never_seen_is_wanted(now):
    assert urls(wanted([FeedItem(A)], {}, now, 10)) == [A]


def test_a_link_named_twice_is_wanted_once(now):
    assert urls(wanted([FeedItem(A), FeedItem(A + "?utm_source=x")], {}, now, 10)) == [A]


def test_the_budget_cuts_in_the_sources_own_order(now):
    assert urls(wanted([FeedItem(B), FeedItem(A)], {}, now, 1)) == [B]


def test_a_new_source_does_not_flood_the_queue_with_its_archive(now):
    assert urls(wanted([FeedItem(A, published=now - timedelta(days=31))], {}, now, 10)) == []


@pytest.mark.parametrize("state", ["refused", "gone", "quarantined", "fetched"])
def test_a_settled_link_is_not_asked_again(state, now):
    assert urls(wanted([FeedItem(A)], {link_key(A): LinkKnown(state)}, now, 10)) == []


def test_a_link_whose_turn_has_come_is_asked_with_its_validators(now):
    known = {link_key(A): LinkKnown("fetched", now - timedelta(minutes=1), etag='"x"')}
    (one,) = wanted([FeedItem(A)], known, now, 10)
    assert one.etag == '"x"'


def test_a_sitemap_that_says_changed_brings_the_visit_forward(now):
    known = {link_key(A): LinkKnown("fetched", now + timedelta(days=1), fetched_at=now - timedelta(hours=3))}
    assert urls(wanted([FeedItem(A, changed=now - timedelta(hours=1))], known, now, 10)) == [A]
    assert urls(wanted([FeedItem(A, changed=now - timedelta(hours=4))], known, now, 10)) == []


def test_a_lastmod_in_the_future_is_no_reason_to_fetch(now):
    known = {link_key(A): LinkKnown("fetched", now + timedelta(days=1), fetched_at=now - timedelta(hours=3))}
    assert urls(wanted([FeedItem(A, changed=now + timedelta(days=9))], known, now, 10)) == []


def test_retries_come_from_what_is_known_not_only_from_what_a_source_still_names(now):
    known = {"k": LinkKnown("found", now - timedelta(seconds=1), url=A)}
    assert urls(overdue(known, now)) == [A]


def test_failures_wait_longer_and_longer_and_end(now):
    waits = [next_try(tries, now) for tries in range(1, 6)]
    assert waits[:4] == sorted(waits[:4])
    assert waits[4] is None


def test_a_page_settles_after_its_first_week(now):
    assert next_visit(0, now) == now + timedelta(hours=12)
    assert next_visit(3, now) is None
