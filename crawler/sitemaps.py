"""Sitemap bytes -> Reading: urlset with news extension, sitemap index, and plain text lists (sitemaps.org 0.9)."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime, timedelta

from lxml import etree

from crawler.article import FeedItem, Precision
from crawler.reading import Outcome, Reading
from crawler.urls import absolute

MOST_ITEMS = 2000
MOST_CHILDREN = 5
LARGEST = 50_000_000


def read_sitemap(body: bytes, url: str) -> Reading:
    """The pages of a sitemap, newest first where it says so; `more` holds the youngest sitemaps of an index.

    Outcome failed with words on anything else; never raises.
    """
    plain = _unpacked(body)
    if not plain.strip():
        return Reading(Outcome.FAILED, why="the answer is empty")
    if plain.lstrip()[:1] != b"<":
        return _text_list(plain)
    root = _root(plain)
    if root is None:
        return Reading(Outcome.FAILED, why="the sitemap is not readable XML")
    name = _local(root)
    if name == "sitemapindex":
        return _index(root, url)
    if name != "urlset":
        kind = "a web page" if name == "html" else f"XML of another kind ({name})"
        return Reading(Outcome.FAILED, why=f"this is {kind}, not a sitemap")
    items = sorted((item for node in root if (item := _item(node, url))), key=_youth, reverse=True)
    if not items:
        return Reading(Outcome.EMPTY, why="the sitemap names no pages")
    return Reading(Outcome.OK, tuple(items[:MOST_ITEMS]))


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, LARGEST)
    except (zlib.error, gzip.BadGzipFile):
        return b""


def _root(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root: etree._Element | None = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _index(root: etree._Element, url: str) -> Reading:
    children = [(_date(_child(node, "lastmod"))[0], _child(node, "loc")) for node in root]
    oldest = datetime.min.replace(tzinfo=UTC)
    young = sorted((c for c in children if c[1]), key=lambda c: c[0] or oldest, reverse=True)
    more = tuple(absolute(url, loc) for _, loc in young[:MOST_CHILDREN])
    return Reading(Outcome.OK if more else Outcome.EMPTY, more=more, why="" if more else "the index is empty")


def _text_list(body: bytes) -> Reading:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    items = tuple(FeedItem(url=line) for line in lines if line.startswith(("http://", "https://")))
    if not items:
        return Reading(Outcome.FAILED, why="this is not a sitemap")
    return Reading(Outcome.OK, items[:MOST_ITEMS])


def _item(node: etree._Element, base: str) -> FeedItem | None:
    loc = _child(node, "loc")
    if not loc:
        return None
    published, precision = _date(_child(node, "publication_date"))
    return FeedItem(
        url=absolute(base, loc),
        title=_child(node, "title"),
        published=published,
        precision=precision,
        changed=_date(_child(node, "lastmod"))[0],
    )


def _child(node: etree._Element, name: str) -> str:
    found = next((child for child in node.iter() if _local(child) == name), None)
    return (found.text or "").strip() if found is not None else ""


def _date(text: str) -> tuple[datetime | None, Precision]:
    """A W3C date; a day without a time keeps its precision."""
    precision = Precision.TIME if "T" in text else Precision.DAY
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None, precision
    return (date if date.tzinfo else date.replace(tzinfo=UTC)), precision


def _youth(item: FeedItem) -> timedelta:
    date = item.published or item.changed
    return date - datetime.fromtimestamp(0, UTC) if date else timedelta(0)
