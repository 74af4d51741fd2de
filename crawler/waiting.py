"""What a server's refusal says in words, and how long it asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Answers that ask for rest: too many requests, and service unavailable.
RESTING = (429, 503)
WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)


def answered(status: int) -> str:
    """A status that brought nothing, for the owner of the source."""
    return f"the server asked us to wait ({status})" if status in RESTING else f"the server answered {status}"


def asked_wait(said: str, now: datetime) -> timedelta:
    """Retry-After (RFC 9110 10.2.3) in seconds or as a date, at most a day; an hour where it says neither."""
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), int(LONGEST_WAIT.total_seconds())))
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return WAIT
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else WAIT
