"""The crawl (queue `crawl`), judging again and pruning (queue `process`) as tasks. Each finds by itself what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from celery import shared_task
from django.conf import settings

from crawler.crawling import crawl
from crawler.planning import crawl_plan
from crawler.pruning import BY_ITSELF, prune_due
from crawler.reprocessing import reprocess_asked

# Several workers share what is due: none takes more sites at a time than this.
SITES_AT_ONCE = 12
SECONDS = 1500


@shared_task  # type: ignore[untyped-decorator]
def crawl_due() -> dict[str, int]:
    """Fetch what is due; outcomes of links by word."""
    plan = replace(crawl_plan(), seconds=SECONDS, sites=SITES_AT_ONCE)
    return dict(crawl(plan, clock=_clock).outcomes)


@shared_task  # type: ignore[untyped-decorator]
def judge_again() -> int:
    """Judge those stored pages again of which an editor asked it; how many."""
    end = monotonic() + SECONDS
    return reprocess_asked(settings.ARCHIVE, clock=_clock, stop=lambda: monotonic() > end)


@shared_task  # type: ignore[untyped-decorator]
def prune_archive() -> int:
    """Once a day, let go what is past keeping; of how many files."""
    count = prune_due(settings.ARCHIVE, settings.ARCHIVE_DAYS, by=BY_ITSELF, now=_clock())
    return count.files + count.thinned


def _clock() -> datetime:
    return datetime.now(UTC)
