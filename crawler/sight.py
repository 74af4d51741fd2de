"""What a reader sees of a page, in order: short texts with their place, headings, and the container around them.

One walk over the tree; texts longer than a byline or a date line are only counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 60_000
SHORT = 160  # characters; a longer text is prose, not a byline
UNSEEN = frozenset(
    {"script", "style", "template", "svg", "iframe", "noscript", "title", "option", "textarea"}
)
HEADINGS = frozenset({"h1", "h2", "h3"})
ANCESTORS = 14

_COMMENT = re.compile(r"(?i)comment|respond|disqus|repl(?:y|ies)\b|discussion")
_RELATED = re.compile(
    r"(?i)relat|recommend|popular|trending|carousel|slider|more-|read-?next|also-?(?:like|read)|teaser|latest|recent"
    r"|up-?next|prev|card|grid|feed|listing|widget|sidebar|promo|newsletter|subscribe|modal|popup|cookie"
)
_FOOT = re.compile(
    r"(?i)\bfooter|\bfoot\b|copyright|masthead|site-?header|navbar|\bnav\b|menu|breadcrumb|topbar"
)
_BIO = re.compile(r"(?i)\bbio|about-?(?:the-)?author|author-?(?:box|bio|about|info-box|card)|profile")
_HEAD = re.compile(
    r"(?i)(?:entry|post|article|content|page|story|blog)[-_]*(?:header|head|hero|title|meta|info|details|top|byline)"
    r"|byline|meta\b|hero|headline|dateline"
)


@dataclass(frozen=True, slots=True)
class Zone:
    """What kinds of container lie around a place."""

    comment: bool = False
    related: bool = False
    foot: bool = False
    bio: bool = False
    head: bool = False
    article: bool = False
    main: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A short text: the words, where it begins (characters of text before it), its index and its element."""

    words: str
    at: int
    parent: LexborNode


@dataclass(slots=True)
class Sight:
    """The page in reading order."""

    texts: list[Text] = field(default_factory=list)
    headings: list[tuple[LexborNode, int]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    length: int = 0

    def at(self, node: LexborNode) -> int:
        """Characters of text before an element; -1 where it was not seen."""
        return self.places.get(node.mem_id, -1)


def look(tree: LexborHTMLParser) -> Sight:
    """Walks the page once, with Lexbor's own iterator: no depth is too deep."""
    sight = Sight()
    body = tree.body
    if body is None:
        return sight
    at, unseen = 0, False
    places, texts = sight.places, sight.texts
    for count, node in enumerate(body.traverse(include_text=True)):
        tag = node.tag
        if tag == "-text":
            words = node.text_content or ""
            if unseen and _is_unseen(node):
                continue
            stripped = words.strip()
            if stripped:
                if len(stripped) <= SHORT:
                    texts.append(Text(stripped, at, node))
                at += len(stripped)
            continue
        unseen = tag in UNSEEN
        places[node.mem_id] = at
        if tag in HEADINGS:
            sight.headings.append((node, at))
        if count > MAX_NODES:
            break
    sight.length = at
    return sight


def zone_of(node: LexborNode) -> Zone:
    """Reads classes, ids and names of the elements around a node."""
    marks = {"comment": False, "related": False, "foot": False, "bio": False, "head": False}
    article = main = link = False
    current: LexborNode | None = node
    for _ in range(ANCESTORS):
        if current is None or current.tag in ("body", "html", "-document"):
            break
        tag = current.tag
        article, main, link = article or tag == "article", main or tag == "main", link or tag == "a"
        marks["foot"] |= tag in ("footer", "nav")
        marks["related"] |= tag == "aside"
        if tag != "-text":
            _mark(marks, current)
        current = current.parent
    return Zone(**marks, article=article, main=main, link=link)


def _mark(marks: dict[str, bool], node: LexborNode) -> None:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(names) < 3:
        return
    names = names[:300]
    for key, pattern in (
        ("comment", _COMMENT), ("related", _RELATED), ("foot", _FOOT), ("bio", _BIO), ("head", _HEAD)
    ):  # fmt: skip
        if not marks[key] and pattern.search(names):
            marks[key] = True


def _is_unseen(text: LexborNode) -> bool:
    parent = text.parent
    return parent is not None and parent.tag in UNSEEN
