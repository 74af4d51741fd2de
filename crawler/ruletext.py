"""An editor's rules for one site as text, one rule a line: what it does, a colon, a CSS selector.

    drop: .newsletter-box
    keep: article .text
    title: h1.headline
    author: .byline a
    date: time[datetime]

`drop` takes away what matches, `keep` makes the body of what matches, `title`, `author` and `date` say where these
stand. Several lines may drop or keep; the others are said once. Empty lines say nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import soupsieve
from soupsieve import SelectorSyntaxError

from crawler.article import SiteRules
from crawler.errors import CrawlerError

OFTEN, ONCE = ("keep", "drop"), ("title", "author", "date")
MOST_RULES, MOST_LETTERS = 40, 300
MOST_TEXT = MOST_RULES * MOST_LETTERS
SHOWN = 80


class RuleError(CrawlerError):
    """A text that gives no rules, or rules that a site cannot have."""


def read_rules(text: str) -> SiteRules:
    """The rules of a text. RuleError names the first line that is none, and why."""
    often: dict[str, list[str]] = {key: [] for key in OFTEN}
    once: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key, colon, selector = (part.strip() for part in line.partition(":"))
        if not colon or key.lower() not in (*OFTEN, *ONCE):
            raise RuleError("no such rule", line[:SHOWN], "a rule begins with drop:, keep:, title:, author: or date:")
        if key.lower() in once:
            raise RuleError("this is said twice", line[:SHOWN], "title, author and date have one place each")
        if key.lower() in ONCE:
            once[key.lower()] = selector
        else:
            often[key.lower()].append(selector)
        _must_be_selector(selector, line)
    return checked(SiteRules(tuple(often["keep"]), tuple(often["drop"]), **once))


def written(rules: SiteRules) -> str:
    """The rules as text; `read_rules` reads it again."""
    return "\n".join(f"{key}: {selector}" for key, selector in _each(rules))


def checked(rules: SiteRules) -> SiteRules:
    """The rules themselves. RuleError where there are too many of them, or a selector is none."""
    each = list(_each(rules))
    if len(each) > MOST_RULES:
        raise RuleError("too many rules", str(len(each)), f"at most {MOST_RULES}")
    for key, selector in each:
        _must_be_selector(selector, f"{key}: {selector}")
    return rules


def rules_data(rules: SiteRules) -> dict[str, object]:
    """What a row keeps of them; nothing of what they do not say."""
    found = {key: list(getattr(rules, key)) for key in OFTEN} | {key: getattr(rules, key) for key in ONCE}
    return {key: value for key, value in found.items() if value}


def _each(rules: SiteRules) -> Iterator[tuple[str, str]]:
    for key in OFTEN:
        yield from ((key, selector) for selector in getattr(rules, key))
    yield from ((key, getattr(rules, key)) for key in ONCE if getattr(rules, key))


def _must_be_selector(selector: str, line: str) -> None:
    if not selector:
        raise RuleError("no such rule", line[:SHOWN], "after the colon stands a CSS selector")
    if len(selector) > MOST_LETTERS:
        raise RuleError("the selector is too long", line[:SHOWN], f"{len(selector)} letters, at most {MOST_LETTERS}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            soupsieve.compile(selector)
    except (SelectorSyntaxError, RuntimeError, ValueError) as error:
        raise RuleError("this is no CSS selector", line[:SHOWN]) from error
