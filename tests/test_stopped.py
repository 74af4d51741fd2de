"""Each step of an edition stopped in the middle, by Ctrl-C, by kill -9, for want of room: a line, a code, and it goes on."""

from __future__ import annotations

import json
import random
import resource
import signal
import time
from datetime import UTC, datetime

import pytest

from tests.bad_web import SENTENCES
from tests.processes import installation, kill_group

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SEED = 20261120
# Less than a database needs at its opening: the same error as on a disk without room, and no root is needed for it.
NO_ROOM = 30_000
STOPS = ("no room", "SIGINT", "SIGKILL", "SIGKILL")
READERS = 2


@pytest.fixture
def house(tmp_path, tables):
    with installation(tmp_path / "house", tables) as made:
        made.migrate()
        made.step("prepare", sources=[], readers=READERS)
        yield made


def page() -> str:
    """An article of today about a nose operation."""
    said = {"@type": "NewsArticle", "headline": "A straight nose after rhinoplasty", "datePublished": _now()}
    text = f"Rhinoplasty patients were asked. {SENTENCES} The nose surgery took two hours. {SENTENCES}"
    script = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    when = f'<meta property="article:published_time" content="{_now()}">'
    title = "A straight nose after rhinoplasty"
    head = f"<head><title>{title}</title>{when}{script}</head>"
    return f"<html>{head}<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def stopped(house, how, chance, *words) -> int:
    """Begin a verb and stop it, if it has not ended before; its exit code."""
    child = house.start("desk", *words)
    if how == "no room":
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (NO_ROOM, NO_ROOM))
        child.wait(60)
        said = house.said(child).strip().splitlines()
        # Where the files of a killed try still lie there, there may be room enough in them.
        assert child.returncode == 0 or (child.returncode, len(said), "room" in said[0]) == (75, 1, True), said
        return child.returncode
    time.sleep(chance.uniform(0.2, 1.6))
    if child.poll() is None:
        kill_group(child, signal.Signals[how])
    child.wait(60)
    if child.returncode and how == "SIGINT":
        # Before our first line has run, and after our last, the interpreter ends by the signal itself.
        said = house.said(child)
        assert child.returncode == -signal.SIGINT or (child.returncode == 130 and "glabella: interrupted" in said)
        assert "Traceback" not in said or child.returncode == -signal.SIGINT
    return child.returncode


def test_an_edition_whose_every_step_was_stopped_reaches_everybody_once(house, tmp_path):
    (tmp_path / "page.html").write_text(page())
    chance, codes = random.Random(SEED), set()

    def through(*words):
        """The verb, stopped in every way, and then left to end."""
        codes.update(stopped(house, how, chance, *words) for how in STOPS)
        done = house.glabella(*words)
        # What a stopped try had finished already is refused in words, not done twice.
        assert done.returncode == 0 or "has no draft" in done.stderr, done.stderr

    through("import", str(tmp_path / "page.html"))
    (key,) = [row["key"] for row in json.loads(house.glabella("story", "list", "--all", "--json").stdout)]
    through("label")
    through("draft", "brow")
    through("pick", key, "--publication", "brow")
    through("approve", "brow", "--now")
    through("send")
    assert codes >= {75, -signal.SIGKILL}
    now = house.step("look")
    assert (now["stories"], now["empty_stories"], now["unlabelled"], now["twice"]) == (1, 0, 0, [])
    assert now["editions"] == ["sent"]
    assert now["deliveries"] == {"accepted": READERS}
    assert len(house.mails()) == READERS
