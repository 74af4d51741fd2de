"""The values between page and story: Article, its parts, and the refusal that stands in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crawler.errors import CrawlerError


class Precision(StrEnum):
    """How exactly a page states its date. A day without a time is never shown with one."""

    MONTH = "month"
    DAY = "day"
    TIME = "time"


class Place(StrEnum):
    """Where a fact was found."""

    JSON_LD = "json-ld"
    META = "meta"
    MICRODATA = "microdata"
    TIME_ELEMENT = "time element"
    HEADING = "heading"
    TITLE_ELEMENT = "title element"
    BYLINE = "byline"
    URL = "URL"
    TEXT = "visible text"
    FEED = "feed"
    LISTING = "listing page"
    RULE = "site rule"


class Reason(StrEnum):
    """Why a page is no article. Shown to editors and counted by outcome."""

    LISTING = "listing"
    CONSENT_WALL = "consent wall"
    PAYWALL = "paywall"
    ERROR_PAGE = "error page"
    TOO_SHORT = "too short"
    TOO_LARGE = "too large"
    NOT_TEXT = "not text"
    EMPTY = "empty"
    NO_BODY = "no body"


class TextFrom(StrEnum):
    """What an article's text was read from."""

    PAGE = "page"
    TEXT = "text"
    FEED = "feed"


@dataclass(frozen=True)
class Said:
    """One place that named a fact, and what it said, as it said it."""

    place: Place
    value: str


@dataclass(frozen=True)
class Evidence:
    """Each place that named title, author and date. `sure` holds the facts on which two independent places agree."""

    title: tuple[Said, ...] = ()
    author: tuple[Said, ...] = ()
    date: tuple[Said, ...] = ()
    sure: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reuse:
    """What the publisher allows, from robots meta tags, X-Robots-Tag headers and licence links.

    `max_snippet` is in characters; None means no limit stated.
    """

    nosnippet: bool = False
    max_snippet: int | None = None
    noarchive: bool = False
    licence: str = ""


@dataclass(frozen=True)
class FeedItem:
    """What a feed, a sitemap or a listing said of an article. `dated_by` is the place that has its date."""

    url: str
    guid: str = ""
    title: str = ""
    author: str = ""
    published: datetime | None = None
    summary: str = ""
    precision: Precision = Precision.TIME
    dated_by: Place = Place.FEED
    changed: datetime | None = None


@dataclass(frozen=True)
class SiteRules:
    """CSS selectors that an editor gave a site; a selector that matches nothing any more is reported."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True)
class SiteTemplate:
    """Which blocks recur on a site: hashes of block texts with the number of pages they stood on."""

    pages: int = 0
    counts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Clues:
    """What the crawler knows beside the bytes."""

    fetched: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    item: FeedItem | None = None
    template: SiteTemplate | None = None
    rules: SiteRules | None = None


class Block(NamedTuple):
    """A block of text of the page, the judge's score in 0..1, and whether it was kept.

    A tuple, since a page has hundreds and a frozen dataclass takes three times as long to make.
    """

    text: str
    score: float
    kept: bool
    tag: str = ""
    why: str = ""


@dataclass(frozen=True)
class Body:
    """The text a reader came for: blocks joined by blank lines, and the same as sanitised HTML."""

    text: str
    html: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Article:
    """What a reader came for. Blank where the page does not say.

    `author` is names joined by "; ". `published` is aware where the page gives a zone, naive where it does not;
    its date is the page's own day. `canonical_doubted` is what the page names as its canonical address where that
    is not believed: a section of the site, or another site.
    """

    url: str
    canonical_url: str
    title: str
    text: str
    html: str = ""
    author: str = ""
    published: datetime | None = None
    precision: Precision | None = None
    published_from: Place | None = None
    modified: datetime | None = None
    description: str = ""
    language: str = ""
    image_url: str = ""
    site_name: str = ""
    paywalled: bool = False
    reuse: Reuse = field(default_factory=Reuse)
    evidence: Evidence = field(default_factory=Evidence)
    text_from: TextFrom = TextFrom.PAGE
    unmatched_rules: tuple[str, ...] = ()
    word_count: int = 0
    canonical_doubted: str = ""


class NotAnArticle(CrawlerError):
    """The page is no article; `article` holds what was found all the same."""

    def __init__(self, reason: Reason, url: str = "", article: Article | None = None, why: str = "") -> None:
        self.reason, self.url, self.article = reason, url, article
        super().__init__(f"not an article: {reason.value}", url, why)
