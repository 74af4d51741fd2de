"""`python -m tests.browser.steps fill|send|publish`: what a browser test needs done in the server's home."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta

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


def publish() -> None:
    """Send an issue of the second letter; print, by name, an address of each page that this and its readers have."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
    django.setup()
    from desk.running import send_all
    from digest.approving import approve
    from digest.drafting import draft
    from digest.links import sign
    from digest.models import Publication, SignUp
    from digest.preferences import KIND as PREFERENCES
    from digest.signup import KIND as CONFIRM
    from digest.subscribing import subscribe

    now, letter = datetime.now(UTC), Publication.objects.get(slug="injectors-letter")
    reader = subscribe("fay@reader.example", letter, ["fillers"], by="test", now=now, how="a test")
    for cadence in ("weekly", "monthly"):
        approve(draft(letter, by="test", now=now, cadence=cadence), by="test", now=now, send_at=now)
        send_all(lambda: now)
    story = letter.editions.first().placements.exclude(story=None).first().story
    asked = SignUp.objects.create(publication=letter, address="gil@reader.example", at=now)
    issues, old = f"/{letter.slug}/issues", now - timedelta(days=9)
    addresses = {
        "issue": f"{issues}/1", "monthly_issue": f"{issues}/monthly-1", "story": f"/s/{story.key}",
        "leaving": f"/leave/{reader.token}", "preferences": f"/preferences/{sign(PREFERENCES, reader.token, now)}",
        "confirming": f"/signup/confirm/{sign(CONFIRM, asked.token, now)}",
        "an expired link": f"/preferences/{sign(PREFERENCES, reader.token, old)}",
    }  # fmt: skip
    print(json.dumps(addresses))


if __name__ == "__main__":
    {"fill": fill, "send": send, "publish": publish}[sys.argv[1]]()
