"""The embedded mode stopped in the middle, in every way a machine knows: the next run goes on where it was."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from email import message_from_bytes

import pytest

from tests.processes import installation, kill_group
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SEED = 20261120
KILLS = 3
MANY_READERS = 150


@pytest.fixture
def house(tmp_path, tables):
    with installation(tmp_path / "house", tables) as made:
        yield made


def archived(house):
    """Bytes of answers that are on the disk."""
    return sum(file.stat().st_size for file in (house.home / "archive").glob("*.gz"))


def in_the_middle(house, child, moment):
    """Wait until the crawl has fetched something more, then for a moment; whether it is still at work."""
    before = archived(house)
    wait_for(lambda: archived(house) > before + 20_000 or child.poll() is not None)
    time.sleep(moment)
    return child.poll() is None


def settled(now, undisturbed):
    """Every article once, every link settled, as after a crawl that nobody disturbed."""
    assert now["twice"] == []
    assert now["titles"] == undisturbed["titles"]
    assert now["stories"] == undisturbed["stories"]
    assert now["empty_stories"] == now["open_runs"] == now["unasked"] == now["unlabelled"] == 0
    assert now["leases"] == []
    assert now["links"] == undisturbed["links"]


def test_a_crawl_that_is_killed_again_and_again_finds_every_article_once(house, served_newsroom, undisturbed):
    house.prepare(served_newsroom)
    chance = random.Random(SEED)
    for number in range(KILLS):
        child = house.start("desk", "run")
        if in_the_middle(house, child, chance.uniform(0, 0.8)):
            # The whole group, as by a power cut, or the parent alone, as by the kernel's memory killer.
            kill_group(child) if number % 2 else child.kill()
        child.wait()
    interrupted = house.start("desk", "crawl", env={"GLABELLA_DELAY": "0.3"})
    if in_the_middle(house, interrupted, 0):
        kill_group(interrupted, signal.SIGINT)
        # What little was left after the kills may have been done in that very moment.
        if interrupted.wait(20) != 0:
            assert interrupted.returncode == 130
            assert house.said(interrupted).strip() == "glabella: interrupted; nothing is lost, the next run continues"
    locked = house.start("desk", "crawl", env={"GLABELLA_LOCK_SECONDS": "1"})
    if in_the_middle(house, locked, 0):
        with sqlite3.connect(house.home / "glabella.sqlite3", isolation_level=None, timeout=20) as other:
            other.execute("BEGIN IMMEDIATE")
            assert locked.wait(20) == 75
            other.execute("ROLLBACK")
        assert "locked" in house.said(locked).splitlines()[-1]
    done = house.glabella("run")
    assert done.returncode == 0, done.stderr
    settled(house.step("look"), undisturbed)


def test_a_send_that_is_killed_again_and_again_mails_everybody_once(house, served_newsroom):
    house.prepare(served_newsroom, readers=MANY_READERS, sites=0)
    house.step("write", title="A straight nose")
    house.step("edit")
    chance = random.Random(SEED)
    for _ in range(KILLS):
        before = len(house.mails())
        child = house.start("desk", "send")
        wait_for(lambda so_far=before, one=child: len(house.mails()) > so_far or one.poll() is not None)
        time.sleep(chance.uniform(0, 0.1))
        kill_group(child)
        child.wait()
    assert house.glabella("send").returncode == 0
    mails = [message_from_bytes(file.read_bytes()) for file in house.mails()]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == MANY_READERS
    assert len({mail["To"] for mail in mails}) == MANY_READERS
    now = house.step("look")
    assert now["deliveries"] == {"accepted": MANY_READERS}
    assert now["editions"] == ["sent"]


def test_two_runs_beside_each_other_share_the_work(house, served_newsroom, undisturbed):
    house.prepare(served_newsroom)
    children = [house.start("desk", "run") for _ in range(2)]
    assert [child.wait(90) for child in children] == [0, 0], "".join(map(house.said, children))
    said = [house.said(child) for child in children]
    assert sum("another run is at work on this home" in words for words in said) == 1
    settled(house.step("look"), undisturbed)


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path, tables, served_newsroom):
    home = tmp_path / "small"
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", home], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        with installation(home, tables) as house:
            house.prepare(served_newsroom, sites=2)
            used = os.statvfs(home)
            room = (used.f_blocks - used.f_bfree) * used.f_frsize + 150_000
            subprocess.run(["mount", "-o", f"remount,size={room}", home], check=True)
            full = house.glabella("crawl")
            assert full.returncode == 75, full.stderr
            assert "disk is full" in full.stderr.splitlines()[-1]
            subprocess.run(["mount", "-o", "remount,size=60m", home], check=True)
            done = house.glabella("crawl")
            assert done.returncode == 0, done.stderr
            now = house.step("look")
            assert now["articles"] > 5
            assert now["twice"] == now["open_links"] == []
            assert now["open_runs"] == now["unasked"] == 0
    finally:
        subprocess.run(["umount", "--lazy", home], check=True)
