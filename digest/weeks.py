"""When an edition goes out and which days it speaks of: wall-clock rhythm of a zone -> instants in UTC.

A weekly goes out every week, a monthly on the first such weekday of a calendar month, both at the publication's hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.errors import DigestError

WEEKLY = "weekly"
WEEK = timedelta(days=7)
# So long before its time an edition is drafted: late enough to hold most of its week, early enough to be worked on.
LEAD = timedelta(days=4)


@dataclass(frozen=True)
class Rhythm:
    """The day of the week (0 is Monday) and the hour at which a publication's mail goes out, in its own zone."""

    weekday: int
    hour: int
    zone: str


@dataclass(frozen=True)
class Window:
    """The days an edition speaks of, in words for the reader, and when it is sent."""

    opens: datetime
    closes: datetime
    send_at: datetime


@dataclass(frozen=True)
class Last:
    """The edition before: when it was drafted, and when it goes or went out."""

    made_at: datetime
    send_at: datetime


def window(rhythm: Rhythm, cadence: str, now: datetime, closed_before: datetime | None = None) -> Window:
    """The window of the edition that goes out next. It opens where the last one closed, so no day falls between."""
    send_at = next_send(rhythm, now, cadence)
    usual = _send_before(rhythm, send_at, cadence)
    opens = closed_before if closed_before and closed_before < send_at else usual
    return Window(opens, send_at, send_at)


def next_send(rhythm: Rhythm, now: datetime, cadence: str = WEEKLY) -> datetime:
    """The first send time after `now`. Across a change of clocks the wall-clock hour stays."""
    zone = _zone(rhythm.zone)
    here = now.astimezone(zone)
    day = here.date() + timedelta(days=(rhythm.weekday - here.weekday()) % 7)
    while not (_goes_out(day, cadence) and _moment(day, rhythm.hour, zone) > now):
        day += WEEK
    return _moment(day, rhythm.hour, zone)


def is_due(rhythm: Rhythm, cadence: str, now: datetime, last: Last | None) -> bool:
    """Whether the next edition is to be drafted: its time is near and none was made for it; a first weekly at once."""
    if last is None and cadence == WEEKLY:
        return True
    send_at = next_send(rhythm, now, cadence)
    if now < send_at - LEAD:
        return False
    return last is None or (last.send_at <= now and next_send(rhythm, last.made_at, cadence) < send_at)


def is_over(rhythm: Rhythm, cadence: str, now: datetime, send_at: datetime) -> bool:
    """Whether a draft that nobody approved in time is one for the next time now.

    A weekly is so at once. A monthly still is last month's until the next is near: late by days, not by a month.
    """
    if send_at > now:
        return False
    return cadence == WEEKLY or now >= next_send(rhythm, now, cadence) - LEAD


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in a publication's zone."""
    return instant.astimezone(_zone(zone)).date()


def _send_before(rhythm: Rhythm, send_at: datetime, cadence: str) -> datetime:
    zone = _zone(rhythm.zone)
    day = send_at.astimezone(zone).date() - WEEK
    while not _goes_out(day, cadence):
        day -= WEEK
    return _moment(day, rhythm.hour, zone)


def _goes_out(day: date, cadence: str) -> bool:
    """Of the days of a rhythm: all are a weekly's; the first in a month is among its first seven days."""
    return cadence == WEEKLY or day.day <= 7


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise DigestError("no such time zone", name) from error
