"""Mentions: every place of a page that names a fact and what it says there, and the candidates they speak for.

Nothing is chosen here: crawler/ranking.py weighs the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from crawler import jsonld
from crawler.article import FeedItem, Place, Said
from crawler.sight import Sight, zone_names

MAX_MENTIONS = 60  # of one kind on one page
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place, how it says it, what it says, and where a reader sees it (`at` is -1 where unseen)."""

    place: Place
    kind: str
    value: str
    at: int = -1
    zone: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The page as read once: everything the mentions are taken from."""

    tree: LexborHTMLParser
    title_element: str
    sight: Sight
    metas: tuple[tuple[str, str], ...]
    links: tuple[Mapping[str, str | None], ...]
    nodes: tuple[jsonld.Node, ...]
    url: str
    item: FeedItem | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    fetched: datetime | None = None
    site_names: tuple[str, ...] = ()

    @property
    def site_name(self) -> str:
        """What the page calls its site first, or ""."""
        return self.site_names[0] if self.site_names else ""


@dataclass(slots=True)
class Candidate:
    """One answer, the mentions that give it, and what the ranking knows of it (feature -> number)."""

    value: str
    mentions: list[Mention] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)

    def count(self, feature: str, number: float = 1.0) -> None:
        """Keeps the larger of two numbers for a feature."""
        if number > self.features.get(feature, 0.0):
            self.features[feature] = number

    def places(self) -> set[Place]:
        """The places that say it."""
        return {mention.place for mention in self.mentions}

    def mark_zone(self, bits: int) -> None:
        """One feature per kind of container."""
        for name in zone_names(bits):
            self.features["in-" + name] = 1.0


def sound(text: str) -> str:
    """One line without control characters and lone surrogates, which no database takes."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", _UNSOUND.sub("", text)).strip()


def given(source: Source, fact: str, of_feed: str) -> Iterator[Mention]:
    """What an editor's rule and the feed say."""
    if source.rules.get(fact):
        yield Mention(Place.RULE, "rule", source.rules[fact])
    if of_feed:
        yield Mention(Place.FEED, "feed", of_feed)


def ld_kind(node: jsonld.Node) -> str:
    """How near an object of JSON-LD is to the page's own article."""
    if not node.own:
        return "ld-elsewhere"
    return "ld-article" if node.is_article else "ld-page" if node.is_page else "ld-other"


def of_metas(source: Source, kinds: Mapping[str, str], joined: frozenset[str] = frozenset()) -> Iterator[Mention]:
    """Meta tags by kind, each value once; the values of a kind in `joined` are one list."""
    said: dict[str, list[str]] = {}
    for name, content in source.metas:
        kind = kinds.get(name)
        if kind is not None and content not in said.setdefault(kind, []):
            said[kind].append(content)
    for kind, values in said.items():
        for value in ["; ".join(values[:20])] if kind in joined else values[:4]:
            yield Mention(Place.META, kind, value[:600])


def as_said(mentions: list[Mention]) -> tuple[Said, ...]:
    """The evidence: each place and its words once, at most twelve."""
    said = (Said(mention.place, sound(mention.value)[:300]) for mention in mentions)
    return tuple(dict.fromkeys(item for item in said if item.value))[:12]
