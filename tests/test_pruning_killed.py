"""Pruning that is killed while it rewrites a file: every page can be read, and the next round ends it."""

from __future__ import annotations

import time

import pytest

from crawler.thinning import UNFINISHED
from tests.processes import installation, kill_group
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FILES, PAGES, BYTES = 6, 240, 12_000
KILLS = 4


@pytest.fixture
def house(tmp_path, tables):
    with installation(tmp_path / "house", tables) as made:
        made.migrate()
        made.step("archive", days=40, files=FILES, pages=PAGES, bytes=BYTES)
        yield made


def names(house):
    return {path.name for path in (house.home / "archive").iterdir() if path.name != "prune.lock"}


def rewriting(house, child):
    """Whether a new file is half written at this moment."""
    return any(name.endswith(UNFINISHED) for name in names(house)) or child.poll() is not None


def test_a_pruning_that_is_killed_again_and_again_loses_no_page(house):
    stay = {f"https://paper.example/{file}/{number}" for file in range(FILES) for number in range(PAGES) if number % 3}
    caught = 0
    for number in range(KILLS):
        child = house.start("desk", "prune")
        wait_for(lambda one=child: rewriting(house, one), every=0.0005)
        # Into the writing, and past it: into the rows and the deletion of the old file.
        time.sleep(0.004 * number)
        if child.poll() is None:
            caught += 1
            kill_group(child)
        child.wait()
        now = house.step("stored")
        assert now["wrong"] == now["dangling"] == []
        assert stay <= set(now["kept"])
    assert caught
    done = house.glabella("prune", "--json")
    assert done.returncode == 0, done.stderr
    after = house.step("stored")
    assert (set(after["kept"]), after["wrong"], after["dangling"]) == (stay, [], [])
    assert names(house) == {name for name in names(house) if name.endswith(".1.warc.gz")}
    assert len(names(house)) == FILES
