"""How a source fares: (its health, how reading it went, now) -> its new health and when it is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.reading import Outcome, Reading

LONGEST_PAUSE = timedelta(days=2)


@dataclass(frozen=True)
class Health:
    """State in a word, the outcome in words, failures in a row, the next time."""

    state: str
    outcome: str
    failures: int
    next_at: datetime


def after(state: str, failures: int, rhythm: timedelta, reading: Reading, now: datetime) -> Health:
    """An unchanged answer never clears a failure; failures wait longer and longer, but a source is never given up."""
    if reading.outcome is Outcome.FAILED:
        wait = min(rhythm * 2 ** min(failures, 10), LONGEST_PAUSE)
        return Health("failing", reading.why, failures + 1, now + wait)
    if reading.outcome is Outcome.UNCHANGED:
        kept = state if state in ("failing", "empty") else "unchanged"
        return Health(kept, "nothing new since the last time", failures, now + rhythm)
    if reading.outcome is Outcome.EMPTY:
        return Health("empty", reading.why, 0, now + rhythm)
    if reading.more and not reading.items:
        return Health("ok", f"an index of {_counted(len(reading.more), 'sitemap', 'sitemaps')} read", 0, now + rhythm)
    but = f", {reading.why}" if reading.why else ""
    return Health("ok", f"{_counted(len(reading.items), 'entry', 'entries')} read{but}", 0, now + rhythm)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
