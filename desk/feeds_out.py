"""Feed -> bytes of Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. Pure: the same values give the same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
# All that XML 1.0 cannot hold (section 2.2); a title of the web may hold it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_ADDRESS = "/:?#[]@!$&'()*+,;=%~"
ET.register_namespace("atom", ATOM)
ET.register_namespace("dc", DC)


@dataclass(frozen=True)
class Entry:
    """One story. `ident` is its lasting address; `url` leads to the source; `at` is when its issue went out."""

    ident: str
    url: str
    title: str
    at: datetime
    summary: str = ""
    author: str = ""
    source: str = ""
    language: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """What a reader subscribes to. `url` is the feed's own address, `home` that of its page."""

    url: str
    home: str
    title: str
    author: str
    subtitle: str = ""
    language: str = "en"
    entries: tuple[Entry, ...] = ()

    @property
    def updated(self) -> datetime:
        """The newest entry's time; the epoch where there is none, since both formats ask for a time."""
        return max((entry.at for entry in self.entries), default=datetime.fromtimestamp(0, UTC))


def write(feed: Feed, kind: str) -> bytes:
    """The feed as `atom`, `rss` or `json`."""
    return {"atom": atom, "rss": rss, "json": json_feed}[kind](feed)


def atom(feed: Feed) -> bytes:
    """RFC 4287: id, title, updated, an author; per entry id, title, updated and a link."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": clean(feed.language)})
    _add(root, "id", address(feed.url))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _rfc3339(feed.updated))
    _add(_add(root, "author"), "name", feed.author)
    _link(root, "self", feed.url, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    for entry in feed.entries:
        _atom_entry(_add(root, "entry"), entry, feed.language)
    return _bytes(root)


def _atom_entry(place: ET.Element, entry: Entry, language: str) -> None:
    if entry.language and entry.language != language:
        place.set("xml:lang", clean(entry.language))
    _add(place, "id", address(entry.ident))
    _add(place, "title", _title(entry))
    _add(place, "updated", _rfc3339(entry.at))
    _add(place, "published", _rfc3339(entry.at))
    _link(place, "alternate", entry.url, "text/html")
    if clean(entry.author) or clean(entry.source):
        _add(_add(place, "author"), "name", clean(entry.author) or entry.source)
    _add(place, "summary", entry.summary)
    for topic in entry.topics:
        ET.SubElement(place, "category", {"term": clean(topic)})


def rss(feed: Feed) -> bytes:
    """RSS 2.0: title, link, description of the channel; per item title, link, guid, pubDate."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", address(feed.home))
    # The element is required, its words are not.
    _add(channel, "description", feed.subtitle or feed.title)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", _rfc822(feed.updated))
    kind = {"rel": "self", "type": "application/rss+xml", "href": address(feed.url)}
    ET.SubElement(channel, f"{{{ATOM}}}link", kind)
    for entry in feed.entries:
        _rss_item(_add(channel, "item"), entry)
    return _bytes(root)


def _rss_item(place: ET.Element, entry: Entry) -> None:
    _add(place, "title", _title(entry))
    _add(place, "link", address(entry.url))
    _add(place, "guid", address(entry.ident)).set("isPermaLink", "true")
    _add(place, "pubDate", _rfc822(entry.at))
    _add(place, f"{{{DC}}}creator", clean(entry.author) or entry.source)
    _add(place, "description", entry.summary)
    for topic in entry.topics:
        _add(place, "category", topic)


def json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1: version and title; per item an id and a content."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title),
        "home_page_url": address(feed.home),
        "feed_url": address(feed.url),
        "description": clean(feed.subtitle),
        "language": clean(feed.language),
        "authors": [{"name": clean(feed.author)}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    name = clean(entry.author) or clean(entry.source)
    item = {
        "id": address(entry.ident),
        "url": address(entry.url),
        "title": _title(entry),
        "content_text": clean(entry.summary) or _title(entry),
        "date_published": _rfc3339(entry.at),
        "authors": [{"name": name}] if name else [],
        "tags": [clean(topic) for topic in entry.topics],
        "language": clean(entry.language),
    }
    return {key: value for key, value in item.items() if value}


def _title(entry: Entry) -> str:
    """Never empty: both XML formats and a reader's list ask for words."""
    return clean(entry.title) or address(entry.ident)


def clean(text: str) -> str:
    """Without the characters that XML cannot hold, line ends as spaces."""
    return " ".join(_NOT_XML.sub("", text).split())


def address(url: str) -> str:
    """An address in ASCII (RFC 3986); what is escaped already stays so."""
    return quote(_NOT_XML.sub("", url), safe=_IN_ADDRESS)


def _add(place: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """An element below another; one that would hold no words is made but not attached."""
    if text is not None and not clean(text):
        return ET.Element(name)
    element = ET.SubElement(place, name)
    element.text = None if text is None else clean(text)
    return element


def _link(place: ET.Element, rel: str, url: str, kind: str) -> None:
    ET.SubElement(place, "link", {"rel": rel, "type": kind, "href": address(url)})


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def _bytes(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
