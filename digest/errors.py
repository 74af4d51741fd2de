"""The error tree of this package."""

from __future__ import annotations

from crawler.errors import CrawlerError


class DigestError(CrawlerError):
    """An edition, a subscriber or a mail cannot be handled as asked."""
