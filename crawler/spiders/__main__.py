"""`python -m crawler.spiders`: a crawl order is the first line of stdin, one JSON line per record goes to stdout.

Between the records the child asks its parent questions, which further lines of stdin answer. The rest goes to stderr.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from crawler.orders import CrawlOrder
from crawler.spiders.asking import Parent, on_trial
from crawler.spiders.news import NewsSpider
from crawler.spiders.recorder import Recorder

MIDDLEWARES = "crawler.spiders.middlewares"


def settings(order: CrawlOrder) -> dict[str, Any]:
    """Scrapy's settings for one order; the numbers are downloader middleware places (engine 0, network 1000)."""
    return {
        "USER_AGENT": order.agent,
        "DOWNLOADER_MIDDLEWARES": {
            f"{MIDDLEWARES}.ArchiveMiddleware": 50,
            f"{MIDDLEWARES}.GuardMiddleware": 60,
            f"{MIDDLEWARES}.HoldMiddleware": 90,
            f"{MIDDLEWARES}.RobotsMiddleware": 100,
            f"{MIDDLEWARES}.RestMiddleware": 110,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        },
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver"
        if order.allow_private
        else f"{MIDDLEWARES}.GuardedResolver",
        # Hosts that do not answer hold their places until the timeout; there must be room beside them.
        "CONCURRENT_REQUESTS": 100,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": order.delay,
        # A politeness that is promised is kept: Scrapy else waits between half and one and a half of it.
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": order.timeout,
        "DOWNLOAD_MAXSIZE": 10_000_000,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 1,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "RETRY_HTTP_CODES": [500, 502, 504],
        "HTTPERROR_ALLOW_ALL": True,
        "REDIRECT_MAX_TIMES": 5,
        "CLOSESPIDER_TIMEOUT": order.seconds,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None},
    }


def main() -> int:
    # Stray prints of any library go to stderr: stdout carries records and questions only.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    order = CrawlOrder.from_json(sys.stdin.readline())
    recorder = Recorder(Path(order.archive), out)
    process = AsyncCrawlerProcess(settings(order))
    # An answer that broke off is recorded, and said by who reads the record: refusals.py.
    logging.getLogger("scrapy.core.downloader.handlers.http11").setLevel(logging.ERROR)
    crawler = process.create_crawler(NewsSpider)
    ask = on_trial if order.trial else Parent(recorder).ask
    process.crawl(crawler, order=order, recorder=recorder, ask=ask)
    process.start()
    recorder.close()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    return 1 if stats.get("spider_exceptions/count") or stats.get("finish_reason") is None else 0


if __name__ == "__main__":
    sys.exit(main())
