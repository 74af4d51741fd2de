"""An installation of its own, worked on by real processes: the same commands as a person or docker-compose runs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.demo.server import ServedNewsroom, serve_newsroom
from tests.servers import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 120
READERS = 12
OURS = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "SITE_URL", "GLABELLA_")


@dataclass
class Installation:
    """A home and its variables; processes started here end with the test."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)
    stepper: subprocess.Popen[str] | None = None
    tables: Path | None = None

    @property
    def env(self) -> dict[str, str]:
        """Nothing of the surrounding run's own switches."""
        rest = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own = {
            "GLABELLA_HOME": str(self.home),
            "GLABELLA_ALLOW_PRIVATE": "1",
            "GLABELLA_DELAY": "0.02",
            "DJANGO_SETTINGS_MODULE": "desk.settings",
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        return {**rest, **own, **self.variables}

    def glabella(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end."""
        command = [sys.executable, "-m", "desk", *words]
        env = {**self.env, **variables}
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    def start(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """Start a process in a group of its own, its output kept in the home."""
        log = (self.home / f"{len(self.started)}.log").open("w")
        child = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**self.env, **options.pop("env", {})},
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent,
            **options,
        )
        log.close()
        self.started.append(child)
        return child

    def said(self, child: subprocess.Popen[str]) -> str:
        """What a started process has printed."""
        return (self.home / f"{self.started.index(child)}.log").read_text()

    def step(self, name: str, **order: Any) -> Any:
        """A step of newsroom_steps.py in this installation."""
        if self.stepper is None:
            command = [sys.executable, "-m", "tests.newsroom_steps"]
            self.stepper = subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.stepper.stdin is not None
        assert self.stepper.stdout is not None
        self.stepper.stdin.write(json.dumps([name, order]) + "\n")
        self.stepper.stdin.flush()
        answer = self.stepper.stdout.readline()
        assert answer, f"the step {name} failed; see stderr"
        return json.loads(answer)

    def prepare(self, newsroom: ServedNewsroom, readers: int = READERS, sites: int | None = None) -> None:
        """Tables, the sources of the newsroom's first `sites` (of all), one publication and its readers."""
        self.migrate()
        sources = [
            [source.url, source.kind, list(site.tags)] for site in newsroom.sites[:sites] for source in site.sources
        ]
        self.step("prepare", sources=sources, readers=readers)

    def migrate(self) -> None:
        """Tables, topics and a model: copied where another home has them already."""
        if self.tables is not None:
            for file in self.tables.glob("glabella.sqlite3*"):
                shutil.copy(file, self.home)
            return
        migrated = self.glabella("migrate")
        assert migrated.returncode == 0, migrated.stderr

    def mails(self) -> list[Path]:
        """The files of the outbox."""
        return sorted((self.home / "outbox").rglob("*.eml"))

    def end(self) -> None:
        if self.stepper is not None:
            self.stepper.communicate()
        for child in self.started:
            if child.poll() is None:
                kill_group(child, signal.SIGKILL)
            child.wait()


def kill_group(child: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    """A process and all its children."""
    os.killpg(child.pid, number)


@contextmanager
def installation(home: Path, tables: Path | None = None, **variables: str) -> Iterator[Installation]:
    """An installation whose processes end with the block; `tables` is a home whose fresh SQLite file it begins with."""
    home.mkdir(parents=True, exist_ok=True)
    made = Installation(home, variables, tables=tables)
    try:
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def served_newsroom() -> Iterator[ServedNewsroom]:
    """The demo's newsroom over real HTTP, at one port for the whole session."""
    with serve_newsroom(datetime.now(UTC).date()) as served:
        yield served


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a migrated SQLite and nothing else, to begin others with."""
    with installation(tmp_path_factory.mktemp("tables")) as made:
        made.migrate()
        return made.home


@pytest.fixture(scope="session")
def undisturbed(
    served_newsroom: ServedNewsroom, tables: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """How it stands after one quiet `run` on SQLite: the truth for disturbed ones."""
    with installation(tmp_path_factory.mktemp("undisturbed"), tables) as quiet:
        quiet.prepare(served_newsroom)
        done = quiet.glabella("run")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = quiet.step("look")
    assert found["articles"] > 20
    assert not found["twice"]
    return found
