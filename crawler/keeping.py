"""Which files of the archive are past keeping, and which records of a file may not be kept as long as the rest.

A file is named after its run, and so after the moment at which the run began: `20261120-093000-1a2b3c4d.warc.gz`. Once
records have been taken out of it, it is another file: `20261120-093000-1a2b3c4d.1.warc.gz`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborHTMLParser

from crawler.archive import Record
from crawler.charset import decode, header_charset
from crawler.errors import CrawlerError
from crawler.page import Page
from crawler.reuse import read_reuse

DAYS, NOARCHIVE_DAYS = 180, 30
NAME = re.compile(r"(?P<run>(?P<began>\d{8}-\d{6})-[0-9a-f]{8})(?:\.(?P<rewritten>\d+))?\.warc\.gz")
# One of these stands in the bytes of a page that says it, unless they are UTF-16, where every other byte is NUL.
_SIGNS = (b"noarchive", b"nocache")
_NUL, _FIRST = b"\x00", 200


class WrongKeeping(CrawlerError):
    """A number of days that no archive can be kept."""


@dataclass(frozen=True)
class Kept:
    """A file of the archive: its name, its run, when the run began, and how often the file was rewritten."""

    name: str
    run: str
    began: datetime
    rewritten: int

    def next_name(self) -> str:
        """What it is called once records have been taken out of it."""
        return f"{self.run}.{self.rewritten + 1}.warc.gz"


@dataclass(frozen=True)
class Due:
    """Files past keeping, those that may hold records past keeping (oldest first), and up to when all were looked at."""

    past: tuple[Kept, ...]
    to_thin: tuple[Kept, ...]
    thinned_to: datetime


def kept_file(name: str) -> Kept | None:
    """What a file's name says of it; None where it is not one of ours, which is then nobody's to delete."""
    found = NAME.fullmatch(name)
    if not found:
        return None
    try:
        began = datetime.strptime(found["began"], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Kept(name, found["run"], began, int(found["rewritten"] or 0))


def due(names: Iterable[str], unended: Collection[str], thinned_to: datetime | None, days: int, now: datetime) -> Due:
    """What is due now. Runs that have not ended are left alone: their records may not have been taken in.

    `thinned_to` is what the last look came to. Raises WrongKeeping where `days` is less than one.
    """
    if days < 1:
        raise WrongKeeping("the archive cannot be kept so", f"{days} days", "at least one day")
    oldest, unmarked = now - timedelta(days=days), now - timedelta(days=min(days, NOARCHIVE_DAYS))
    files = sorted((file for name in names if (file := kept_file(name))), key=lambda one: (one.began, one.name))
    ended = [file for file in files if file.run not in unended]
    waiting = [file.began for file in files if file.run in unended]
    since = thinned_to or datetime.min.replace(tzinfo=UTC)
    return Due(
        past=tuple(file for file in ended if file.began < oldest),
        to_thin=tuple(file for file in ended if oldest <= file.began < unmarked and file.began >= since),
        thinned_to=min([unmarked, *waiting]),
    )


def must_go(record: Record) -> bool:
    """Whether the answer asks not to be kept: `noarchive` or `nocache` in its robots tags or X-Robots-Tag headers."""
    page = record.answer
    if not isinstance(page, Page):
        return False
    if read_reuse((), page.headers, ()).noarchive:
        return True
    body = page.body.lower()
    maybe = any(sign in body for sign in _SIGNS) or _NUL in body[:_FIRST]
    return maybe and read_reuse(_metas(page), (), ()).noarchive


def _metas(page: Page) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(decode(page.body, header_charset(page.headers)).encode("utf-8", "replace"))
    found = [node.attributes for node in tree.css("meta[name][content]")]
    return [(one["name"] or "", one["content"] or "") for one in found]
