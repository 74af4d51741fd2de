"""The spider's turns: each host one page at a time, and old work leaves room for new."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from scrapy.http import TextResponse

from crawler.orders import CrawlOrder, LinkKnown, SiteOrder, SourceOrder
from crawler.spiders.asking import on_trial
from crawler.spiders.news import NewsSpider
from crawler.urls import link_key
from tests.bad_web import rss
from tests.conftest import NOW

FEED = SourceOrder(1, "https://paper.example/feed", "feed")
PAGES = [f"https://paper.example/piece-{at}" for at in range(9)]


@pytest.fixture
def spider():
    def make(*known: str, per_site: int = 200) -> NewsSpider:
        links = {link_key(url): LinkKnown("found", NOW, url=url) for url in known}
        site = SiteOrder("paper.example", sources=(FEED,), links=links)
        return NewsSpider(CrawlOrder("r", "a", NOW, "x", 1.0, True, (site,), per_site=per_site), None, on_trial)

    return make


def collect(requests: AsyncIterator) -> list:
    async def each():
        return [request async for request in requests]

    return asyncio.run(each())


def begin(spider: NewsSpider) -> list:
    return collect(spider.start())


def read(spider: NewsSpider, source, *links: str) -> list:
    answer = TextResponse(source.url, body=rss(*links).encode(), request=source)
    return collect(spider.take_source(answer, **source.cb_kwargs))


def drain(spider: NewsSpider, requests: list) -> list[str]:
    """Answer each request in turn; the pages asked for, in order."""
    asked = []
    while requests:
        assert len(requests) == 1
        asked.append(requests[0].url)
        requests = list(spider.take_link(TextResponse(requests[0].url, request=requests[0])))
    return asked


def test_a_host_is_given_one_page_at_a_time_and_gets_them_all(spider):
    one = spider()
    (source,) = begin(one)
    assert drain(one, read(one, source, *PAGES)) == PAGES
    assert one.waiting == {}


def test_two_hosts_are_asked_beside_each_other(spider):
    one = spider()
    (source,) = begin(one)
    asked = read(one, source, *PAGES, "https://other.example/a", "https://other.example/b")
    assert [request.url for request in asked] == [PAGES[0], "https://other.example/a"]


def test_a_page_that_two_sources_name_is_asked_for_once(spider):
    one = spider()
    (source,) = begin(one)
    first = read(one, source, PAGES[0])
    assert read(one, source, PAGES[0]) == []
    assert drain(one, first) == PAGES[:1]


def test_what_waits_from_earlier_leaves_half_of_the_room_to_what_is_new(spider):
    one = spider(*PAGES[:6], per_site=4)
    source, old = begin(one)
    assert read(one, source, *PAGES[6:]) == []
    asked = drain(one, [old])
    assert (len(asked), asked[2:]) == (4, PAGES[6:8])
