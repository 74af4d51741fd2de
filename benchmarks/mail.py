"""`make bench-mail`: one issue of 15 items rendered and sent to 2,000 readers, to files and to an SMTP server.

Each reader has topics of their own, so each mail is selected and rendered for its reader; each must arrive once.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.home import set_up
from benchmarks.lines import Measure, print_lines

ROOT = Path(__file__).resolve().parents[1]
ITEMS = 15


class Sink:
    """The counting SMTP server; `taken` says after the block who got how many mails."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        assert server.stdout is not None
        self._server, self._out = server, server.stdout
        self.url = f"smtp://127.0.0.1:{int(self._out.readline())}"
        self.taken: Counter[str] = Counter()

    def end(self) -> None:
        self._server.terminate()
        self.taken.update(row.split()[0] for row in self._out)


@contextmanager
def sink() -> Iterator[Sink]:
    """An SMTP server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        running = Sink(server)
        try:
            yield running
        finally:
            running.end()


def make_readers(publication: Any, readers: int, now: datetime) -> None:
    """A fifth takes everything, the others one to three topics."""
    from classifier.models import Topic
    from digest.subscribing import subscribe

    topics, chance = list(Topic.objects.values_list("key", flat=True)), random.Random(1)
    for number in range(readers):
        chosen = chance.sample(topics, chance.randint(1, 3)) if number % 5 else []
        address = f"reader{number}@inbox.example"
        subscribe(address, publication, chosen, by="bench", now=now, how="a benchmark", name=f"Reader {number}")


def make_issue(publication: Any, now: datetime) -> Any:
    """An approved edition of 15 stories, each of two topics."""
    from classifier.models import Topic
    from digest.approving import approve
    from tests.factory import make_edition, make_story

    topics, chance = list(Topic.objects.values_list("key", flat=True)), random.Random(2)
    stories = [make_story(topics=chance.sample(topics, 2)) for _ in range(ITEMS)]
    edition = make_edition(publication, stories, opens_at=now - timedelta(days=7), closes_at=now)
    approve(edition, by="bench", now=now, send_at=now)
    return edition


def timed(transport: Any, clock: Callable[[], datetime]) -> tuple[Counter[str], float]:
    """Deliveries by state, and seconds."""
    from digest.sending import send_due

    began = monotonic()
    count = send_due(transport, clock=clock)
    transport.close()
    return count.states, monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description="Send one issue to many readers.")
    parser.add_argument("--readers", type=int, default=2000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="glabella-bench-") as folder:
        _measure(chosen.readers, Path(folder))


def _measure(readers: int, home: Path) -> None:
    set_up(home)
    from digest.transports import FileOutbox, SmtpTransport
    from tests.factory import make_publication

    now = datetime.now(UTC)
    publication = make_publication()
    make_readers(publication, readers, now)
    make_issue(publication, now)
    into_files, files = timed(FileOutbox(home / "outbox"), lambda: now)
    mails = list((home / "outbox").rglob("*.eml"))
    make_issue(publication, now)
    used = _cpu()
    with sink() as server:
        by_smtp, smtp = timed(SmtpTransport(server.url), lambda: now)
        used = _cpu() - used
    print(f"{readers} readers of {ITEMS} items")
    print("files: " + ", ".join(f"{number} {state}" for state, number in into_files.items()))
    print("SMTP:  " + ", ".join(f"{number} {state}" for state, number in by_smtp.items()))
    once = Counter(message_from_bytes(mail.read_bytes())["To"] for mail in mails)
    print_lines(
        [
            Measure("into files, mails/s", into_files["accepted"] / files, digits=0),
            Measure("by SMTP, mails/s", by_smtp["accepted"] / smtp, digits=0),
            Measure("CPU of a mail by SMTP, ms", 1000 * used / max(by_smtp["accepted"], 1), digits=1),
            Measure("size of a mail, KB", sum(mail.stat().st_size for mail in mails) / len(mails) / 1024, digits=0),
            Measure("readers with more than one file", sum(n > 1 for n in once.values()), 0, at_most=True, digits=0),
            Measure(
                "readers with more than one mail", sum(n > 1 for n in server.taken.values()), 0, at_most=True, digits=0
            ),
            Measure("mails that the ledger says arrived", len(server.taken), by_smtp["accepted"], digits=0),
        ]
    )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
