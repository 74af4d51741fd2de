"""The peer: plain Scrapy alone fetches the addresses given on stdin, one a line, and keeps nothing.

`python -m benchmarks.plain_scrapy DELAY < addresses` prints how many answered 200. It obeys robots.txt and waits
like the crawl that it stands beside, but reads no page, writes no archive and no row.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class PlainSpider(scrapy.Spider):
    """Asks for each address once."""

    name = "plain"
    handle_httpstatus_all = True

    def __init__(self, addresses: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.addresses, self.answered = addresses, 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for address in self.addresses:
            yield scrapy.Request(address, callback=self.count, dont_filter=True)

    def count(self, response: Response) -> None:
        self.answered += response.status == 200


def settings(delay: float) -> dict[str, Any]:
    """The same manners as ours."""
    return {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "USER_AGENT": "PlainScrapy/1",
    }


def main() -> None:
    addresses = sys.stdin.read().split()
    process = AsyncCrawlerProcess(settings(float(sys.argv[1])))
    crawler = process.create_crawler(PlainSpider)
    process.crawl(crawler, addresses=addresses)
    process.start()
    assert isinstance(crawler.spider, PlainSpider)
    print(crawler.spider.answered)


if __name__ == "__main__":
    main()
