"""Instants as a person reads them: in a publication's zone and the reader's language, by babel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta


@dataclass(frozen=True)
class Moments:
    """How one page says times: zone, language, and the instant that counts as now."""

    zone: str
    language: str
    now: datetime

    def day(self, day: date | str | None) -> str:
        """A calendar day, as a date or in ISO form: 20 Nov 2026."""
        known = date.fromisoformat(day) if isinstance(day, str) and day else day
        return format_date(known, "d MMM y", locale=self._locale) if known else ""

    def moment(self, instant: datetime | None) -> str:
        """A day and a time, with the zone it is meant in."""
        if instant is None:
            return ""
        here = instant.astimezone(ZoneInfo(self.zone))
        return format_datetime(here, "EEE d MMM y, HH:mm z", tzinfo=ZoneInfo(self.zone), locale=self._locale)

    def ago(self, instant: datetime | None) -> str:
        """How long since or until, in words: 3 days ago."""
        if instant is None:
            return ""
        return format_timedelta(instant - self.now, add_direction=True, threshold=1.2, locale=self._locale)

    def days_ago(self, day: date) -> str:
        """How long since a day that is stated without a time: in whole days of the publication's zone."""
        days = (day - self._today).days
        return format_timedelta(timedelta(days=days), granularity="day", add_direction=True, locale=self._locale)

    def is_today(self, day: date) -> bool:
        return day == self._today

    @property
    def _today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def _locale(self) -> Locale:
        try:
            return Locale.parse(self.language.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            return Locale("en")
