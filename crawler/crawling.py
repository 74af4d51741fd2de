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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import repeat, takewhile
from pathlib import Path
from time import monotonic
from typing import TypeVar

from django.db import connection

from crawler import leases, models
from crawler.archive import Record, read_records
from crawler.claiming import LEASE, answer, claim, release, site_order
from crawler.errors import CrawlerError
from crawler.intake import LeaseLost, judge, take
from crawler.orders import Answer, CrawlOrder, Question
from crawler.sketching import Sketches, settle
from crawler.spiders.recorder import UNWRITABLE
from crawler.stopping import LOOK_SECONDS, Stop, never
from crawler.urls import host_of

log = logging.getLogger(__name__)
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


@dataclass
class _Crawl:
    """One call of `crawl`: what it was told, whose its claims are, when (by `monotonic`) it ends, what it has done."""

    plan: CrawlPlan
    clock: Clock
    sources: Sequence[models.Source] | None
    watch: Watch | None
    me: str
    end: float
    count: CrawlCount = field(default_factory=CrawlCount)
    done: dict[str, int] = field(default_factory=dict)


def agent_name(version: str, contact: str) -> str:
    """Our User-Agent: a token for robots.txt, and where site owners can turn to."""
    return f"Glabella/{version} (+{contact})" if contact else f"Glabella/{version}"


def crawl(
    plan: CrawlPlan, *, clock: Clock, sources: Sequence[models.Source] | None = None, watch: Watch | None = None
) -> CrawlCount:
    """Fetch all sources that are due (or those given) and take in their articles.

    Raises CrawlFailed where the child ended with an error, after its records are taken in.
    """
    one = _Crawl(plan, clock, sources, watch, leases.holder(), monotonic() + plan.seconds)
    with replayable():
        _free_the_dead(clock())
        resume(plan, one.me, clock, one.count, watch)
        more = True
        while more:
            more = _crawl_due(one)
            # It holds sites too; so what others had to leave meanwhile is looked for once more.
            settle(one.count.sketches, plan.archive, leases.holder(), clock(), plan.stop)
    return one.count


def _crawl_due(one: _Crawl) -> bool:
    """Slice after slice until nothing is due or time is up; whether there was anything."""
    began = one.count.sites
    while (
        not one.plan.stop()
        and (left := int(one.end - monotonic())) >= LEAST_SECONDS
        and (sites := claim(one.me, one.clock(), one.sources, one.done, one.plan.sites))
    ):
        try:
            _crawl_sites(one, sites, left)
        finally:
            release(one.me)
            # What a crawl that failed or was stopped has archived is taken in by the next one, not only when the lease has run out.
            open_ = models.Run.objects.filter(lease_by=one.me, closed_at=None)
            open_.update(lease_until=one.clock() - timedelta(seconds=1))
    return one.count.sites > began


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


def _crawl_sites(one: _Crawl, sites: list[models.Site], seconds: int) -> None:
    now, plan, count = one.clock(), one.plan, one.count
    run = models.Run.objects.create(
        name=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}", started_at=now, lease_by=one.me, lease_until=now + LEASE
    )
    order = _order(replace(plan, seconds=seconds), run, sites, one.sources, now)
    count.sites += len(sites)
    count.sources += sum(len(site.sources) for site in order.sites)
    code = 0
    with start_child(order) as child:
        for _ in _until(plan.stop, _announcements(child, plan.stop, lambda asked: answer(asked, one.me, one.clock()))):
            _take_all(_announced(plan.archive, run), run, count, one.watch)
        if plan.stop():
            # Whatever it was about to write: a torn last record is none (see the archive).
            child.kill()
            return
        code = child.wait()
    _take_all(read_records(_file(plan.archive, run), run.read_to), run, count, one.watch)
    _close(run, one.clock())
    if code == UNWRITABLE:
        raise CrawlFailed("the archive cannot be written", str(plan.archive), "is the disk full?")
    if code:
        raise CrawlFailed("the crawl ended with an error", run.name, f"exit code {code}; see the log")


def start_child(order: CrawlOrder) -> subprocess.Popen[str]:
    """The crawling process with its order on stdin, which stays open for answers.

    Leaving the context waits; a dying parent closes its pipes.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.spiders"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    _tell(child, order.to_json())
    return child


def _tell(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdin is not None
    # A child that has ended says why by its exit code.
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(line + "\n")
        child.stdin.flush()


def _announcements(child: subprocess.Popen[str], stop: Stop, answering: Callable[[Question], Answer]) -> Iterator[None]:
    """One for each record that the child announces, until it ends. A silent child is no reason to overhear a stop.

    Its questions are answered first: records lie safe, while the child waits.
    """
    records, rest = 0, b""
    while not stop():
        said = _heard(child, 0 if records else LOOK_SECONDS)
        if said == b"":
            break
        *lines, rest = (rest + (said or b"")).split(b"\n")
        for question in map(Question.from_line, lines):
            if question is None:
                records += 1
            else:
                _tell(child, answering(question).to_json())
        if records:
            records -= 1
            yield
    yield from repeat(None, records)


def _heard(child: subprocess.Popen[str], seconds: float) -> bytes | None:
    """What the child has written; None where it wrote nothing for so long, empty where it will write no more."""
    assert child.stdout is not None
    readable, _, _ = select.select([child.stdout.fileno()], [], [], seconds)
    return os.read(child.stdout.fileno(), PIPE_BYTES) if readable else None


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
        sites=tuple(site_order(site, sources, now, plan.per_site) for site in sites),
        seconds=plan.seconds,
        per_site=plan.per_site,
        timeout=plan.timeout,
    )


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
