"""Django on a throw-away home: to be called before any of our models is imported."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

SWITCHES = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "SITE_URL")


def set_up(home: Path, delay: float = 1.0) -> None:
    """SQLite in `home`, no other service, loopback addresses allowed, `delay` seconds between requests to a host."""
    for switch in SWITCHES:
        os.environ.pop(switch, None)
    os.environ.update(
        GLABELLA_HOME=str(home),
        GLABELLA_ALLOW_PRIVATE="1",
        GLABELLA_DELAY=str(delay),
        DJANGO_SETTINGS_MODULE="desk.settings",
    )
    import django

    django.setup()
    from desk.ready import make_ready

    make_ready(datetime.now(UTC))
