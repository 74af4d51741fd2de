"""Make the home ready: folders, tables, topics and the shipped model. Cheap where all is there."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from classifier.models import Topic
from classifier.pack import load_pack
from classifier.registry import install_shipped
from classifier.topics import load_topics
from desk.errors import DeskError


def make_ready(now: datetime) -> None:
    """Migrate the embedded database by itself; a server's database is migrated by its operator (`glabella migrate`)."""
    with _one_at_a_time(settings.HOME):
        if _pending():
            if connection.vendor != "sqlite":
                raise DeskError("the database is not migrated; run `glabella migrate` once")
            call_command("migrate", verbosity=0)
        fill(now)


def fill(now: datetime) -> None:
    """Topics and a first model where there are none."""
    if not Topic.objects.exists():
        pack = load_pack()
        load_topics(pack.taxonomy, by="rule:first start", now=now)
        install_shipped(pack, by="rule:first start", now=now)


def _pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Two first starts at once must not both create the tables."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "ready.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise DeskError(f"the home {home} cannot be written: {error.strerror}") from error
