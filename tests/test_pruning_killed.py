"""Pruning that is killed while it rewrites a file: every page can be read, and the next round ends it."""

from __future__ import annotations

import sqlite3

import pytest

from crawler.thinning import UNFINISHED
from tests.processes import installation, kill_group
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FILES, PAGES, BYTES = 6, 240, 12_000


@pytest.fixture
def house(tmp_path, tables):
    with installation(tmp_path / "house", tables) as made:
        made.migrate()
        made.step("archive", days=40, files=FILES, pages=PAGES, bytes=BYTES)
        yield made


def names(house):
    return {path.name for path in (house.home / "archive").iterdir() if path.name != "prune.lock"}


def half_written(before, now):
    return any(name.endswith(UNFINISHED) for name in now)


def renamed(before, now):
    return any(name.endswith(".warc.gz") for name in now - before)


def old_deleted(before, now):
    return any(name.endswith(".warc.gz") for name in before - now)


def killed_when(house, moment):
    """Start a pruning and kill it at that moment; whether it was still at work."""
    before = names(house)
    child = house.start("desk", "prune")
    wait_for(lambda: moment(before, names(house)) or child.poll() is not None, every=0.0005)
    at_work = child.poll() is None
    if at_work:
        kill_group(child)
    child.wait()
    return at_work


def test_a_pruning_that_is_killed_again_and_again_loses_no_page(house):
    stay = {f"https://paper.example/{file}/{number}" for file in range(FILES) for number in range(PAGES) if number % 3}

    def nothing_is_lost():
        now = house.step("stored")
        assert now["wrong"] == now["dangling"] == []
        assert stay <= set(now["kept"])

    caught = 0
    for moment in (half_written, renamed, old_deleted):
        caught += killed_when(house, moment)
        nothing_is_lost()
    with sqlite3.connect(house.home / "glabella.sqlite3", isolation_level=None, timeout=20) as other:
        # The rows cannot be written: it is killed exactly between the new file and them.
        other.execute("BEGIN IMMEDIATE")
        assert killed_when(house, renamed)
        other.execute("ROLLBACK")
    nothing_is_lost()
    assert caught
    done = house.glabella("prune", "--json")
    assert done.returncode == 0, done.stderr
    after = house.step("stored")
    assert (set(after["kept"]), after["wrong"], after["dangling"]) == (stay, [], [])
    assert len(names(house)) == FILES
    assert all(name.endswith(".1.warc.gz") for name in names(house))
