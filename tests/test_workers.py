"""The whole way through worker processes on PostgreSQL and a server of Redis' protocol, two killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

import pytest

from tests.processes import READERS, installation, kill_group
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
PATIENCE_SECONDS = 90
SLOW_MAIL_SECONDS = 0.2


@pytest.fixture
def desk(tmp_path, database, redis_url, smtp_sink):
    """An installation with both switches set; its mails go to the sink, which takes its time."""
    smtp_sink.seconds = SLOW_MAIL_SECONDS
    switches = {"DATABASE_URL": database, "BROKER_URL": redis_url, "SMTP_URL": smtp_sink.url}
    with installation(tmp_path, **switches, SITE_URL="https://news.example") as made:
        yield made


def worker(desk, queue):
    return desk.start(
        "celery", "-A", "desk.celery", "worker", "-Q", queue, "-c", "1", "-n", f"{queue}{time.time()}@here"
    )


def holder_of(leases, workers):
    """The worker whose pool child holds one of these leases (host/process/start/random)."""
    groups = {os.getpgid(int(lease.split("/")[1])) for lease in leases}
    return next((one for one in workers if one.pid in groups), None)


def test_every_article_and_every_mail_once_though_workers_are_killed(desk, served_newsroom, undisturbed, smtp_sink):
    desk.prepare(served_newsroom)
    crawlers = [worker(desk, "crawl"), worker(desk, "crawl")]
    sender = worker(desk, "mail")
    worker(desk, "process")
    desk.start("celery", "-A", "tests.quick_beat", "beat")

    def busy_crawler():
        now = desk.step("look")
        return now["articles"] > 5 and now["leases"] and holder_of(now["leases"], crawlers)

    kill_group(wait_for(busy_crawler, PATIENCE_SECONDS), signal.SIGKILL)

    def crawled():
        now = desk.step("look")
        done = not (now["leases"] or now["open_runs"] or now["unasked"] or now["unlabelled"])
        return now if done and now["articles"] >= undisturbed["articles"] else None

    after = wait_for(crawled, PATIENCE_SECONDS, every=0.5)
    assert after["twice"] == []
    assert after["titles"] == undisturbed["titles"]
    assert after["stories"] == undisturbed["stories"]
    assert after["empty_stories"] == 0

    desk.step("edit")
    wait_for(lambda: len(smtp_sink.taken) >= 2, PATIENCE_SECONDS)
    kill_group(sender, signal.SIGKILL)
    worker(desk, "mail")

    def sent():
        now = desk.step("look")
        return now if now["editions"][0] == "sent" else None

    ledger = wait_for(sent, PATIENCE_SECONDS, every=0.5)
    mails = Counter(address for address, _ in smtp_sink.taken)
    assert max(mails.values()) == 1
    assert sum(ledger["deliveries"].values()) == READERS
    # SMTP cannot say what became of the mail that was under way: it is left to a person, never sent again.
    assert len(ledger["unknown"]) <= 1
    assert set(mails) | set(ledger["unknown"]) == {f"reader{number}@reader.example" for number in range(READERS)}
    assert ledger["deliveries"].get("accepted", 0) == READERS - len(ledger["unknown"])
