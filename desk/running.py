"""One function per step, called alike by the command line, `run` and Celery: all that is due and needs no person."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.utils import OperationalError

from classifier.labelling import label_due
from classifier.registry import taxonomies
from crawler.crawling import CrawlCount, crawl
from crawler.errors import CrawlerError
from crawler.planning import crawl_plan
from crawler.sources import failed_since
from desk import troubles
from digest.schedule import draft_due, send_all, transport
from digest.sending import SendCount
from digest.signup import forget

__all__ = ["RunCount", "beside_others", "crawl_plan", "label_all", "run_forever", "run_once", "send_all", "transport"]
Clock = Callable[[], datetime]
PAUSE_SECONDS = 30.0


@dataclass
class RunCount:
    """What one round did."""

    crawl: CrawlCount = field(default_factory=CrawlCount)
    labelled: int = 0
    drafted: list[str] = field(default_factory=list)
    sent: SendCount = field(default_factory=SendCount)
    troubles: list[str] = field(default_factory=list)
    # Sources that could not be read, each with why: their owners' affair, not a step that failed.
    unread: list[str] = field(default_factory=list)

    def did_something(self) -> bool:
        return bool(self.crawl.sites or self.crawl.resumed or self.labelled or self.drafted or self.sent.states)


def run_once(clock: Clock) -> RunCount:
    """Crawl, label, draft and send what is due. A step that cannot be done is noted and stops no other."""
    count, began = RunCount(), clock()
    with _noted(count, "crawl"):
        count.crawl = crawl(crawl_plan(), clock=clock)
        count.unread = [f"{source.url}: {source.outcome}" for source in failed_since(began)]
    with _noted(count, "label"):
        count.labelled = label_all(clock)
    with _noted(count, "draft"):
        count.drafted = draft_due(clock)
    with _noted(count, "send"):
        count.sent = send_all(clock)
    with _noted(count, "forget"):
        forget(clock())
    return count


@contextmanager
def _noted(count: RunCount, step: str) -> Iterator[None]:
    """What is expected to go wrong (a site, a disk, a locked database) is said; a fault of ours still ends the run."""
    try:
        yield
    except (CrawlerError, OSError, OperationalError) as error:
        count.troubles.append(f"{step}: {_words(error)}")


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return troubles.disk(error)
    return troubles.database(error) or str(error).splitlines()[0]


def run_forever(clock: Clock, tell: Callable[[RunCount], None], *, rounds: int | None = None) -> None:
    """Round after round, with a pause where nothing was due; `rounds` ends it by itself."""
    while rounds is None or rounds > 0:
        count = run_once(clock)
        tell(count)
        rounds = None if rounds is None else rounds - 1
        if not count.did_something() and rounds != 0:
            time.sleep(PAUSE_SECONDS)


def label_all(clock: Clock) -> int:
    """Label the stories of every taxonomy that has a model."""
    return sum(label_due(taxonomy, now=clock()) for taxonomy in taxonomies())


@contextmanager
def beside_others() -> Iterator[bool]:
    """Whether another `run` is at work on this home. Both go on: work is claimed, so they share it."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with (settings.HOME / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
            return
        yield False
