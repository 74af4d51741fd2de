"""One function per step, called alike by the command line, `run` and Celery: all that is due and needs no person."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db.utils import DatabaseError

from classifier.labelling import label_due
from classifier.registry import taxonomies
from crawler.crawling import CrawlCount, crawl
from crawler.errors import CrawlerError
from crawler.planning import crawl_plan
from crawler.pruning import BY_ITSELF, PruneCount, prune_due
from crawler.reprocessing import reprocess_asked
from crawler.sources import failed_since
from crawler.stopping import Stop, never, pause
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
    judged_again: int = 0
    labelled: int = 0
    drafted: list[str] = field(default_factory=list)
    sent: SendCount = field(default_factory=SendCount)
    pruned: PruneCount = field(default_factory=PruneCount)
    troubles: list[str] = field(default_factory=list)
    # Sources that could not be read, each with why: their owners' affair, not a step that failed.
    unread: list[str] = field(default_factory=list)

    def left_undone(self) -> int:
        """Steps of which something is to be tried again."""
        return len(self.troubles) + bool(self.sent.away)

    def did_something(self) -> bool:
        crawled = self.crawl.sites or self.crawl.resumed or self.judged_again
        return bool(crawled or self.labelled or self.drafted or self.sent.states)


def run_once(clock: Clock, stop: Stop = never) -> RunCount:
    """Do what is due, step by step. A step that cannot be done is noted and stops no other."""
    count = RunCount()
    for name, step in STEPS.items():
        if stop():
            break
        with _noted(count, name):
            step(count, clock, stop)
    return count


def _crawl(count: RunCount, clock: Clock, stop: Stop) -> None:
    began = clock()
    count.crawl = crawl(replace(crawl_plan(), stop=stop), clock=clock)
    count.unread = [f"{source.url}: {source.outcome}" for source in failed_since(began)]


def _judge(count: RunCount, clock: Clock, stop: Stop) -> None:
    count.judged_again = reprocess_asked(settings.ARCHIVE, clock=clock, stop=stop)


def _label(count: RunCount, clock: Clock, stop: Stop) -> None:
    count.labelled = label_all(clock, stop)


def _draft(count: RunCount, clock: Clock, stop: Stop) -> None:
    count.drafted = draft_due(clock)


def _send(count: RunCount, clock: Clock, stop: Stop) -> None:
    count.sent = send_all(clock, stop=stop)


def _forget(count: RunCount, clock: Clock, stop: Stop) -> None:
    forget(clock())


def _prune(count: RunCount, clock: Clock, stop: Stop) -> None:
    count.pruned = prune_due(settings.ARCHIVE, settings.ARCHIVE_DAYS, by=BY_ITSELF, now=clock(), stop=stop)


STEPS: dict[str, Callable[[RunCount, Clock, Stop], None]] = {
    "crawl": _crawl,
    "judge": _judge,
    "label": _label,
    "draft": _draft,
    "send": _send,
    "forget": _forget,
    "prune": _prune,
}


@contextmanager
def _noted(count: RunCount, step: str) -> Iterator[None]:
    """What is expected to go wrong (a site, a disk, a locked database) is said; a fault of ours still ends the run."""
    try:
        yield
    except CrawlerError as error:
        count.troubles.append(f"{step}: {error}")
    except OSError as error:
        count.troubles.append(f"{step}: {troubles.disk(error)}")
    except DatabaseError as error:
        words = troubles.database(error)
        if words is None:
            raise
        count.troubles.append(f"{step}: {words}")


def run_forever(clock: Clock, tell: Callable[[RunCount], None], stop: Stop) -> None:
    """Round after round until `stop`, with a pause where nothing was due."""
    while not stop():
        count = run_once(clock, stop)
        tell(count)
        if not count.did_something():
            pause(PAUSE_SECONDS, stop)


def label_all(clock: Clock, stop: Stop = never) -> int:
    """Label the stories of every taxonomy that has a model."""
    return sum(label_due(taxonomy, now=clock(), stop=stop) for taxonomy in taxonomies())


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
