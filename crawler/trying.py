"""Try a source out before it is kept: fetch it and a few of its links, write nothing but a throw-away archive."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler.archive import Record, read_records
from crawler.article import Article, NotAnArticle
from crawler.crawling import CrawlPlan, start_child
from crawler.judging import judge_page
from crawler.orders import CrawlOrder, SiteOrder, SourceOrder
from crawler.page import Page
from crawler.read_source import read_source
from crawler.reading import Outcome, Reading
from crawler.urls import host_of, normalise

SECONDS = 60


@dataclass(frozen=True)
class Tried:
    """What came of one link: its article, or a line that says why there is none."""

    url: str
    article: Article | None
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """What the source named, and how its first links fared."""

    reading: Reading
    links: tuple[Tried, ...]


def try_source(url: str, kind: str, plan: CrawlPlan, now: datetime, links: int = 5) -> Trial:
    """Fetch the source and up to `links` of its pages, with all the crawler's manners."""
    clean = normalise(url)
    with tempfile.TemporaryDirectory() as folder:
        quick = replace(plan, archive=Path(folder), seconds=SECONDS)
        path = Path(folder) / "trial.warc.gz"
        order = CrawlOrder(
            run="trial",
            archive=str(path),
            now=now,
            agent=quick.agent,
            delay=quick.delay,
            allow_private=quick.allow_private,
            sites=(SiteOrder(host_of(clean), sources=(SourceOrder(0, clean, kind),)),),
            seconds=SECONDS,
            per_site=links + 1,
            trial=True,
        )
        with start_child(order) as child:
            _wait(child)
        records = list(read_records(path))
    reading = next(_readings(records, kind), Reading(Outcome.FAILED, why="no answer"))
    return Trial(reading, tuple(_tried(record) for record in records if record.whom.startswith("link:")))


def _wait(child: subprocess.Popen[str]) -> None:
    """A trial that does not end by itself is ended; what it has archived by then counts."""
    try:
        child.wait(timeout=SECONDS * 2)
    except subprocess.TimeoutExpired:
        child.kill()


def _readings(records: list[Record], kind: str) -> Iterator[Reading]:
    for record in records:
        answer = record.answer
        if not record.whom.startswith("source:"):
            continue
        if not isinstance(answer, Page):
            yield Reading(Outcome.FAILED, why=answer.why)
        elif answer.status != 200:
            yield Reading(Outcome.FAILED, why=f"the server answered {answer.status}")
        else:
            yield read_source(kind, answer.body, answer.url, answer.header("content-type"))


def _tried(record: Record) -> Tried:
    answer = record.answer
    if not isinstance(answer, Page):
        return Tried(answer.asked, None, answer.why)
    if answer.status != 200:
        return Tried(answer.asked, None, f"the server answered {answer.status}")
    judged = judge_page(answer, None, None).outcome
    if isinstance(judged, Article):
        return Tried(answer.asked, judged)
    return Tried(answer.asked, None, judged.reason.value if isinstance(judged, NotAnArticle) else judged)
