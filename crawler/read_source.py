"""A source's answer -> Reading, by the kind of the source."""

from __future__ import annotations

from crawler.feeds import read_feed
from crawler.listing import read_listing
from crawler.reading import Outcome, Reading
from crawler.sitemaps import read_sitemap


def read_source(kind: str, body: bytes, url: str, content_type: str = "") -> Reading:
    """What the answer names. Never raises: whatever is wrong is said in the reading's words."""
    if kind == "feed":
        return read_feed(body, url, content_type)
    if kind == "sitemap":
        return read_sitemap(body, url)
    if kind == "listing":
        return read_listing(body, url)
    return Reading(Outcome.FAILED, why=f"a source of kind {kind} is not crawled")
