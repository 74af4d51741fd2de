"""When an edition goes out and which days it speaks of: wall-clock rhythm of a zone -> instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.errors import DigestError

CADENCES = {"weekly": timedelta(days=7), "monthly": timedelta(days=30)}


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


def window(rhythm: Rhythm, cadence: str, now: datetime, closed_before: datetime | None = None) -> Window:
    """The window of the edition that goes out next. It opens where the last one closed, so no day falls between."""
    send_at = next_send(rhythm, now)
    usual = send_at - CADENCES[cadence]
    opens = closed_before if closed_before and closed_before < send_at else usual
    return Window(opens, send_at, send_at)


def next_send(rhythm: Rhythm, now: datetime) -> datetime:
    """The first send time after `now`. Across a change of clocks the wall-clock hour stays."""
    zone = _zone(rhythm.zone)
    here = now.astimezone(zone)
    day = here.date() + timedelta(days=(rhythm.weekday - here.weekday()) % 7)
    moment = _moment(day, rhythm.hour, zone)
    return moment if moment > now else _moment(day + timedelta(days=7), rhythm.hour, zone)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in a publication's zone."""
    return instant.astimezone(_zone(zone)).date()


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise DigestError("no such time zone", name) from error
