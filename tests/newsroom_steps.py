"""What a test asks of a database that other processes work on: steps and answers as lines of JSON.

A process of its own, because the test's own Django stands on the test database.
"""

# ruff: noqa: E402 (models can be imported after django.setup() only)
from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.conf import settings

django.setup()

from crawler.archive import ArchiveWriter
from crawler.models import Article, Link, Run, Site, Source, Story
from crawler.page import Page
from crawler.sources import add_source
from crawler.stored import stored_page
from crawler.urls import link_key
from desk.nudge import Work, nudge
from digest.approving import approve
from digest.drafting import append, draft, publication_of
from digest.models import Delivery, Edition
from digest.publishing import add_publication
from digest.subscribing import subscribe
from tests.factory import make_story

BY = "test"


def prepare(order: dict[str, Any]) -> None:
    """Sources, a publication `brow` and its readers."""
    now = _now()
    for url, kind, tags in order["sources"]:
        add_source(url, kind, by=BY, now=now, tags=tags)
    brow = add_publication("brow", "The Brow", "news@brow.example", "1 Paper Lane, Leeds", by=BY, now=now)
    for number in range(order["readers"]):
        subscribe(f"reader{number}@reader.example", brow, by=BY, now=now, how="a test")


def write(order: dict[str, Any]) -> None:
    """A story without a crawl, placed by hand."""
    edition = draft(publication_of("brow"), by=BY, now=_now())
    append(edition, make_story(order["title"]), why="by hand", by=BY)


def edit(order: dict[str, Any]) -> None:
    """An editor approves what is suggested; it is due at once."""
    edition = draft(publication_of("brow"), by=BY, now=_now())
    approve(edition, by=BY, now=_now(), send_at=_now())


def wake(order: dict[str, Any]) -> None:
    """What the desk does after a person's step."""
    nudge(Work[order["work"]])


def due_again(order: dict[str, Any]) -> None:
    """All sources are due, as if a day had passed."""
    Source.objects.update(next_at=None)


def archive(order: dict[str, Any]) -> None:
    """Files of runs that ended `days` ago, full of pages; every third page asks for no archive."""
    at, site = _now() - timedelta(days=order["days"]), Site.objects.get_or_create(host="paper.example")[0]
    for file in range(order["files"]):
        name = f"{at:%Y%m%d-%H%M%S}-{file:08x}"
        Run.objects.create(name=name, started_at=at, lease_until=at, closed_at=at)
        writer, links = ArchiveWriter(settings.ARCHIVE / f"{name}.warc.gz"), []
        for number in range(order["pages"]):
            url, robots = f"https://paper.example/{file}/{number}", "noarchive" if number % 3 == 0 else "index"
            body = f'<meta name="robots" content="{robots}">{os.urandom(order["bytes"]).hex()}'.encode()
            offset, _ = writer.page(Page(url, url, 200, (), body, at), "link:1")
            links.append(
                Link(
                    key=link_key(url), url=url, site=site, found_at=at, content_hash="x",
                    archive_file=f"{name}.warc.gz", archive_offset=offset,
                )
            )  # fmt: skip
        writer.close()
        Link.objects.bulk_create(links)


def stored(order: dict[str, Any]) -> dict[str, Any]:
    """Which pages the links lead to, and which links point to a page that is not theirs."""
    pages = {link.url: stored_page(link, settings.ARCHIVE) for link in Link.objects.order_by("url")}
    return {
        "kept": [url for url, page in pages.items() if page is not None],
        "wrong": [url for url, page in pages.items() if page is not None and page.url != url],
        "dangling": list(Link.objects.filter(url__in=[url for url, page in pages.items() if page is None])
                         .exclude(archive_file="").values_list("url", flat=True)),
    }  # fmt: skip


def look(order: dict[str, Any]) -> dict[str, Any]:
    """How it stands."""
    sites = Site.objects.filter(lease_until__gt=_now())
    current = Article.objects.filter(current=True)
    return {
        "articles": current.count(),
        "twice": sorted(url for url, number in Counter(current.values_list("url", flat=True)).items() if number > 1),
        "titles": sorted(current.values_list("title", flat=True)),
        "stories": Story.objects.filter(merged_into=None).count(),
        "empty_stories": Story.objects.filter(merged_into=None, lead=None).count(),
        "unlabelled": Story.objects.filter(merged_into=None, labellings=None).count(),
        "links": Counter(Link.objects.values_list("state", flat=True)),
        "open_links": list(Link.objects.filter(state=Link.State.FOUND).values_list("url", "reason", "folded_into")),
        "unasked": Source.objects.filter(checked_at=None).count(),
        "open_runs": Run.objects.filter(closed_at=None).count(),
        "leases": sorted(sites.values_list("lease_by", flat=True)),
        "senders": sorted(set(Delivery.objects.exclude(lease_by="").values_list("lease_by", flat=True))),
        "deliveries": Counter(Delivery.objects.values_list("state", flat=True)),
        "unknown": sorted(Delivery.objects.filter(state="unknown").values_list("subscriber__address", flat=True)),
        "editions": list(Edition.objects.order_by("number").values_list("state", flat=True)),
    }


def _now() -> datetime:
    return datetime.now(UTC)


STEPS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "prepare": prepare,
    "write": write,
    "edit": edit,
    "wake": wake,
    "due_again": due_again,
    "archive": archive,
    "stored": stored,
    "look": look,
}


def main() -> None:
    """Each line `[step, order]` is answered by a line; what goes wrong is written on stderr and ends it."""
    for line in sys.stdin:
        name, order = json.loads(line)
        print(json.dumps(STEPS[name](order)), flush=True)


if __name__ == "__main__":
    main()
