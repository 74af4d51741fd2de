"""The spider's manners, as Scrapy middlewares: addresses, robots.txt, rest when asked, and the archive."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure as TwistedFailure

from crawler.archive import Failure
from crawler.frontier import LONGEST_HOST
from crawler.orders import CrawlOrder
from crawler.page import Page
from crawler.robots import Robots
from crawler.spiders.asking import Hosts
from crawler.spiders.recorder import Recorder
from crawler.spiders.refusals import AddressRefused, NotHeld, Resting, RobotsRefused, why
from crawler.urls import host_of, is_private

WHOM, ASKED = "glabella_whom", "glabella_asked"
ROBOTS = "robots:"
# Headers that describe the transfer, not the page; the archived body is already decoded.
TRANSFER = {"content-encoding", "transfer-encoding", "content-length", "connection"}


class Orderly(Protocol):
    """What the middlewares need of the spider: its order, its hosts, and the place to record."""

    order: CrawlOrder
    hosts: Hosts
    recorder: Recorder


def _spider(crawler: Crawler) -> Orderly:
    return cast(Orderly, crawler.spider)


class ArchiveMiddleware:
    """Nearest to the engine: records each final answer, after redirects and decompression."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        return cls(_spider(crawler).recorder)

    def process_response(self, request: Request, response: Response) -> Response:
        self.recorder.page(page_of(request, response, datetime.now(UTC)), request.meta[WHOM])
        return response


class HoldMiddleware:
    """No host is asked, for a page, a redirect or its robots.txt, before this crawl holds it."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HoldMiddleware:
        return cls(_spider(crawler).hosts)

    async def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        if host in self.hosts.held:
            return
        if not 0 < len(host) <= LONGEST_HOST:
            raise AddressRefused("not an address of the web")
        answer = await self.hosts.ask([host])
        if host in answer.waits:
            raise NotHeld(answer.waits[host])


class RobotsMiddleware:
    """Asks robots.txt before every request, redirects too; a fresh copy comes with the host."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.hosts, self.recorder = _spider(crawler).hosts, _spider(crawler).recorder
        self.delay = _spider(crawler).order.delay
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.trouble: dict[str, str] = {}
        self.rules: dict[str, Robots] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta[WHOM].startswith(ROBOTS):
            return
        host = host_of(request.url)
        rules = await self._rules(host, request.url)
        self._slow_down(urlsplit(request.url).hostname or "", rules.delay())
        if not rules.allows(request.url):
            refusal = RobotsRefused(self.trouble.get(host, "robots.txt does not allow it"))
            refusal.permanent = not rules.unreachable
            raise refusal

    async def _rules(self, host: str, url: str) -> Robots:
        """The host's rules; the first request of a host fetches them while the others wait."""
        async with self.locks[host]:
            if host not in self.rules:
                self.rules[host] = await self._fetch(host, url)
        return self.rules[host]

    async def _fetch(self, host: str, url: str) -> Robots:
        held = self.hosts.held[host]
        if held.robots is not None:
            return Robots(held.robots, held.robots_status)
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        whom = ROBOTS + host
        request = Request(address, meta={WHOM: whom, ASKED: address}, priority=1000)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            self.trouble[host] = why(error).words
            self.recorder.failure(Failure(address, self.trouble[host], datetime.now(UTC)), whom)
            return Robots("", None)
        rules = Robots(response.body.decode("utf-8", "replace"), response.status)
        if rules.unreachable:
            self.trouble[host] = f"its robots.txt cannot be had: the server answered {response.status}"
        return rules

    def _slow_down(self, host: str, delay: float) -> None:
        if delay <= self.delay:
            return
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        # A slot is made at a host's first request and anew after a minute's rest; both times it looks here.
        downloader.per_slot_settings[host] = {"delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = delay


class RestMiddleware:
    """A host's pause begins with its answer; after 429 or 503 it is left alone, and what waits for it is given back."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.resting: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RestMiddleware:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.answered, signals.response_downloaded)
        return middleware

    def answered(self, request: Request) -> None:
        """Scrapy counts from when it meant to send; while it is busy it sends later, and the pause seen is shorter."""
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.lastseen = monotonic()

    def process_request(self, request: Request) -> None:
        if (urlsplit(request.url).hostname or "") in self.resting:
            raise Resting("the site asked us to wait")

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503) and not request.meta[WHOM].startswith(ROBOTS):
            self._rest(urlsplit(response.url).hostname or "")
        return response

    def _rest(self, host: str) -> None:
        self.resting.add(host)
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.slots.get(host)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(TwistedFailure(Resting("the site asked us to wait")))  # type: ignore[no-untyped-call]


class GuardMiddleware:
    """Only http and https, no credentials in the address, no private address by number."""

    def __init__(self, allow_private: bool) -> None:
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(_spider(crawler).order.allow_private)

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise AddressRefused("not an address of the web")
        if not self.allow_private and is_private(parts.hostname):
            raise AddressRefused("a private address")


class GuardedResolver(CachingThreadedResolver):
    """Names that resolve to private addresses are refused where the connection takes its address from."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(_public)


def _public(address: str) -> str:
    if is_private(address):
        raise AddressRefused("the host has a private address")
    return address


def page_of(request: Request, response: Response, now: datetime) -> Page:
    """The Page value of a Scrapy response."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in _all(response.headers).items()
        for value in values
        if name.decode("latin-1").lower() not in TRANSFER
    )
    return Page(response.url, request.meta[ASKED], response.status, headers, response.body, now)


def _all(headers: Any) -> Mapping[bytes, list[bytes]]:
    return {name: headers.getlist(name) for name in headers}
