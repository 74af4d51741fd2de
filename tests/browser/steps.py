"""`python -m tests.browser.steps fill|send`: what a browser test needs done in the server's home."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import django


def fill() -> None:
    """Tables, the newsroom's stories, people and readers."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.plain_tables"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tests.browser.newsroom import fill_newsroom

    call_command("migrate", run_syncdb=True, verbosity=0)
    fill_newsroom(datetime.now(UTC), settings.ARCHIVE)


def send() -> None:
    """Mail what is approved and due."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
    django.setup()
    from desk.running import send_all

    send_all(lambda: datetime.now(UTC))


if __name__ == "__main__":
    {"fill": fill, "send": send}[sys.argv[1]]()
