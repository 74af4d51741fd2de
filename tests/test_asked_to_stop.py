"""An ordinary deploy: SIGTERM to a runner at work. The mail in flight arrives and is noted, the rest is sent by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from crawler.stopping import pause, stopping
from tests.processes import ROOT, installation, kill_group
from tests.servers import free_port, wait_for
from tests.test_killed import archived, settled

SERVERS = [pytest.mark.servers, pytest.mark.slow]
READERS = 5
SLOW_MAIL_SECONDS = 1.5
SOON = 10


@pytest.fixture
def house(tmp_path, tables, smtp_sink):
    """An edition for five readers, approved, and a mail server that takes its time."""
    smtp_sink.seconds = SLOW_MAIL_SECONDS
    with installation(tmp_path / "house", tables, SMTP_URL=smtp_sink.url, SITE_URL="https://news.example") as made:
        made.migrate()
        made.step("prepare", sources=[], readers=READERS)
        made.step("write", title="A straight nose")
        made.step("edit")
        yield made


def in_flight(house):
    """Wait until a mail was taken and the next is with the server."""
    wait_for(lambda: house.step("look")["deliveries"].get("accepted"))
    wait_for(lambda: house.step("look")["deliveries"].get("sending"))


def all_sent_once(house, smtp_sink):
    """The next sender goes on, and everybody has one mail."""
    smtp_sink.seconds = 0
    done = house.glabella("send")
    assert done.returncode == 0, done.stderr
    assert house.step("look")["deliveries"] == {"accepted": READERS}
    assert sorted(Counter(to for to, _ in smtp_sink.taken).values()) == [1] * READERS


def nothing_held(house):
    """What stands in the ledger: accepted or due, and no claim left over."""
    now = house.step("look")
    assert set(now["deliveries"]) == {"accepted", "due"}
    assert now["senders"] == []


class TestMail:
    pytestmark = SERVERS

    @pytest.mark.parametrize("words", [("run", "--forever"), ("run",), ("send",)], ids=" ".join)
    def test_the_mail_in_flight_is_noted_and_the_rest_stays_due(self, house, smtp_sink, words):
        child = house.start("desk", *words)
        in_flight(house)
        child.terminate()
        assert child.wait(SOON) == 0, house.said(child)
        nothing_held(house)
        assert len(smtp_sink.taken) == house.step("look")["deliveries"]["accepted"] < READERS
        all_sent_once(house, smtp_sink)

    def test_a_second_sigterm_ends_it_at_once(self, house, smtp_sink):
        smtp_sink.seconds = SOON
        child = house.start("desk", "run", "--forever")
        wait_for(lambda: house.step("look")["deliveries"].get("sending"))
        child.terminate()
        time.sleep(0.5)
        assert child.poll() is None
        child.terminate()
        assert child.wait(SLOW_MAIL_SECONDS) == -signal.SIGTERM

    @pytest.mark.parametrize("whole_group", [False, True], ids=["the parent", "the whole group, as systemd does"])
    def test_serve_ends_its_runner_in_the_same_way(self, house, smtp_sink, whole_group):
        child = house.start("desk", "serve", "--port", str(free_port()))
        in_flight(house)
        kill_group(child, signal.SIGTERM) if whole_group else child.terminate()
        assert child.wait(SOON) == 0, house.said(child)
        nothing_held(house)
        all_sent_once(house, smtp_sink)


class TestCrawl:
    pytestmark = SERVERS

    def test_a_crawl_that_is_asked_to_stop_ends_soon_and_the_next_finds_every_article_once(
        self, tmp_path, tables, served_newsroom, undisturbed
    ):
        with installation(tmp_path / "house", tables) as house:
            house.prepare(served_newsroom)
            child = house.start("desk", "run", "--forever", env={"GLABELLA_DELAY": "0.3"})
            wait_for(lambda: archived(house) > 20_000)
            child.terminate()
            assert child.wait(SOON) == 0, house.said(child)
            assert "stopped, as was asked" in house.said(child)
            stood = house.step("look")
            assert stood["leases"] == []
            assert stood["articles"] < undisturbed["articles"]
            # A sitemap of an index is found by the index alone.
            house.step("due_again")
            done = house.glabella("run")
            assert done.returncode == 0, done.stderr
            settled(house.step("look"), undisturbed)

    def test_a_runner_that_pauses_ends_soon(self, tmp_path, tables):
        with installation(tmp_path / "house", tables) as house:
            house.migrate()
            child = house.start("desk", "run", "--forever")
            wait_for(lambda: "nothing due" in house.said(child))
            child.terminate()
            assert child.wait(SOON) == 0, house.said(child)


def test_the_first_sigterm_raises_the_flag_and_shortens_a_pause():
    with stopping() as stop:
        assert not stop()
        began = time.monotonic()
        os.kill(os.getpid(), signal.SIGUSR1)
        pause(SOON, stop)
        assert stop()
        assert time.monotonic() - began < 1


def test_after_the_block_signals_mean_what_they_meant():
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGUSR1)]
    with stopping():
        os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGUSR1)] == before


def test_the_second_sigterm_kills():
    code = "import os, signal; from crawler.stopping import stopping\n" + (
        "with stopping():\n    for _ in range(2):\n        os.kill(os.getpid(), signal.SIGTERM)\n        print('once', flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "once\n")
