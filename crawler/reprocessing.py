"""Judge archived pages again: new rules and better extraction reach what is stored, and no site is asked twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from crawler import models
from crawler.archive import read_page
from crawler.intake import rejudge


def reprocess(archive: Path, *, now: datetime, host: str = "") -> Counter[str]:
    """Outcomes by word; `missing` where the archive no longer holds the page."""
    outcomes: Counter[str] = Counter()
    for link in _stored(host).iterator():
        page = read_page(archive / link.archive_file, link.archive_offset or 0)
        outcomes["missing" if page is None else rejudge(link, page, now)] += 1
    return outcomes


def _stored(host: str) -> QuerySet[models.Link]:
    rows = models.Link.objects.exclude(archive_file="").select_related("site")
    return rows.filter(site=host) if host else rows
