"""The spider: reads sources of every kind, follows what the frontier wants.

One spider for feeds, sitemaps and listings, so that one host's budget holds over all its sources. Pages are handed to
Scrapy one at a time for each host: a slow host with many pages would else fill the downloader, and all others wait.
Pages on a host that is not ours are left: the parent has them as links, for whoever holds the host next.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from crawler.archive import Failure
from crawler.article import FeedItem
from crawler.frontier import Wanted, overdue, too_old, wanted
from crawler.orders import CrawlOrder, LinkKnown, SiteOrder, SourceOrder
from crawler.read_source import read_source
from crawler.spiders.asking import Ask, Hosts
from crawler.spiders.middlewares import ASKED, WHOM
from crawler.spiders.recorder import Recorder
from crawler.spiders.refusals import why
from crawler.urls import host_of, link_key

HOST = "glabella_host"


class NewsSpider(scrapy.Spider):
    """Carries out one crawl order."""

    name = "news"

    def __init__(self, order: CrawlOrder, recorder: Recorder, ask: Ask, **options: Any) -> None:
        super().__init__(**options)
        self.order, self.recorder, self.hosts = order, recorder, Hosts(order, ask)
        # What was asked for, and how much of it each site has named.
        self.asked: set[str] = set()
        self.named: Counter[str] = Counter()
        # Requests that wait for their host; a host has an entry while one of its requests is under way.
        self.waiting: dict[str, deque[scrapy.Request]] = {}

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for site in self.order.sites:
            for source in site.sources:
                yield self._source_request(site, source, source.url)
            # What waits from earlier leaves room for what is new today.
            for link in islice(overdue(site.links, self.order.now), self.order.per_site // 2):
                if self._first_time(site, link.key):
                    for request in self._in_turn(self._link_request(link, 0)):
                        yield request

    async def take_source(
        self, response: Response, site: SiteOrder, source: SourceOrder
    ) -> AsyncIterator[scrapy.Request]:
        """Ask for the links that the source's answer makes worth fetching, and for the sitemaps it points to."""
        if response.status != 200:
            return
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        reading = read_source(source.kind, response.body, response.url, content_type)
        for address in reading.more:
            if self._first_time(site, address):
                yield self._source_request(site, source, address)
        async for link in self._worth_asking(site, reading.items):
            if self._room(site) and self._first_time(site, link.key):
                for request in self._in_turn(self._link_request(link, source.id)):
                    yield request

    async def _worth_asking(self, site: SiteOrder, items: Sequence[FeedItem]) -> AsyncIterator[Wanted]:
        """The links that are wanted and lie on hosts that we hold, as far as there is room."""
        young = dict.fromkeys(link_key(item.url) for item in items if not too_old(item, self.order.now))
        held = set(self.hosts.held)
        known = (await self.hosts.ask(keys=young)).links if young else {}
        links = (link for link in wanted(items, known, self.order.now, len(young)) if link.key not in self.asked)
        while batch := list(islice(links, self._room(site))):
            for link in await self._on_our_hosts(batch, held, known):
                yield link

    async def _on_our_hosts(
        self, links: Sequence[Wanted], held: set[str], known: Mapping[str, LinkKnown]
    ) -> Iterator[Wanted]:
        """Those on hosts that are ours or become so now.

        `held` are the hosts that were ours when the links were `known`: elsewhere another worker may have come first.
        """
        strange = {link.key: host_of(link.url) for link in links if host_of(link.url) not in held}
        if not strange:
            return iter(links)
        answer = await self.hosts.ask(dict.fromkeys(strange.values()), strange)
        ours = {site.host for site in answer.sites}
        return (
            link
            for link in links
            if link.key not in strange
            or (strange[link.key] in ours and answer.links.get(link.key) == known.get(link.key))
        )

    def take_link(self, response: Response) -> Iterator[scrapy.Request]:
        """The archive holds the answer and the parent reads it there; the host's next page may be asked for."""
        yield from self._next(response.meta[HOST])

    def fail(self, failure: TwistedFailure) -> Iterator[scrapy.Request]:
        """Record a request that got no answer."""
        request = failure.request  # type: ignore[attr-defined]
        reason = why(failure.value)
        self.recorder.failure(
            Failure(request.meta[ASKED], reason.words, datetime.now(UTC), reason.wait, reason.permanent),
            request.meta[WHOM],
        )
        if HOST in request.meta:
            yield from self._next(request.meta[HOST])

    def _in_turn(self, request: scrapy.Request) -> Iterator[scrapy.Request]:
        """The request itself where its host is free, else nothing until its turn comes."""
        host = request.meta[HOST]
        if host in self.waiting:
            self.waiting[host].append(request)
        else:
            self.waiting[host] = deque()
            yield request

    def _next(self, host: str) -> Iterator[scrapy.Request]:
        if self.waiting[host]:
            yield self.waiting[host].popleft()
        else:
            del self.waiting[host]

    def _room(self, site: SiteOrder) -> int:
        return max(self.order.per_site - self.named[site.host], 0)

    def _first_time(self, site: SiteOrder, key: str) -> bool:
        if key in self.asked:
            return False
        self.asked.add(key)
        self.named[site.host] += 1
        return True

    def _source_request(self, site: SiteOrder, source: SourceOrder, address: str) -> scrapy.Request:
        root = address == source.url
        return scrapy.Request(
            address,
            callback=self.take_source,
            cb_kwargs={"site": site, "source": source},
            errback=self.fail,
            headers=_validators(source.etag, source.last_modified) if root else None,
            meta={WHOM: f"source:{source.id}", ASKED: address},
            priority=10,
            dont_filter=True,
        )

    def _link_request(self, link: Wanted, source: int) -> scrapy.Request:
        return scrapy.Request(
            link.url,
            callback=self.take_link,
            errback=self.fail,
            headers=_validators(link.etag, link.last_modified),
            meta={WHOM: f"link:{source}", ASKED: link.url, HOST: urlsplit(link.url).hostname or ""},
            dont_filter=True,
        )


def _validators(etag: str, last_modified: str) -> dict[str, str]:
    """Headers of a conditional GET (RFC 9110 13.1)."""
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers
