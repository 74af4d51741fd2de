"""A source's answer -> Reading, by the kind of the source; only addresses that can be asked come through."""

from __future__ import annotations

from dataclasses import replace

from crawler.feeds import read_feed
from crawler.frontier import askable
from crawler.listing import read_listing
from crawler.reading import Outcome, Reading
from crawler.sitemaps import read_sitemap


def read_source(kind: str, body: bytes, url: str, content_type: str = "") -> Reading:
    """What the answer names. Never raises: whatever is wrong is said in the reading's words."""
    if kind == "feed":
        return _usable(read_feed(body, url, content_type))
    if kind == "sitemap":
        return _usable(read_sitemap(body, url))
    if kind == "listing":
        return _usable(read_listing(body, url))
    return Reading(Outcome.FAILED, why=f"a source of kind {kind} is not crawled")


def _usable(reading: Reading) -> Reading:
    items = tuple(item for item in reading.items if askable(item.url))
    more = tuple(address for address in reading.more if askable(address))
    lost = len(reading.items) - len(items)
    if not lost:
        return replace(reading, more=more)
    if not items and not more:
        return replace(reading, outcome=Outcome.EMPTY, items=(), more=(), why="no entry has a usable address")
    return replace(reading, items=items, more=more, why=f"{lost} without a usable address")
