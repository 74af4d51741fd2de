"""Drafting and forgetting (queue `process`) and sending (queue `mail`) as tasks. Each finds by itself what is due."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from digest.schedule import draft_due, send_all
from digest.signup import forget

SECONDS = 1500


@shared_task  # type: ignore[untyped-decorator]
def draft_editions() -> int:
    """Draft what has no draft, renew what nobody has touched; how many."""
    return len(draft_due(_clock))


@shared_task  # type: ignore[untyped-decorator]
def send_mails() -> dict[str, int]:
    """Send what is due; deliveries by the state they came to."""
    return dict(send_all(_clock, seconds=SECONDS).states)


@shared_task  # type: ignore[untyped-decorator]
def forget_sign_ups() -> int:
    """Delete what was asked long ago; how many."""
    return forget(_clock())


def _clock() -> datetime:
    return datetime.now(UTC)
