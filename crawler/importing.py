"""Files -> articles: pages as HTML, text-only dumps, and WARC archives of other crawlers."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from crawler import models
from crawler.archive import NoArchive, read_pages
from crawler.article import Article, Clues, NotAnArticle
from crawler.dumps import dump_text
from crawler.errors import CrawlerError
from crawler.events import record
from crawler.extract import extract, extract_text
from crawler.filing import file_article
from crawler.folding import address_of
from crawler.frontier import askable
from crawler.page import Page
from crawler.sites import site_of
from crawler.urls import link_key, urn_of

HOST = "import"
TEXT, HTML, ARCHIVE = {".txt", ".text"}, {".html", ".htm", ".xhtml"}, {".warc", ".gz"}


class ImportFailed(CrawlerError):
    """A path cannot be read."""


@dataclass(frozen=True)
class Imported:
    """What became of one file or record: its story's key, and why there is no new article, if so."""

    where: str
    story: str = ""
    title: str = ""
    why: str = ""


def import_paths(paths: Iterable[Path], *, by: str, now: datetime) -> Iterator[Imported]:
    """Take in each file, folders with all below them. A refused file is reported and stops nothing."""
    for path in paths:
        for file in _below(path):
            yield from _import_file(file, by, now)


def _below(path: Path) -> list[Path]:
    """All that lies in a folder; what is none stands for itself."""
    return sorted(one for one in path.rglob("*") if not _is_folder(one)) if _is_folder(path) else [path]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long for any file: reading it says so
        return False


def _import_file(file: Path, by: str, now: datetime) -> Iterator[Imported]:
    suffix, why = file.suffix.lower(), _no_file(file)
    if why:
        yield Imported(str(file), why=why)
    elif suffix not in TEXT | HTML | ARCHIVE:
        yield Imported(str(file), why=f"files of kind {suffix or '(none)'} are not read")
    elif suffix in ARCHIVE:
        for one in _pages(file):
            yield one if isinstance(one, Imported) else _import_one(partial(_archived, one), one.url, by, now)
    else:
        try:
            content = file.read_bytes()
        except OSError as error:
            yield _unread(file, error)
            return
        read = _text if suffix in TEXT else _page
        yield _import_one(partial(read, content), str(file), by, now)


def _no_file(file: Path) -> str:
    """Why there is nothing to read, or empty. A pipe or a device would be waited for, for ever."""
    try:
        return "" if stat.S_ISREG(file.stat().st_mode) else "not a file"
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return _cannot(error)


def _pages(file: Path) -> Iterator[Page | Imported]:
    """The pages that an archive holds; last, why it could not be read further, or that it held none."""
    found = False
    try:
        for page in read_pages(file):
            if page.status == 200:
                found = True
                yield page
    except OSError as error:
        yield _unread(file, error)
    except NoArchive as error:
        yield Imported(str(file), why=error.sentence())
    else:
        if not found:
            yield Imported(str(file), why="no page in it")


def _unread(file: Path, error: OSError) -> Imported:
    return Imported(str(file), why=_cannot(error))


def _cannot(error: OSError) -> str:
    return f"cannot be read: {error.strerror}"


def _archived(page: Page) -> Article:
    return extract(page.body, page.url, Clues(headers=page.headers))


def _page(content: bytes) -> Article:
    return extract(content, "")


def _text(content: bytes) -> Article:
    return extract_text(dump_text(content))


def _import_one(read: Callable[[], Article], where: str, by: str, now: datetime) -> Imported:
    try:
        return _keep(read(), where, by, now)
    except NotAnArticle as refusal:
        return Imported(where, why=f"not an article: {refusal.reason.value}")


@transaction.atomic
def _keep(article: Article, where: str, by: str, now: datetime) -> Imported:
    """A text without an address, or with one that no row holds, is named by its own digest."""
    url, _ = address_of(article)
    if not askable(url):
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
        known = models.Article.objects.select_related("story").get(link=link, current=True)
        return Imported(where, story=known.story.key, title=article.title, why="known already")
    record("import", "story", row.story.key, by=by, now=now, after={"title": article.title, "url": link.url})
    return Imported(where, story=row.story.key, title=article.title)


def _source() -> models.Source:
    return models.Source.objects.get_or_create(
        url="import:", defaults={"site": site_of(HOST), "kind": models.Source.Kind.IMPORT, "title": ""}
    )[0]
