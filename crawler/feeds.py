"""Feed bytes -> Reading: RSS, Atom and RDF through feedparser, JSON Feed 1.1 by its own few fields."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any

import feedparser
from selectolax.lexbor import LexborHTMLParser

from crawler import dates
from crawler.article import FeedItem, Precision
from crawler.reading import Outcome, Reading
from crawler.urls import absolute

MOST_ITEMS = 500
# The widest that a zone can move an instant; readings further apart are of two dates.
_ZONES_APART = timedelta(hours=15)
_SPACE = re.compile(r"\s+")


def read_feed(body: bytes, url: str, content_type: str = "") -> Reading:
    """The items of a feed; outcome failed with words where the bytes are no feed. Never raises on any bytes."""
    if not body.strip():
        return Reading(Outcome.FAILED, why="the answer is empty")
    if body.lstrip()[:1] == b"{":
        return _json_feed(body, url)
    try:
        parsed = feedparser.parse(
            body,
            response_headers={"content-type": content_type, "content-location": url},
            sanitize_html=False,
        )
    except Exception as error:  # feedparser lets errors of its own parsers through on hostile bytes
        return Reading(Outcome.FAILED, why=f"the feed cannot be read: {type(error).__name__}")
    if not parsed.version:
        return _no_feed(body, url)
    entries = parsed.entries[:MOST_ITEMS]
    items = tuple(item for entry in entries if (item := _item(entry, url)) is not None)
    return _reading(items, len(entries), plain(parsed.feed.get("title", "")))


def plain(markup: str) -> str:
    """Markup as one line of text; what is already plain stays as it is."""
    text = LexborHTMLParser(markup).text(separator=" ") if "<" in markup or "&" in markup else markup
    return _SPACE.sub(" ", text or "").strip()


def _reading(items: tuple[FeedItem, ...], entries: int, title: str) -> Reading:
    if items:
        return Reading(Outcome.OK, items, title)
    why = "no entry has an address" if entries else "the feed has no entries"
    return Reading(Outcome.EMPTY, title=title, why=why)


def _no_feed(body: bytes, url: str) -> Reading:
    head = body[:2000].lower()
    if b"<html" in head or b"<!doctype html" in head:
        feeds = _announced(body, url)
        hint = f"; it announces {feeds[0]}" if feeds else ""
        return Reading(Outcome.FAILED, why=f"this is a web page, not a feed{hint}", feeds=feeds)
    return Reading(Outcome.FAILED, why="this is not a feed")


def _announced(body: bytes, url: str) -> tuple[str, ...]:
    tree = LexborHTMLParser(body)
    wanted = ("application/rss+xml", "application/atom+xml", "application/feed+json")
    links = tree.css("link[rel~=alternate][href]")
    return tuple(
        absolute(url, node.attributes.get("href") or "")
        for node in links
        if (node.attributes.get("type") or "").strip().lower() in wanted
    )


def _item(entry: Any, base: str) -> FeedItem | None:
    link = entry.get("link") or (entry.get("id", "") if str(entry.get("id", "")).startswith("http") else "")
    if not link:
        return None
    content = entry.get("content") or [{}]
    body = content[0].get("value") or entry.get("summary") or ""
    published, precision = _dated(entry.get("published"), _instant(entry.get("published_parsed")))
    return FeedItem(
        url=absolute(base, link.strip()),
        guid=str(entry.get("id", ""))[:500],
        title=plain(entry.get("title", "")),
        author=plain(entry.get("author", "")),
        published=published,
        precision=precision,
        # Asked of the plain dict: feedparser else gives the date of publication in its place.
        changed=_instant(dict.get(entry, "updated_parsed")),
        summary=plain(body),
    )


def _dated(said: object, instant: datetime | None) -> tuple[datetime | None, Precision]:
    """The date as the feed writes it: in its own zone, none where it states none, a day as a day.

    What `crawler/dates.py` cannot read, or reads as another date than the feed's own standard does, is its instant in UTC.
    """
    stated = dates.parse(said) if isinstance(said, str) else None
    if stated is None or instant is None:
        return instant, Precision.TIME
    when = stated.when if stated.when.tzinfo else stated.when.replace(tzinfo=UTC)
    return (stated.when, stated.precision) if abs(when - instant) < _ZONES_APART else (instant, Precision.TIME)


def _instant(parts: struct_time | None) -> datetime | None:
    """feedparser gives UTC; years that datetime cannot hold are no date."""
    if parts is None:
        return None
    try:
        return datetime(*parts[:6], tzinfo=UTC)
    except ValueError:
        return None


def _json_feed(body: bytes, url: str) -> Reading:
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Reading(Outcome.FAILED, why="this is neither a feed nor readable JSON")
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version", "")):
        return Reading(Outcome.FAILED, why="this is JSON but not a JSON Feed")
    entries = [entry for entry in data.get("items") or [] if isinstance(entry, dict)][:MOST_ITEMS]
    items = tuple(item for entry in entries if (item := _json_item(entry, url)) is not None)
    return _reading(items, len(entries), plain(str(data.get("title", ""))))


def _json_item(entry: dict[str, Any], base: str) -> FeedItem | None:
    link = entry.get("url") or entry.get("external_url")
    if not isinstance(link, str) or not link.strip():
        return None
    authors = entry.get("authors") or [entry.get("author")]
    names = [str(author.get("name", "")) for author in authors if isinstance(author, dict)]
    body = entry.get("summary") or entry.get("content_text") or entry.get("content_html") or ""
    published, precision = _dated(entry.get("date_published"), _iso(entry.get("date_published")))
    return FeedItem(
        url=absolute(base, link.strip()),
        guid=str(entry.get("id", ""))[:500],
        title=plain(str(entry.get("title") or "")),
        author="; ".join(name for name in names if name),
        published=published,
        precision=precision,
        changed=_iso(entry.get("date_modified")),
        summary=plain(str(body)),
    )


def _iso(text: object) -> datetime | None:
    try:
        date = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
