"""The instant that a page or a form calls the present."""

from __future__ import annotations

from datetime import UTC, datetime


def clock() -> datetime:
    return datetime.now(UTC)
