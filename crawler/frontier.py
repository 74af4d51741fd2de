"""Which links are worth fetching: (links seen, links known, now) -> links wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.article import FeedItem, Place
from crawler.orders import LinkKnown
from crawler.urls import link_key, normalise

# An edition takes stories of 21 days; a source that is new must not flood the queue with its archive.
OLDEST = timedelta(days=30)
# A fetched page is asked for again while it is young: corrections come in the first days (with validators, so cheaply).
REVISITS = (timedelta(hours=12), timedelta(days=2), timedelta(days=7))
# What did not answer is tried again later and later, then given up.
RETRIES = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12), timedelta(days=2))

# What a row holds, and a name that the DNS can hold (RFC 1035 2.3.4).
LONGEST_URL, LONGEST_HOST = 2000, 253


@dataclass(frozen=True)
class Wanted:
    """A link to fetch now, with the validators of its last answer."""

    url: str
    key: str
    etag: str = ""
    last_modified: str = ""


def wanted(seen: Iterable[FeedItem], known: Mapping[str, LinkKnown], now: datetime, most: int) -> Iterator[Wanted]:
    """The links of `seen` to fetch, in the source's order, each once, at most `most`."""
    taken: set[str] = set()
    for item in seen:
        key = link_key(item.url)
        if len(taken) >= most:
            return
        if key in taken or too_old(item, now):
            continue
        before = known.get(key)
        if before is None:
            taken.add(key)
            yield Wanted(normalise(item.url), key)
        elif is_due(before, now) or _changed_since(item, before, now):
            taken.add(key)
            yield Wanted(normalise(item.url), key, before.etag, before.last_modified)


def overdue(known: Mapping[str, LinkKnown], now: datetime) -> Iterator[Wanted]:
    """Links found earlier whose turn has come: retries and revisits."""
    for key, link in known.items():
        if link.url and is_due(link, now):
            yield Wanted(link.url, key, link.etag, link.last_modified)


def askable(url: str) -> bool:
    """Whether an address can be asked at all: one of the web, that can be read, and not longer than a row holds."""
    clean = normalise(url)
    try:
        parts = urlsplit(clean)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    of_the_web = parts.scheme in ("http", "https") and 0 < len(host) <= LONGEST_HOST
    return of_the_web and len(clean) <= LONGEST_URL


def is_due(link: LinkKnown, now: datetime) -> bool:
    """Whether a known link may be asked at this moment; None as its time means never again."""
    return link.next_at is not None and link.next_at <= now


def too_old(item: FeedItem, now: datetime) -> bool:
    """Whether the source itself dates the item before what any edition could take.

    The day beside a link of a listing may be of another matter (the lot expires), so it keeps no page from being asked.
    """
    date = item.changed if item.dated_by is Place.LISTING else item.published or item.changed
    return date is not None and _aware(date, now) < now - OLDEST


def next_visit(fetched_before: int, now: datetime) -> datetime | None:
    """When a fetched link is asked for again, after so many fetches; None: it has settled."""
    return now + REVISITS[fetched_before] if fetched_before < len(REVISITS) else None


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a link that failed `tries` times is tried again; None: it is given up."""
    return now + RETRIES[tries - 1] if 0 < tries <= len(RETRIES) else None


def _changed_since(item: FeedItem, link: LinkKnown, now: datetime) -> bool:
    """Whether the source says that a fetched page has changed since; it brings the next visit forward."""
    if link.state != "fetched" or item.changed is None or link.fetched_at is None:
        return False
    return link.fetched_at < _aware(item.changed, now) <= now


def _aware(date: datetime, now: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=now.tzinfo)
