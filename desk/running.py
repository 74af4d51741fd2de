"""One function per step, called alike by the command line, `run` and Celery: all that is due and needs no person."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

from django.conf import settings

from classifier.labelling import label_due
from crawler.crawling import CrawlCount, CrawlPlan, agent_name, crawl
from desk.errors import DeskError
from digest.drafting import current_draft, draft
from digest.models import Edition, Publication
from digest.sending import SendCount, send_due
from digest.subscribing import end_pauses
from digest.transports import FileOutbox, SmtpTransport, Transport

Clock = Callable[[], datetime]
# Editors find a draft waiting this long before it goes out.
DRAFT_AHEAD = timedelta(days=4)
PAUSE_SECONDS = 30.0


@dataclass
class RunCount:
    """What one round did."""

    crawl: CrawlCount = field(default_factory=CrawlCount)
    labelled: int = 0
    drafted: list[str] = field(default_factory=list)
    sent: SendCount = field(default_factory=SendCount)

    def did_something(self) -> bool:
        return bool(self.crawl.sites or self.crawl.resumed or self.labelled or self.drafted or self.sent.states)


def crawl_plan() -> CrawlPlan:
    """The plan of this installation's variables."""
    return CrawlPlan(
        archive=settings.ARCHIVE,
        agent=agent_name(version("glabella"), settings.CONTACT),
        delay=settings.CRAWL_DELAY,
        allow_private=settings.ALLOW_PRIVATE,
    )


def transport() -> Transport:
    """Files where no SMTP server is set. Real mail with links that only work on this machine is refused."""
    if not settings.SMTP_URL:
        return FileOutbox(settings.OUTBOX)
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        raise DeskError("SITE_URL is a loopback address: readers could not leave; set it before mails go out by SMTP")
    return SmtpTransport(settings.SMTP_URL)


def run_once(clock: Clock) -> RunCount:
    """Crawl, label, draft and send what is due."""
    count = RunCount()
    count.crawl = crawl(crawl_plan(), clock=clock)
    count.labelled = label_all(clock)
    count.drafted = draft_due(clock)
    count.sent = send_all(clock)
    return count


def run_forever(clock: Clock, tell: Callable[[RunCount], None], *, rounds: int | None = None) -> None:
    """Round after round, with a pause where nothing was due; `rounds` ends it by itself."""
    while rounds is None or rounds > 0:
        count = run_once(clock)
        tell(count)
        rounds = None if rounds is None else rounds - 1
        if not count.did_something() and rounds != 0:
            time.sleep(PAUSE_SECONDS)


def label_all(clock: Clock) -> int:
    """Label the stories of every taxonomy that a publication uses, or of the shipped one where there is none."""
    used = set(Publication.objects.values_list("taxonomy", flat=True)) or {"aesthetics"}
    return sum(label_due(taxonomy, now=clock()) for taxonomy in sorted(used))


def draft_due(clock: Clock) -> list[str]:
    """Make a first draft for every publication that goes out within four days and has none."""
    now, made = clock(), []
    for publication in Publication.objects.order_by("slug"):
        waiting = Edition.objects.filter(publication=publication, send_at__gt=now - timedelta(days=1)).exclude(
            state__in=(Edition.State.CANCELLED,)
        )
        if current_draft(publication) is None and not waiting.exists():
            edition = draft(publication, by="rule:schedule", now=now)
            made.append(str(edition))
    return made


def send_all(clock: Clock) -> SendCount:
    """Send the editions whose time has come."""
    end_pauses(clock())
    way = transport()
    try:
        return send_due(way, clock=clock)
    finally:
        way.close()


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
