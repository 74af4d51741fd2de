"""A folder of real pages -> sites on loopback addresses, and what each answers. Pure but for reading the files.

The folder holds `ground-truth/*.json` (each with the page's `url`) and `html/*.html.gz`, as the WCXB corpus does. Each
registrable domain gets a loopback address of its own, all share one port. A third of the sites each has a feed, a
sitemap or a listing page, made from the folder; some name moved, missing and forbidden pages, as sites do.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from crawler.urls import host_of, normalise, registrable_domain

KINDS = ("feed", "sitemap", "listing")
PATHS = {"feed": "/replay/feed.xml", "sitemap": "/replay/sitemap.xml", "listing": "/replay/latest"}
TYPES = {"feed": "application/rss+xml", "sitemap": "application/xml", "listing": "text/html; charset=utf-8"}
ATOM = "application/atom+xml; charset=utf-8"
SITES_PER_NET = 250
# Every so many sites or pages one is made difficult, by these steps.
MISSING, FORBIDDEN, MOVED, BARE_TYPE = 10, 4, 12, 3


@dataclass(frozen=True)
class Stored:
    """A page of the folder: its number there, its address in the world, its title."""

    number: str
    url: str
    title: str
    file: Path

    def body(self) -> bytes:
        return gzip.decompress(self.file.read_bytes())


@dataclass(frozen=True)
class Answer:
    """What the server says to one request."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Named:
    """A link that a site's source names, and what is to come of asking for it: page, moved, gone or forbidden."""

    target: str
    fate: str
    title: str
    page: Stored | None = None


@dataclass(frozen=True)
class Site:
    """One registrable domain on one loopback address."""

    address: str
    domain: str
    index: int
    pages: tuple[Stored, ...]

    @property
    def kind(self) -> str:
        return KINDS[self.index % len(KINDS)]

    @cached_property
    def targets(self) -> Mapping[str, Stored]:
        """Pages by path and query. Where two hosts of the domain share a path, the later one moves under its host."""
        found: dict[str, Stored] = {}
        for page in self.pages:
            target = target_of(page.url)
            found[target if target not in found else f"/{host_of(page.url)}{target}"] = page
        return found

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """The links of the site's source, in its order."""
        links = [_named(target, page) for target, page in self.targets.items()]
        if self.index % MISSING == 4:
            links.append(Named("/replay/gone/an-old-page-that-was-here", "gone", "An old page that was here once"))
        if self.index % FORBIDDEN == 1:
            links.append(Named("/replay/private/not-for-robots-at-all", "forbidden", "Not for any robot at all"))
        return tuple(links)

    def source(self, port: int) -> str:
        return f"http://{self.address}:{port}{PATHS[self.kind]}"


class Replay:
    """The folder as sites; `respond` is a function of address and target."""

    def __init__(self, folder: Path, most: int, now: datetime, port: int) -> None:
        self.now, self.port = now, port
        self.sites = sites_of(read_folder(folder, most))
        self._by_address = {site.address: site for site in self.sites}

    def respond(self, address: str, target: str, etag: str = "") -> Answer:
        """The answer to a GET; `etag` is what If-None-Match says."""
        site = self._by_address.get(address)
        if site is None:
            return Answer(404)
        target = target_of(f"http://{address}{target}")
        if target == "/robots.txt":
            return robots_of(site)
        if target == PATHS[site.kind]:
            return source_of(site, self.port, self.now)
        if target.startswith("/replay/moved/"):
            return _moved(site, target.rpartition("/")[2])
        page = site.targets.get(target)
        return _page(page, etag) if page else Answer(404, b"<h1>Not found</h1>", (("Content-Type", "text/html"),))

    def urls(self) -> Iterator[tuple[str, Named]]:
        """Every address that a source names."""
        for site in self.sites:
            for named in site.named:
                yield f"http://{site.address}:{self.port}{named.target}", named


def read_folder(folder: Path, most: int) -> list[Stored]:
    """Up to `most` pages, spread evenly over the folder; entries without address or page are passed over."""
    found = []
    for path in sorted((folder / "ground-truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        file = folder / "html" / f"{path.stem}.html.gz"
        url = truth.get("url") or ""
        if url.startswith(("http://", "https://")) and file.exists():
            title = (truth.get("ground_truth") or {}).get("title") or ""
            found.append(Stored(path.stem, url, title, file))
    return [found[at * len(found) // most] for at in range(most)] if most < len(found) else found


def sites_of(pages: list[Stored]) -> tuple[Site, ...]:
    """One site per registrable domain, in order of first appearance, from 127.0.2.1 upwards."""
    domains: dict[str, list[Stored]] = {}
    for page in pages:
        domains.setdefault(registrable_domain(page.url), []).append(page)
    return tuple(
        Site(f"127.0.{2 + at // SITES_PER_NET}.{1 + at % SITES_PER_NET}", domain, at, tuple(held))
        for at, (domain, held) in enumerate(domains.items())
    )


def target_of(url: str) -> str:
    """Path and query in their one spelling."""
    parts = urlsplit(normalise(url))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def robots_of(site: Site) -> Answer:
    """None, one that forbids a folder, one that allows all, one that names a crawl delay."""
    rules = {
        1: "User-agent: *\nDisallow: /replay/private/\n",
        2: "User-agent: *\nDisallow:\n",
        3: "User-agent: *\nCrawl-delay: 0.1\nDisallow: /cgi-bin/\n",
    }.get(site.index % FORBIDDEN)
    return Answer(200, rules.encode(), (("Content-Type", "text/plain"),)) if rules else Answer(404)


def source_of(site: Site, port: int, now: datetime) -> Answer:
    """The site's feed (RSS or Atom), sitemap or listing. Every second one dates its links within the last days."""
    dated = site.index % 2 == 0
    links = [(f"http://{site.address}:{port}{named.target}", named.title) for named in site.named]
    days = [now - timedelta(hours=7 * (at + 1)) if dated else None for at in range(len(links))]
    rows = list(zip(links, days, strict=True))
    if site.kind == "sitemap":
        return _answer(_sitemap(rows), TYPES["sitemap"])
    if site.kind == "listing":
        return _answer(_listing(site, links), TYPES["listing"])
    if site.index % 4 < 2:
        return _answer(_rss(site, rows), TYPES["feed"])
    return _answer(_atom(site, rows), ATOM)


Row = tuple[tuple[str, str], datetime | None]


def _rss(site: Site, rows: list[Row]) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link><guid>{escape(url)}</guid>"
        f"{f'<pubDate>{format_datetime(day)}</pubDate>' if day else ''}</item>"
        for (url, title), day in rows
    )
    head = f"<title>{escape(site.domain)}</title><link>http://{site.address}/</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(site: Site, rows: list[Row]) -> str:
    entries = "".join(
        f'<entry><id>{escape(url)}</id><title>{escape(title)}</title><link href="{escape(url)}"/>'
        f"{f'<published>{day.isoformat()}</published>' if day else ''}</entry>"
        for (url, title), day in rows
    )
    head = f"<title>{escape(site.domain)}</title><id>urn:replay:{site.index}</id>"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'


def _sitemap(rows: list[Row]) -> str:
    urls = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day.date().isoformat()}</lastmod>' if day else ''}</url>"
        for (url, _), day in rows
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><urlset xmlns="{space}">{urls}</urlset>'


def _listing(site: Site, links: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><h2><a href="{escape(url)}">{escape(title)}</a></h2></li>' for url, title in links)
    frame = '<nav><a href="/">Home</a> <a href="/login">Sign in to read</a></nav>'
    return f"<!doctype html><title>{escape(site.domain)}</title>{frame}<main><ul>{items}</ul></main>"


def _named(target: str, page: Stored) -> Named:
    title = page.title or f"Page number {page.number} of the folder"
    if int(page.number) % MOVED == 0:
        return Named(f"/replay/moved/{page.number}", "moved", title, page)
    return Named(target, "page", title, page)


def _moved(site: Site, number: str) -> Answer:
    for target, page in site.targets.items():
        if page.number == number:
            return Answer(301, b"", (("Location", target),))
    return Answer(404)


def _page(page: Stored, etag: str) -> Answer:
    body = page.body()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if etag == tag:
        return Answer(304, b"", (("ETag", tag),))
    bare = int(page.number) % BARE_TYPE == 0
    kind = "text/html" if bare else "text/html; charset=utf-8"
    return Answer(200, body, (("Content-Type", kind), ("ETag", tag)))


def _answer(text: str, kind: str) -> Answer:
    return Answer(200, text.encode("utf-8", "replace"), (("Content-Type", kind),))
