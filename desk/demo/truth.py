"""What is true of a page of the newsroom: what a reader came for, told by whoever wrote the page.

The same JSON stands beside each page (`pages/<site>/<slug>.json`); docs/newsroom.md explains the fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from desk.demo.dates import fill_dates

PAGES: Traversable = files("desk.demo") / "pages"


@dataclass(frozen=True)
class Study:
    """The facts of a reported study; blank or None where the page does not give them."""

    design: str = ""
    n: int | None = None
    journal: str = ""
    doi: str = ""
    funder: str = ""


@dataclass(frozen=True)
class Truth:
    """One page as it is meant.

    `expect` is "article" or a value of crawler.article.Reason; `fetch` is what a polite crawler meets: ok,
    disallowed (robots.txt), missing (404) or gone (410). `published` and `modified` are ISO days or
    instants, None where the page does not state one. `body` holds paragraphs joined by blank lines. Pages
    of one `story` are copies or versions of one text; pages of one `event` tell it in words of their own.
    """

    site: str
    slug: str
    path: str
    kind: str
    expect: str
    title: str
    author: str
    published: str | None
    modified: str | None
    body: str
    description: str
    language: str
    topics: tuple[str, ...]
    story: str
    event: str
    study: Study
    promotion: bool
    promotion_why: str
    must_not: tuple[str, ...]
    paywalled: bool
    reuse: Mapping[str, Any] = field(default_factory=dict, hash=False)
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    status: int = 200
    encoding: str = "utf-8"
    fetch: str = "ok"

    @property
    def is_article(self) -> bool:
        """Whether a crawler should end with an Article of this page."""
        return self.expect == "article" and self.fetch == "ok"


def read_truth(site: str, name: str, text: str, today: date) -> Truth:
    """The Truth of one JSON text, its dates counted from `today`. An unknown field raises TypeError."""
    facts: dict[str, Any] = json.loads(fill_dates(text, today))
    facts["topics"] = tuple(facts["topics"])
    facts["must_not"] = tuple(facts["must_not"])
    facts["study"] = Study(**facts["study"])
    return Truth(site=site, slug=name.removesuffix(".json"), **facts)


def load_truths(today: date) -> tuple[Truth, ...]:
    """The Truth of every page, by site and name."""
    return tuple(truth for site in load_sites() for truth in truths_of(site["key"], today))


def truths_of(site: str, today: date) -> tuple[Truth, ...]:
    """The Truth of every page of one site, by name."""
    notes = [entry for entry in (PAGES / site).iterdir() if entry.name.endswith(".json")]
    notes = [entry for entry in notes if (PAGES / site / (entry.name[:-5] + ".html")).is_file()]
    ordered = sorted(notes, key=lambda entry: entry.name)
    return tuple(read_truth(site, entry.name, entry.read_text("utf-8"), today) for entry in ordered)


def load_sites() -> list[dict[str, Any]]:
    """pages/sources.json: each site with its address, title, tags, sources, plain files and redirects."""
    sites: list[dict[str, Any]] = json.loads((PAGES / "sources.json").read_text("utf-8"))
    return sites


def page_text(truth: Truth) -> str:
    """The page's HTML as stored: its placeholders are not filled yet."""
    return (PAGES / truth.site / f"{truth.slug}.html").read_text("utf-8")
