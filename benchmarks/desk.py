"""`make bench-desk`: every page of the desk and the public site over 10,000 stories, in median ms and SQL queries.

Asked in this process by Django's test client, so that no network, no server and no browser is measured with them. On
SQLite in a temporary home, or with DATABASE_URL in a database of its own on that server.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from benchmarks.home import own_database
from benchmarks.lines import Measure, print_lines


def make_clients() -> dict[str, Any]:
    """A client for each role, signed in."""
    from tests.desk_cast import make_people, signed_in

    return {role: signed_in(user) for role, user in make_people().items()}


def who_reads(name: str) -> str:
    """The editor; pages that are closed to her the operator; and the log-in whoever is not in yet."""
    from tests.test_permissions import NO, TABLE

    if name == "login":
        return "stranger"
    return "operator" if name in TABLE and TABLE[name].editor == NO else "editor"


def ask_all(times: int) -> list[Any]:
    """Each page `times` times after once for warming up."""
    from tests.large import ask, pages

    clients = make_clients()
    return [ask(clients[who_reads(name)], name, address, times + 1) for name, address in pages().items()]


def milliseconds(page: Any) -> float:
    """The median without the first time, which fills caches and compiles templates."""
    return 1000 * median(page.seconds[1:])


def measures(asked: list[Any]) -> list[Measure]:
    """The slowest page, the one with most queries, and that no page was quick by refusing."""
    from tests.large import FILES, MOST_QUERIES, MOST_SECONDS

    slow = max((page for page in asked if page.name not in FILES), key=milliseconds)
    many = max(asked, key=lambda page: page.queries)
    limit, refused = 1000 * MOST_SECONDS, sum(not page.opened for page in asked)
    return [
        Measure(f"slowest page, {slow.name}, ms", milliseconds(slow), limit, at_most=True, digits=0),
        Measure(f"most queries of a page, {many.name}", many.queries, MOST_QUERIES, at_most=True, digits=0),
        Measure("pages that did not open", refused, 0, at_most=True, digits=0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask every page of a large newsroom.")
    parser.add_argument("--times", type=int, default=7, help="how often each page is asked after the first time")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="glabella-bench-") as folder, own_database(Path(folder)):
        _measure(chosen.times)


def _measure(times: int) -> None:
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.large import FILES, STORIES, fill

    setup_test_environment()
    began = monotonic()
    fill(datetime.now(UTC))
    print(f"{STORIES} stories on {connection.vendor}, filled in {monotonic() - began:.0f} s; {times} times each page")
    asked = ask_all(times)
    for page in sorted(asked, key=milliseconds, reverse=True):
        note = " (a file, not timed below)" if page.name in FILES else ""
        print(f"{milliseconds(page):7.1f} ms {page.queries:3d} queries  {page.name}{note}")
    print_lines(measures(asked))


if __name__ == "__main__":
    main()
