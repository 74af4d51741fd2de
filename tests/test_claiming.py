"""Whose a host is: one holder at a time, none while it rests, and nothing is left over between two workers."""

from datetime import timedelta

import pytest

from crawler import models
from crawler.article import FeedItem
from crawler.claiming import BUSY_SECONDS, answer, claim, release
from crawler.noticing import notice
from crawler.orders import Answer, LinkKnown, Question, SiteOrder
from crawler.sources import add_source
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
CLINIC = "clinic.example"


@pytest.fixture
def source():
    return add_source("https://paper.example/feed", "feed", by="test", now=NOW)[0]


def named(source, path="nose"):
    notice(source, [FeedItem(f"https://{CLINIC}/{path}")], NOW)


def hosts(sites):
    return [site.host for site in sites]


def ask(me, now=NOW):
    return answer(Question((CLINIC,)), me, now)


def test_a_host_is_one_worker_s_at_a_time():
    assert hosts(ask("me").sites) == hosts(ask("me").sites) == [CLINIC]
    assert ask("you") == Answer(waits={CLINIC: BUSY_SECONDS})
    release("me")
    assert hosts(ask("you").sites) == [CLINIC]


def test_a_lease_that_has_run_out_holds_nobody_up():
    ask("me")
    assert hosts(ask("you", NOW + timedelta(hours=1)).sites) == [CLINIC]


def test_a_host_that_rests_is_nobody_s_not_even_its_holder_s():
    ask("me")
    models.Site.objects.update(next_at=NOW + timedelta(hours=2))
    assert ask("me").waits == ask("you").waits == {CLINIC: 7200}
    assert hosts(ask("me", NOW + timedelta(hours=2)).sites) == [CLINIC]


@pytest.mark.parametrize(("hours", "text"), [(1, "User-agent: *"), (25, None)])
def test_the_robots_txt_of_a_host_comes_with_it_while_it_is_fresh(hours, text):
    read = NOW - timedelta(hours=hours)
    models.Site.objects.create(host=CLINIC, robots="User-agent: *", robots_status=200, robots_at=read)
    assert [site.robots for site in ask("me").sites] == [text]


def test_sources_come_before_hosts_that_only_have_links(source):
    named(source)
    assert hosts(claim("me", NOW, None, {}, 1)) == ["paper.example"]
    assert hosts(claim("you", NOW, None, {}, 9)) == [CLINIC]


def test_links_that_nobody_names_but_a_paused_source_are_no_work(source):
    named(source)
    models.Source.objects.update(paused=True)
    assert claim("me", NOW, None, {}, 9) == []


def test_given_sources_are_all_that_is_crawled(source):
    named(source)
    models.Source.objects.update(next_at=NOW + timedelta(days=1))
    assert hosts(claim("me", NOW, [source], {}, 9)) == ["paper.example"]


def test_a_site_that_is_done_comes_again_only_for_what_others_have_named_meanwhile(source):
    named(source)
    done: dict[str, int] = {}
    assert hosts(claim("me", NOW, None, done, 9)) == ["paper.example", CLINIC]
    release("me")
    assert claim("me", NOW, None, done, 9) == []
    named(source, "chin")
    assert hosts(claim("me", NOW, None, done, 9)) == [CLINIC]
    release("me")
    assert claim("me", NOW, None, done, 9) == []


def test_a_question_and_its_answer_come_through_as_they_were_and_a_record_is_no_question():
    question = Question((CLINIC,), ("k" * 64,))
    assert Question.from_line(question.to_json()) == question
    assert Question.from_line('{"offset": 0, "end": 9}') is None
    told = Answer((SiteOrder(CLINIC, "Allow: /", 200),), {"x.example": 9}, {"k": LinkKnown("fetched", NOW, NOW, '"e"')})
    assert Answer.from_json(told.to_json()) == told
