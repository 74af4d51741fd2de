"""Pages that are read again, without what their site prints on all of them: the stories are the same in any order."""

from __future__ import annotations

from itertools import permutations

import pytest

from crawler.article import Article
from crawler.events import record
from crawler.filing import file_article
from crawler.models import Link, Story
from crawler.sites import site_of
from crawler.urls import link_key

pytestmark = pytest.mark.django_db
EVERYWHERE = " ".join(f"notice{n} of the office number{n % 5} reports to desk{n}" for n in range(14))
PLAIN = {
    "notice": " ".join(f"batch{n} of the toxin is withdrawn in town{n % 6}" for n in range(12)),
    "update": " ".join(f"batch{n} of the toxin is withdrawn in town{n % 6}" for n in range(10)) + " and one more batch",
    "drops": " ".join(f"eyelid{n} drops are recalled from shelf{n % 4}" for n in range(12)),
}


@pytest.fixture
def links(now):
    site = site_of("office.example")
    made = {}
    for name in PLAIN:
        url = f"https://office.example/{name}"
        made[name] = Link.objects.create(key=link_key(url), url=url, site=site, found_at=now)
    return made


def article(name: str, text: str) -> Article:
    url = f"https://office.example/{name}"
    return Article(url=url, canonical_url=url, title=name, text=text, html="")


def first_read(links, order, now):
    for name in order:
        file_article(article(name, f"{PLAIN[name]} {EVERYWHERE}"), links[name], now=now)


def read_again(links, order, now):
    for name in order:
        file_article(article(name, PLAIN[name]), links[name], now=now, mend=True)


def stories(links) -> set[frozenset[str]]:
    by_story: dict[int, set[str]] = {}
    for name, link in links.items():
        by_story.setdefault(link.articles.get().story_id, set()).add(name)
    return {frozenset(names) for names in by_story.values()}


@pytest.mark.parametrize("first", list(permutations(PLAIN)), ids=" ".join)
@pytest.mark.parametrize("again", list(permutations(PLAIN)), ids=" ".join)
def test_true_copies_stand_together_and_strangers_apart_whatever_the_order(links, now, first, again):
    first_read(links, first, now)
    read_again(links, again, now)
    assert stories(links) == {frozenset({"notice", "update"}), frozenset({"drops"})}
    assert not Story.objects.filter(merged_into=None, articles=None).exists()


def test_a_story_that_an_editor_has_treated_is_left_where_it_is(links, now):
    first_read(links, ["drops", "notice"], now)
    file_article(article("update", PLAIN["update"]), links["update"], now=now)
    mine = links["update"].articles.get().story
    record("picked", "story", mine.key, by="edith", now=now)
    read_again(links, ["notice", "drops", "update"], now)
    assert links["update"].articles.get().story == mine
