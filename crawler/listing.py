"""A listing page -> Reading: the links that look like articles, in page order, with the day that stands beside each."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import FeedItem, Place
from crawler.dates import Stated
from crawler.listing_dates import days_beside
from crawler.reading import Outcome, Reading
from crawler.urls import link_key, same_site

MOST_ITEMS = 100
INSIDE = ("article", "main")
OUTSIDE = ("nav", "footer", "aside", "form")
DEEPEST = 40
NO_ARTICLE = re.compile(
    r"(?i)^/(?:tag|tags|category|categories|author|authors|topic|topics|login|register|search|about|contact|"
    r"privacy|terms|cookies?|subscribe|account|page)(?:/|$)|\.(?:pdf|jpe?g|png|gif|zip|mp[34])$"
)
_SPACE = re.compile(r"\s+")


def read_listing(body: bytes, url: str) -> Reading:
    """Links of the same site whose address and words look like an article's. Never raises."""
    if not body.strip():
        return Reading(Outcome.FAILED, why="the answer is empty")
    tree = LexborHTMLParser(body)
    found: dict[str, FeedItem] = {}
    links: list[tuple[LexborNode, str]] = []
    for anchor in tree.css("a[href]"):
        item = _item(anchor, url)
        if item is None:
            continue
        key = link_key(item.url)
        links.append((anchor, key))
        if key not in found or len(item.title) > len(found[key].title):
            found[key] = item
    if not found:
        return Reading(Outcome.EMPTY, why="no link on the page looks like an article")
    days = days_beside(tree, links)
    items = tuple(_dated(item, days.get(key)) for key, item in found.items())
    return Reading(Outcome.OK, items[:MOST_ITEMS], title=_title(tree))


def _dated(item: FeedItem, stated: Stated | None) -> FeedItem:
    if stated is None:
        return item
    return replace(item, published=stated.when, precision=stated.precision, dated_by=Place.LISTING)


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return _SPACE.sub(" ", node.text()).strip() if node else ""


def _item(anchor: LexborNode, base: str) -> FeedItem | None:
    href = (anchor.attributes.get("href") or "").strip()
    try:
        target = urljoin(base, href)
    except ValueError:
        return None
    words = _SPACE.sub(" ", anchor.text(separator=" ")).strip()
    if not _looks_like_article(target, words, base) or _outside(anchor):
        return None
    return FeedItem(url=target, title=words[:500])


def _looks_like_article(target: str, words: str, base: str) -> bool:
    if not target.startswith(("http://", "https://")) or not same_site(target, base):
        return False
    path = urlsplit(target).path
    if link_key(target) == link_key(base) or path in ("", "/") or NO_ARTICLE.search(path):
        return False
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    return len(words.split()) >= 4 or slug.count("-") >= 2 or bool(re.search(r"\d{3,}", target) and words)


def _outside(anchor: LexborNode) -> bool:
    """Whether the link stands in the page's frame; the header of an article or of the main part is not the frame."""
    in_header, node = False, anchor.parent
    for _ in range(DEEPEST):
        if node is None or node.tag in INSIDE:
            return in_header and node is None
        if node.tag in OUTSIDE:
            return True
        in_header = in_header or node.tag == "header"
        node = node.parent
    return in_header
