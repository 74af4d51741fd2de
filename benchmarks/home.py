"""Django on a throw-away home: to be called before any of our models is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

OTHER_SERVICES = ("BROKER_URL", "SMTP_URL", "SITE_URL")


def set_up(home: Path, delay: float = 1.0) -> None:
    """SQLite in `home`, no other service, loopback addresses allowed, `delay` seconds between requests to a host."""
    os.environ.pop("DATABASE_URL", None)
    _start(home, delay)
    _make_ready()


@contextmanager
def own_database(home: Path) -> Iterator[None]:
    """As `set_up`, but on the server of DATABASE_URL where that is set, in a database made for the block and dropped.

    Nobody's own rows are read or written: a benchmark fills its tables with what no newsroom wants to keep.
    """
    _start(home, delay=1.0)
    from django.db import connection

    at_server = connection.vendor != "sqlite"
    connection.settings_dict["TEST"]["NAME"] = f"glabella_bench_{os.getpid()}" if at_server else str(home / "bench")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _make_ready()
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _start(home: Path, delay: float) -> None:
    for switch in OTHER_SERVICES:
        os.environ.pop(switch, None)
    os.environ.update(
        GLABELLA_HOME=str(home),
        GLABELLA_ALLOW_PRIVATE="1",
        GLABELLA_DELAY=str(delay),
        DJANGO_SETTINGS_MODULE="desk.settings",
    )
    import django

    django.setup()


def _make_ready() -> None:
    from desk.ready import make_ready

    make_ready(datetime.now(UTC))
