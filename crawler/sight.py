"""What a reader sees of a page, in order: short texts with their place, headings, and the containers around them.

One walk over the tree; texts longer than a byline or a date line are only counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 60_000
SHORT = 160  # characters; a longer text is prose, not a byline
UNSEEN = frozenset({"script", "style", "template", "svg", "iframe", "title", "option", "textarea", "noscript"})
HEADINGS = frozenset({"h1", "h2", "h3"})
NOTED = HEADINGS | {"a", "img"}
CLIMB = 60  # ancestors looked at for the zone of an element

# The bits of a zone: what kinds of container lie around a place.
COMMENT, RELATED, FOOT, BIO, HEAD, ARTICLE, MAIN, LINK, TOP, HEADING = (1 << bit for bit in range(10))
ZONES = {
    "comment": COMMENT, "related": RELATED, "foot": FOOT, "bio": BIO, "head": HEAD, "article": ARTICLE, "main": MAIN,
    "link": LINK, "top": TOP, "heading": HEADING,
}  # fmt: skip
_TAGS = {
    "footer": FOOT, "nav": FOOT, "aside": RELATED, "article": ARTICLE, "main": MAIN, "a": LINK, "header": TOP,
    "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING,
}  # fmt: skip
_WORDS = {
    COMMENT: r"comment|respond|disqus|repl(?:y|ies)\b|discussion",
    RELATED: r"relat|recommend|popular|trending|carousel|slider|more-|read-?next|also-?(?:like|read)|teaser|latest"
    r"|recent|up-?next|prev|card|grid|feed|listing|widget|sidebar|promo|newsletter|subscribe|modal|popup|cookie",
    FOOT: r"\bfooter|\bfoot\b|copyright|masthead|site-?header|navbar|\bnav\b|menu|breadcrumb|topbar",
    BIO: r"\bbio|about-?(?:the-)?author|author-?(?:box|bio|about|info|card|desc)|profile",
    HEAD: r"(?:entry|post|article|content|page|story|blog)[-_]*(?:header|head|hero|title|meta|info|details|top|by)"
    r"|byline|meta\b|hero|headline|dateline",
}
_NAMES = tuple((bit, re.compile(words)) for bit, words in _WORDS.items())
_ANY_NAME = re.compile("|".join(_WORDS.values()))


@dataclass(frozen=True, slots=True)
class Text:
    """A short text, the characters of text before it, and its node."""

    words: str
    at: int
    node: LexborNode


@dataclass(slots=True)
class Sight:
    """The page in reading order: texts, headings, where each element begins, addresses linked to, texts of pictures."""

    texts: list[Text] = field(default_factory=list)
    headings: list[tuple[LexborNode, int]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)
    length: int = 0
    _zones: dict[int, int] = field(default_factory=dict)

    def at(self, node: LexborNode) -> int:
        """Characters of text before an element; -1 where it was not seen."""
        return self.places.get(node.mem_id, -1)

    def zone(self, node: LexborNode) -> int:
        """The bits of all containers around a node, its own included."""
        chain: list[LexborNode] = []
        current: LexborNode | None = node
        bits = 0
        while current is not None and len(chain) < CLIMB:
            known = self._zones.get(current.mem_id)
            if known is not None:
                bits = known
                break
            if current.tag == "body":
                break
            chain.append(current)
            current = current.parent
        for item in reversed(chain):
            bits |= _own_bits(item)
            self._zones[item.mem_id] = bits
        return bits


def look(tree: LexborHTMLParser) -> Sight:
    """Walks the page once, with Lexbor's own iterator: no depth is too deep."""
    sight = Sight()
    if tree.body is None:
        return sight
    at, unseen = 0, False
    places, texts = sight.places, sight.texts
    for count, node in enumerate(tree.body.traverse(include_text=True)):
        tag = node.tag
        if tag != "-text":
            unseen = tag in UNSEEN
            places[node.mem_id] = at
            if tag in NOTED:
                _note(sight, node, tag or "", at)
        elif not (unseen and _is_unseen(node)):
            words = (node.text_content or "").strip()
            if words:
                if len(words) <= SHORT:
                    texts.append(Text(words, at, node))
                at += len(words)
        if count > MAX_NODES:
            break
    sight.length = at
    return sight


def _note(sight: Sight, node: LexborNode, tag: str, at: int) -> None:
    if tag in HEADINGS:
        sight.headings.append((node, at))
        return
    attributes = node.attributes
    if tag == "img":
        sight.pictured.append(attributes.get("alt") or "")
        return
    address = attributes.get("href")
    if address:
        sight.links.append(address)
        if "license" in (attributes.get("rel") or "").split():
            sight.licences.append(address)


def zone_names(bits: int) -> Iterator[str]:
    """The names of the bits that are set."""
    return (name for name, bit in ZONES.items() if bits & bit)


def _own_bits(node: LexborNode) -> int:
    tag = node.tag
    if tag == "-text":
        return 0
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return _TAGS.get(tag or "", 0) | (_bits_of_names(names[:300].lower()) if len(names) > 3 else 0)


@lru_cache(maxsize=4096)
def _bits_of_names(names: str) -> int:
    if not _ANY_NAME.search(names):
        return 0
    return sum(bit for bit, pattern in _NAMES if pattern.search(names))


def _is_unseen(text: LexborNode) -> bool:
    parent = text.parent
    return parent is not None and parent.tag in UNSEEN
