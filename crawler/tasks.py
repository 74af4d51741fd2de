"""The crawl as a task of the queue `crawl`. It finds what is due by itself: once too often changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from celery import shared_task

from crawler.crawling import crawl
from crawler.planning import crawl_plan

# Several workers share what is due: none takes more sites at a time than this.
SITES_AT_ONCE = 12
SECONDS = 1500


@shared_task  # type: ignore[untyped-decorator]
def crawl_due() -> dict[str, int]:
    """Fetch what is due; outcomes of links by word."""
    plan = replace(crawl_plan(), seconds=SECONDS, sites=SITES_AT_ONCE)
    return dict(crawl(plan, clock=lambda: datetime.now(UTC)).outcomes)
