"""What a source's answer said: the value that feeds, sitemaps and listings all give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crawler.article import FeedItem


class Outcome(StrEnum):
    """How reading a source went. A failure is never cleared by an unchanged answer."""

    OK = "ok"
    EMPTY = "empty"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class Reading:
    """The articles a source names, in its own order, the sources it points to, and a line of words for its owner."""

    outcome: Outcome
    items: tuple[FeedItem, ...] = ()
    title: str = ""
    why: str = ""
    more: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
