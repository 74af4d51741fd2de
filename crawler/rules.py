"""An editor's CSS selectors for one site, run on a BeautifulSoup tree; the page then goes the normal way."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup
from soupsieve import SelectorSyntaxError

from crawler.article import SiteRules

SAYING = ("datetime", "content")


@dataclass(frozen=True)
class Ruled:
    """The page after its rules: HTML, what the selectors for title, author and date said, and those that failed."""

    html: str
    said: Mapping[str, str]
    unmatched: tuple[str, ...]
    kept: bool = False


def apply_rules(html: str, rules: SiteRules) -> Ruled:
    """Drop first, then keep; a selector that matches nothing, or is none, is reported. Never raises."""
    asked = [selector for selector in (*rules.drop, *rules.keep, rules.title, rules.author, rules.date) if selector]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            soup = BeautifulSoup(html, "lxml")
        return _applied(soup, rules)
    except (RecursionError, ParserRejectedMarkup, AssertionError):
        return Ruled(html, {}, tuple(asked))


def _applied(soup: BeautifulSoup, rules: SiteRules) -> Ruled:
    unmatched: list[str] = []
    said = {
        name: _saying(found[0])
        for name, selector in (("title", rules.title), ("author", rules.author), ("date", rules.date))
        if (found := _select(soup, selector, unmatched))
    }
    for selector in rules.drop:
        for tag in _select(soup, selector, unmatched):
            if not tag.decomposed:
                tag.decompose()
    kept = [tag for selector in rules.keep for tag in _select(soup, selector, unmatched)]
    outer = [tag for tag in kept if not any(parent in kept for parent in tag.parents)]
    if outer and soup.body is not None:
        for tag in outer:
            tag.extract()
        soup.body.clear()
        soup.body.extend(outer)
    return Ruled(str(soup), said, tuple(dict.fromkeys(unmatched)), bool(outer))


def _select(soup: BeautifulSoup, selector: str, unmatched: list[str]) -> list[Tag]:
    if not selector:
        return []
    try:
        found = list(soup.select(selector))
    except (SelectorSyntaxError, RuntimeError, ValueError):
        found = []
    if not found:
        unmatched.append(selector)
    return found


def _saying(tag: Tag) -> str:
    """A machine-readable attribute where there is one, else the text."""
    values = [str(tag[name]) for name in SAYING if tag.has_attr(name)]
    return values[0] if values else tag.get_text(" ", strip=True)
