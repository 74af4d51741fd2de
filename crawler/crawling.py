"""The crawl: claim sites that are due, order the child to fetch, take in what it archives, resume what was killed."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import repeat, takewhile
from pathlib import Path
from time import monotonic
from typing import TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from crawler import leases, models
from crawler.archive import Record, read_records
from crawler.errors import CrawlerError
from crawler.intake import LeaseLost, judge, take
from crawler.orders import CrawlOrder, LinkKnown, SiteOrder, SourceOrder
from crawler.robots import Robots
from crawler.sketching import Sketches, settle
from crawler.spiders.recorder import UNWRITABLE
from crawler.stopping import LOOK_SECONDS, Stop, never
from crawler.urls import host_of

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=40)
ROBOTS_FRESH = timedelta(hours=24)
# A last slice of sites is not begun for less.
LEAST_SECONDS = 5
PIPE_BYTES = 65_536
T = TypeVar("T")
Clock = Callable[[], datetime]
Watch = Callable[[Record, str], None]


class CrawlFailed(CrawlerError):
    """The crawling child ended badly; what it archived before is taken in."""

    retry = True


@dataclass(frozen=True)
class CrawlPlan:
    """How to crawl: where the archive lies, our name, seconds between requests to a host and for an answer, limits.

    `seconds` bounds a whole crawl; `sites` are crawled at a time, the rest is left for other workers meanwhile. At a
    `stop` the child is ended, and what it has archived is taken in by the next crawl.
    """

    archive: Path
    agent: str
    delay: float = 1.0
    allow_private: bool = False
    seconds: int = 1500
    per_site: int = 200
    timeout: float = 30.0
    sites: int = 200
    stop: Stop = never


@dataclass
class CrawlCount:
    """What a crawl did: outcomes of links by word, and sources and sites asked."""

    sites: int = 0
    sources: int = 0
    resumed: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    sketches: Sketches = field(default_factory=Sketches)


def agent_name(version: str, contact: str) -> str:
    """Our User-Agent: a token for robots.txt, and where site owners can turn to."""
    return f"Glabella/{version} (+{contact})" if contact else f"Glabella/{version}"


def crawl(
    plan: CrawlPlan, *, clock: Clock, sources: Sequence[models.Source] | None = None, watch: Watch | None = None
) -> CrawlCount:
    """Fetch all sources that are due (or those given) and take in their articles.

    Raises CrawlFailed where the child ended with an error, after its records are taken in.
    """
    with replayable():
        count = _crawl(plan, clock, sources, watch)
        settle(count.sketches, plan.archive, leases.holder(), clock(), plan.stop)
        return count


def _crawl(plan: CrawlPlan, clock: Clock, sources: Sequence[models.Source] | None, watch: Watch | None) -> CrawlCount:
    me, count = leases.holder(), CrawlCount()
    _free_the_dead(clock())
    resume(plan, me, clock, count, watch)
    done, end = set[str](), monotonic() + plan.seconds
    while (
        not plan.stop()
        and (left := int(end - monotonic())) >= LEAST_SECONDS
        and (sites := _claim(plan, me, clock(), sources, done))
    ):
        done.update(site.host for site in sites)
        try:
            _crawl_sites(replace(plan, seconds=left), sites, sources, me, clock, count, watch)
        finally:
            models.Site.objects.filter(lease_by=me).update(lease_by="", lease_until=None)
            # What a crawl that failed or was stopped has archived is taken in by the next one, not only when the lease has run out.
            models.Run.objects.filter(lease_by=me, closed_at=None).update(lease_until=clock() - timedelta(seconds=1))
    return count


def resume(plan: CrawlPlan, me: str, clock: Clock, count: CrawlCount, watch: Watch | None = None) -> None:
    """Take in what killed crawls left in the archive."""
    now = clock()
    for run in models.Run.objects.filter(closed_at=None, lease_until__lt=now):
        mine = models.Run.objects.filter(pk=run.pk, closed_at=None, lease_until__lt=now)
        if not mine.update(lease_by=me, lease_until=now + LEASE):
            continue
        run.lease_by = me
        before = sum(count.outcomes.values())
        _take_all(_until(plan.stop, read_records(_file(plan.archive, run), run.read_to)), run, count, watch)
        count.resumed += sum(count.outcomes.values()) - before
        if plan.stop():
            models.Run.objects.filter(pk=run.pk, lease_by=me).update(lease_until=now - timedelta(seconds=1))
            return
        _close(run, clock())


def _free_the_dead(now: datetime) -> None:
    """Work of a process that was killed on this machine is free at once."""
    for rows in (models.Site.objects.exclude(lease_by=""), models.Run.objects.filter(closed_at=None)):
        gone = leases.dead(rows.filter(lease_until__gte=now).values_list("lease_by", flat=True))
        rows.filter(lease_by__in=gone).update(lease_until=now - timedelta(seconds=1))


def _crawl_sites(
    plan: CrawlPlan,
    sites: list[models.Site],
    sources: Sequence[models.Source] | None,
    me: str,
    clock: Clock,
    count: CrawlCount,
    watch: Watch | None,
) -> None:
    now = clock()
    run = models.Run.objects.create(
        name=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}", started_at=now, lease_by=me, lease_until=now + LEASE
    )
    order = _order(plan, run, sites, sources, now)
    count.sites += len(sites)
    count.sources += sum(len(site.sources) for site in order.sites)
    code = 0
    with start_child(order) as child:
        for _ in _until(plan.stop, _announcements(child, plan.stop)):
            _take_all(_announced(plan.archive, run), run, count, watch)
        if plan.stop():
            # Whatever it was about to write: a torn last record is none (see the archive).
            child.kill()
            return
        code = child.wait()
    _take_all(read_records(_file(plan.archive, run), run.read_to), run, count, watch)
    _close(run, clock())
    if code == UNWRITABLE:
        raise CrawlFailed("the archive cannot be written", str(plan.archive), "is the disk full?")
    if code:
        raise CrawlFailed("the crawl ended with an error", run.name, f"exit code {code}; see the log")


def start_child(order: CrawlOrder) -> subprocess.Popen[str]:
    """The crawling process with its order on stdin. Leaving the context waits; a dying parent closes its pipes."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.spiders"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert child.stdin is not None
    # A child that ended before it read its order says why by its exit code.
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(order.to_json())
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()
    return child


def _announcements(child: subprocess.Popen[str], stop: Stop) -> Iterator[None]:
    """One for each line that the child writes, until it ends. A silent child is no reason to overhear a stop."""
    assert child.stdout is not None
    out = child.stdout.fileno()
    while not stop():
        readable, _, _ = select.select([out], [], [], LOOK_SECONDS)
        if not readable:
            continue
        said = os.read(out, PIPE_BYTES)
        if not said:
            return
        yield from repeat(None, said.count(b"\n"))


def _until(stop: Stop, items: Iterator[T]) -> Iterator[T]:
    return takewhile(lambda _: not stop(), items)


def _announced(archive: Path, run: models.Run) -> Iterator[Record]:
    record = next(read_records(_file(archive, run), run.read_to), None)
    return iter([record] if record else [])


def _take_all(records: Iterator[Record], run: models.Run, count: CrawlCount, watch: Watch | None) -> None:
    for record in records:
        try:
            judged = judge(record)
            outcome = take(record, run, judged)
        except LeaseLost:
            log.warning("crawl %s was taken over by another process", run.name)
            return
        run.read_to = record.end
        count.outcomes[outcome] += 1
        count.sketches.note(record, judged, host_of(record.answer.asked))
        if watch is not None:
            watch(record, outcome)


def _claim(
    plan: CrawlPlan, me: str, now: datetime, sources: Sequence[models.Source] | None, done: Collection[str]
) -> list[models.Site]:
    """Sites with due work but those done, leased by conditional update: another worker's sites stay its own."""
    due = Q(sources__paused=False) & (Q(sources__next_at=None) | Q(sources__next_at__lte=now))
    retries = Q(links__state=models.Link.State.FOUND, links__next_at__lte=now, sources__paused=False)
    if sources is not None:
        due, retries = Q(sources__in=list(sources)), Q(pk__in=[])
    free = (Q(lease_until=None) | Q(lease_until__lt=now)) & (Q(next_at=None) | Q(next_at__lte=now))
    crawled = ~Q(sources__kind=models.Source.Kind.IMPORT)
    hosts = models.Site.objects.filter(free & crawled & (due | retries)).exclude(pk__in=done).distinct()
    claimed = []
    for site in hosts[: plan.sites]:
        if models.Site.objects.filter(free, pk=site.pk).update(lease_by=me, lease_until=now + LEASE):
            claimed.append(site)
    return claimed


def _order(
    plan: CrawlPlan,
    run: models.Run,
    sites: list[models.Site],
    sources: Sequence[models.Source] | None,
    now: datetime,
) -> CrawlOrder:
    return CrawlOrder(
        run=run.name,
        archive=str(_file(plan.archive, run)),
        now=now,
        agent=plan.agent,
        delay=plan.delay,
        allow_private=plan.allow_private,
        sites=tuple(_site_order(site, sources, now) for site in sites),
        seconds=plan.seconds,
        per_site=plan.per_site,
        timeout=plan.timeout,
    )


def _site_order(site: models.Site, sources: Sequence[models.Source] | None, now: datetime) -> SiteOrder:
    due = site.sources.filter(paused=False).exclude(kind=models.Source.Kind.IMPORT)
    if sources is None:
        due = due.filter(Q(next_at=None) | Q(next_at__lte=now))
    else:
        due = due.filter(pk__in=[source.pk for source in sources])
    read = site.robots_status is not None and not Robots("", site.robots_status).unreachable
    fresh = read and site.robots_at is not None and site.robots_at > now - ROBOTS_FRESH
    return SiteOrder(
        host=site.host,
        robots=site.robots if fresh else None,
        robots_status=site.robots_status,
        sources=tuple(
            SourceOrder(source.pk, source.url, source.kind, source.etag, source.last_modified) for source in due
        ),
        links={link.key: _known(link) for link in _links_of(site).iterator()},
    )


def _links_of(site: models.Site) -> QuerySet[models.Link]:
    """Links on the host itself, and those its sources name elsewhere: a feed's host is often not its articles' host."""
    named = models.Sighting.objects.filter(source__site=site).values("link")
    return models.Link.objects.filter(Q(site=site) | Q(pk__in=named))


def _known(link: models.Link) -> LinkKnown:
    url = link.url if link.next_at else ""
    return LinkKnown(link.state, link.next_at, link.fetched_at, link.etag, link.last_modified, url)


def _file(archive: Path, run: models.Run) -> Path:
    return archive / f"{run.name}.warc.gz"


def _close(run: models.Run, now: datetime) -> None:
    models.Run.objects.filter(pk=run.pk, lease_by=run.lease_by).update(closed_at=now)


@contextmanager
def replayable() -> Iterator[None]:
    """On SQLite, commit without waiting for the disk while the block runs; elsewhere nothing changes.

    A power cut may then undo the last commits, in order and whole: the run's mark goes back with them and the next
    crawl takes the same records in again. (WAL with synchronous=NORMAL, sqlite.org/pragma.html#pragma_synchronous.)
    The ledger of mails is never written in such a block.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _sync("NORMAL")
    try:
        yield
    finally:
        _sync("FULL")


def _sync(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
