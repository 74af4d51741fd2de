"""The crawl plan of this installation's variables."""

from __future__ import annotations

from importlib.metadata import version

from django.conf import settings

from crawler.crawling import CrawlPlan, agent_name


def crawl_plan() -> CrawlPlan:
    """The plan of this installation's variables."""
    return CrawlPlan(
        archive=settings.ARCHIVE,
        agent=agent_name(version("glabella"), settings.CONTACT),
        delay=settings.CRAWL_DELAY,
        allow_private=settings.ALLOW_PRIVATE,
    )
