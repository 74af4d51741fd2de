"""What a site's rules do to a page: it is read without them and with them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from crawler.article import Article, Clues, NotAnArticle
from crawler.extract import read_page
from crawler.page import Page

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """What a reading gave: blocks of text kept, words, facts as they stand ("" where none), and why it is no article."""

    blocks: int = 0
    words: int = 0
    title: str = ""
    author: str = ""
    date: str = ""
    refused: str = ""


@dataclass(frozen=True)
class RuleTrial:
    """One page without and with the rules, and the selectors that matched nothing on it."""

    url: str
    without: Look
    ruled: Look
    unmatched: tuple[str, ...]


def try_rules(page: Page, clues: Clues) -> RuleTrial:
    """Read the page twice. Never raises for what the page holds."""
    without, _ = _look(page, replace(clues, rules=None))
    ruled, unmatched = _look(page, clues)
    return RuleTrial(page.url, without, ruled, unmatched)


def _look(page: Page, clues: Clues) -> tuple[Look, tuple[str, ...]]:
    try:
        read = read_page(page.body, page.url, clues)
    except NotAnArticle as refusal:
        return Look(refused=refusal.reason.value), ()
    except Exception:  # as in judging: a page on which our extraction fails must not take the desk's page with it
        log.exception("extraction failed on %s", page.url)
        return Look(refused="extraction failed"), ()
    kept = sum(block.kept for block in read.body.blocks)
    return _told(read.article, kept, read.refusal), read.article.unmatched_rules


def _told(article: Article, kept: int, refusal: NotAnArticle | None) -> Look:
    return Look(
        blocks=kept,
        words=article.word_count,
        title=article.title,
        author=article.author,
        date=article.published.date().isoformat() if article.published else "",
        refused=refusal.reason.value if refusal else "",
    )
