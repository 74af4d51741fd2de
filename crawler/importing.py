"""Files -> articles: pages as HTML, text-only dumps, and WARC archives of other crawlers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler import models
from crawler.archive import read_records
from crawler.article import Article, NotAnArticle
from crawler.errors import CrawlerError
from crawler.extract import extract, extract_text
from crawler.filing import file_article
from crawler.page import Page
from crawler.sites import site_of
from crawler.urls import link_key, normalise, urn_of

HOST = "import"
TEXT, HTML, ARCHIVE = {".txt", ".text"}, {".html", ".htm", ".xhtml"}, {".warc", ".gz"}


class ImportFailed(CrawlerError):
    """A path cannot be read."""


@dataclass(frozen=True)
class Imported:
    """What became of one file or record: a new article's story key, or why there is none."""

    where: str
    story: str = ""
    title: str = ""
    why: str = ""


def import_paths(paths: Iterable[Path], *, now: datetime) -> Iterator[Imported]:
    """Take in each file, folders with all below them. A refused file is reported and stops nothing."""
    for path in paths:
        if not path.exists():
            yield Imported(str(path), why="no such file")
            continue
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        for file in files:
            yield from _import_file(file, now)


def _import_file(file: Path, now: datetime) -> Iterator[Imported]:
    suffix = file.suffix.lower()
    try:
        if suffix in ARCHIVE:
            for record in read_records(file):
                if isinstance(record.answer, Page) and record.answer.status == 200:
                    page = record.answer
                    yield _import_page(page.body, page.url, page.url, now)
        elif suffix in HTML:
            yield _import_page(file.read_bytes(), "", str(file), now)
        elif suffix in TEXT:
            yield _import_text(file, now)
        else:
            yield Imported(str(file), why=f"files of kind {suffix or '(none)'} are not read")
    except OSError as error:
        yield Imported(str(file), why=f"cannot be read: {error.strerror}")


def _import_page(body: bytes, url: str, where: str, now: datetime) -> Imported:
    try:
        return _keep(extract(body, url), where, now)
    except NotAnArticle as refusal:
        return Imported(where, why=f"not an article: {refusal.reason.value}")


def _import_text(file: Path, now: datetime) -> Imported:
    try:
        return _keep(extract_text(file.read_bytes().decode("utf-8", "replace")), str(file), now)
    except NotAnArticle as refusal:
        return Imported(str(file), why=f"not an article: {refusal.reason.value}")


def _keep(article: Article, where: str, now: datetime) -> Imported:
    """A text without address is named by its own digest."""
    url = normalise(article.canonical_url or article.url)
    if not url.startswith(("http://", "https://")):
        url = urn_of(f"{article.title}\n\n{article.text}")
        article = replace(article, url=url, canonical_url=url)
    site = site_of(url if "://" in url else HOST)
    link, _ = models.Link.objects.get_or_create(
        key=link_key(url),
        defaults={"url": url, "site": site, "found_at": now, "state": models.Link.State.FETCHED, "fetched_at": now},
    )
    models.Sighting.objects.get_or_create(
        source=_source(), link=link, defaults={"title": article.title[:500], "seen_at": now}
    )
    row = file_article(article, link, now=now)
    if row is None:
        return Imported(where, title=article.title, why="known already")
    return Imported(where, story=row.story.key, title=article.title)


def _source() -> models.Source:
    return models.Source.objects.get_or_create(
        url="import:", defaults={"site": site_of(HOST), "kind": models.Source.Kind.IMPORT, "title": ""}
    )[0]
