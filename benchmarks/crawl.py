"""`make bench-crawl`: real pages replayed on the loopback, crawled and labelled by the real verbs in a new home.

Prints pages per second beside plain Scrapy fetching the same, what became of each address, and what the sites saw.
"""

from __future__ import annotations

import argparse
import resource
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from benchmarks.folder import Named, Replay
from benchmarks.home import set_up
from benchmarks.lines import Measure, print_lines
from benchmarks.politeness import Politeness, judge
from benchmarks.replay import read_log

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "wcxb" / "dev"
ROOT = Path(__file__).resolve().parents[1]
# What the clocks of two processes may differ by.
BLUR = 0.01


@contextmanager
def replaying(folder: Path, pages: int, latency: float, log: Path) -> Iterator[int]:
    """A replay server in a process of its own; its port. The log is there when the block has ended."""
    command = [sys.executable, "-m", "benchmarks.replay", str(folder), "--pages", str(pages)]
    command += ["--latency", str(latency), "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        while server.stdout.readline().strip():
            pass
        try:
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def plain_seconds(replay: Replay, delay: float) -> tuple[int, float]:
    """Pages and seconds of plain Scrapy."""
    addresses = "\n".join(url for url, named in replay.urls())
    began = monotonic()
    command = [sys.executable, "-m", "benchmarks.plain_scrapy", str(delay)]
    done = subprocess.run(command, input=addresses, capture_output=True, text=True, cwd=ROOT, check=True)
    return int(done.stdout.split()[-1]), monotonic() - began


def crawl_all(replay: Replay) -> tuple[Counter[str], float, float, int]:
    """Add the sources, crawl and label; outcomes of answers, seconds of both steps, stories labelled."""
    from crawler.crawling import crawl
    from crawler.sources import add_source
    from desk.running import crawl_plan, label_all

    for site in replay.sites:
        add_source(site.source(replay.port), site.kind, by="bench", now=datetime.now(UTC))
    began = monotonic()
    count = crawl(crawl_plan(), clock=lambda: datetime.now(UTC))
    crawled = monotonic()
    labelled = label_all(lambda: datetime.now(UTC))
    return count.outcomes, crawled - began, monotonic() - crawled, labelled


def states_of(replay: Replay) -> tuple[Counter[tuple[str, str, str]], list[str]]:
    """(what was to come, state, reason) of each address named; addresses that have no row or are still open.

    A listing page names addresses of all kinds: what its reader takes for no article has rightly no row.
    """
    from crawler.models import Link
    from crawler.urls import host_of, link_key

    states: Counter[tuple[str, str, str]] = Counter()
    missing = []
    listed = {site.address for site in replay.sites if site.kind == "listing"}
    for url, named in replay.urls():
        link = Link.objects.filter(key=link_key(url)).first()
        if link is None and host_of(url) in listed:
            states[_fate(named), "passed over", "the listing reader takes it for no article"] += 1
        elif link is None:
            missing.append(f"not found: {url}")
        elif link.state == Link.State.FOUND:
            missing.append(f"{link.reason or 'not asked'}: {url}")
        else:
            states[_fate(named), str(link.state), link.reason] += 1
    return states, missing


def _fate(named: Named) -> str:
    return "page" if named.fate == "moved" else named.fate


def main() -> None:
    parser = argparse.ArgumentParser(description="Crawl real pages, replayed on the loopback.")
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--delay", type=float, default=0.5)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--without-peer", action="store_true")
    chosen = parser.parse_args()
    if not chosen.folder.exists():
        print(f"{chosen.folder} is absent: nothing to replay")
        return
    with tempfile.TemporaryDirectory(prefix="glabella-bench-") as folder:
        _measure(chosen, Path(folder))


def _measure(chosen: argparse.Namespace, home: Path) -> None:
    set_up(home / "home", chosen.delay)
    plain = 0.0
    if not chosen.without_peer:
        with replaying(chosen.folder, chosen.pages, chosen.latency, home / "peer.log") as port:
            replay = Replay(chosen.folder, chosen.pages, datetime.now(UTC), port)
            got, seconds = plain_seconds(replay, chosen.delay)
            plain = got / seconds
    with replaying(chosen.folder, chosen.pages, chosen.latency, home / "ours.log") as port:
        replay = Replay(chosen.folder, chosen.pages, datetime.now(UTC), port)
        outcomes, fetching, labelling, labelled = crawl_all(replay)
    pages = sum(len(site.pages) for site in replay.sites)
    seen = judge(read_log(home / "ours.log"))
    print(f"{pages} pages on {len(replay.sites)} sites; {seen.requests} requests to {seen.hosts} hosts")
    print("answers: " + ", ".join(f"{number} {word}" for word, number in outcomes.most_common()))
    print_lines(
        [
            *_speed(pages, fetching, labelling, labelled, plain),
            *_outcomes(replay),
            *_manners(seen, chosen.delay),
        ]
    )


def _speed(pages: int, fetching: float, labelling: float, labelled: int, plain: float) -> list[Measure]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return [
        Measure("crawl, extract and file, pages/s", pages / fetching, digits=1),
        Measure("label, stories/s", labelled / max(labelling, 0.001), digits=1),
        Measure("end to end, pages/s", pages / (fetching + labelling), digits=1),
        Measure("plain Scrapy, fetching the same and nothing else, pages/s", plain, digits=1),
        Measure(
            "CPU of extracting, filing and labelling, ms a page",
            1000 * (used.ru_utime + used.ru_stime) / pages,
            digits=0,
        ),
        Measure("memory of that process, MB", used.ru_maxrss / 1024, digits=0),
    ]


def _outcomes(replay: Replay) -> list[Measure]:
    states, missing = states_of(replay)
    for (fate, state, reason), number in sorted(states.items()):
        print(f"  {number:4} named as {fate}, now {state}{f': {reason}' if reason else ''}")
    for one in missing[:10]:
        print(f"  {one}")
    named = sum(1 for _ in replay.urls())
    broken = sum(number for (_, state, _), number in states.items() if state == "quarantined")
    return [
        Measure("addresses named and settled once", named - len(missing), named, digits=0),
        Measure("quarantined: extraction raised", broken, 0, at_most=True, digits=0),
    ]


def _manners(seen: Politeness, delay: float) -> list[Measure]:
    return [
        Measure("most requests at once to one host", seen.at_once, 1, at_most=True, digits=0),
        Measure(
            f"shortest time between two requests to a host (delay {delay} s)", seen.least_pause or 0.0, delay - BLUR
        ),
        Measure("addresses asked for twice", seen.repeated, 0, at_most=True, digits=0),
    ]


if __name__ == "__main__":
    main()
