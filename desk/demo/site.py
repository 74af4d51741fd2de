"""Which path of which site answers what: the newsroom without a socket. It reads its package data only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from typing import Any

from desk.demo.dates import fill
from desk.demo.truth import PAGES, Truth, load_sites, page_text, truths_of

DEFAULT_PORT = 8765
HTML = "text/html; charset=utf-8"
NOT_FOUND = b"<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1><p>No page lives here.</p>"
MOVED = b"<!DOCTYPE html><title>301 Moved Permanently</title><h1>Moved Permanently</h1>"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class NewsSource:
    """A place where a site lists its articles: kind is feed, sitemap or listing."""

    kind: str
    url: str


@dataclass(frozen=True)
class SiteAddress:
    """One site as served: what an editor would enter for it."""

    key: str
    title: str
    base: str
    tags: tuple[str, ...]
    sources: tuple[NewsSource, ...]


def base_urls(port: int = DEFAULT_PORT) -> dict[str, str]:
    """Scheme and host of each site: each has a loopback address of its own, so that each is its own host."""
    return {site["key"]: f"http://{site['address']}:{port}" for site in load_sites()}


class Newsroom:
    """All sites on one day. `bases` says under which scheme and host each site is reached."""

    def __init__(self, today: date, bases: Mapping[str, str] | None = None) -> None:
        self.today = today
        self.bases = dict(bases or base_urls())

    @cached_property
    def sites(self) -> dict[str, dict[str, Any]]:
        """The sites of sources.json by key."""
        return {site["key"]: site for site in load_sites()}

    @cached_property
    def truths(self) -> dict[str, dict[str, Truth]]:
        """The pages of each site by slug."""
        return {key: {truth.slug: truth for truth in truths_of(key, self.today)} for key in self.sites}

    @cached_property
    def pages(self) -> dict[tuple[str, str], Truth]:
        """The pages of all sites by (site, path)."""
        return {(key, page.path): page for key, held in self.truths.items() for page in held.values()}

    def url(self, truth: Truth) -> str:
        """The page's whole address."""
        return self.bases[truth.site] + truth.path

    def html(self, truth: Truth) -> str:
        """The page as text, its placeholders filled."""
        return self._fill(page_text(truth), truth.site)

    def addresses(self) -> tuple[SiteAddress, ...]:
        """The sites with the addresses of their feeds, sitemaps and listings."""
        return tuple(self._address(site) for site in self.sites.values())

    def respond(self, site: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What this site answers to a GET of this path; an unknown query string changes nothing.

        `If-None-Match` and `If-Modified-Since` are honoured in the order of RFC 9110, section 13.2.2.
        """
        plain = path.partition("?")[0]
        moved = self.sites[site]["redirects"]
        target = moved.get(path) or moved.get(plain)
        if target:
            return Answer(301, (("Location", self._fill(target, site)), ("Content-Type", HTML)), MOVED)
        page = self.pages.get((site, plain))
        if page:
            answer = self._answer_page(page)
        elif plain in self.sites[site]["files"]:
            answer = self._answer_file(site, plain)
        else:
            answer = Answer(404, (("Content-Type", HTML),), NOT_FOUND)
        return _conditional(answer, {key.lower(): value for key, value in (headers or {}).items()})

    def _answer_page(self, page: Truth) -> Answer:
        body = self.html(page).encode(page.encoding, "xmlcharrefreplace")
        changed = page.modified or page.published
        return self._answer(page.status, body, {"Content-Type": HTML, **page.headers}, changed)

    def _answer_file(self, site: str, path: str) -> Answer:
        entry = self.sites[site]["files"][path]
        text = self._fill((PAGES / site / entry["file"]).read_text("utf-8"), site)
        return self._answer(200, text.encode(), {"Content-Type": entry["type"]}, None)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str], changed: str | None) -> Answer:
        if status != 200:
            return Answer(status, tuple(headers.items()), body)
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        stamps = (("ETag", etag), ("Last-Modified", self._changed(changed)))
        return Answer(status, (*headers.items(), *stamps), body)

    def _changed(self, stated: str | None) -> str:
        midnight = datetime.combine(self.today, time(), UTC)
        moment = datetime.fromisoformat(stated) if stated else midnight
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return format_datetime(min(moment, midnight), usegmt=True)

    def _fill(self, text: str, site: str) -> str:
        return fill(text, self.today, lambda what, which: self._place(what, which, site))

    def _place(self, what: str, which: str, here: str) -> str:
        if what == "base":
            return self.bases[which or here]
        site, _, slug = which.rpartition("/")
        page = self.truths[site or here][slug]
        return page.path if what == "path" else self.url(page)

    def _address(self, site: dict[str, Any]) -> SiteAddress:
        base = self.bases[site["key"]]
        sources = tuple(NewsSource(entry["kind"], base + entry["path"]) for entry in site["sources"])
        return SiteAddress(site["key"], site["title"], base, tuple(site["tags"]), sources)


def _conditional(answer: Answer, asked: Mapping[str, str]) -> Answer:
    if answer.status == 200 and _unchanged(answer, asked):
        kept = tuple(pair for pair in answer.headers if pair[0] in ("ETag", "Last-Modified"))
        return Answer(304, kept, b"")
    return answer


def _unchanged(answer: Answer, asked: Mapping[str, str]) -> bool:
    if "if-none-match" in asked:
        known = {tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")}
        return "*" in known or answer.header("ETag") in known
    try:
        since = parsedate_to_datetime(asked["if-modified-since"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return False
    return parsedate_to_datetime(answer.header("Last-Modified")) <= since
