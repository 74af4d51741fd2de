"""Instants as a person reads them: in a publication's zone and the reader's language, by babel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_timedelta


@dataclass(frozen=True)
class Moments:
    """How one page says times: zone, language, and the instant that counts as now."""

    zone: str
    language: str
    now: datetime

    def day(self, day: date | str | None) -> str:
        """A calendar day, as a date or in ISO form: 20 Nov 2026."""
        known = date.fromisoformat(day) if isinstance(day, str) and day else day
        return str(format_skeleton("yMMMd", known, locale=self._locale)) if known else ""

    def moment(self, instant: datetime | None) -> str:
        """A day and a time, with the zone it is meant in."""
        if instant is None:
            return ""
        zone = ZoneInfo(self.zone)
        here = instant.astimezone(zone)
        day = format_skeleton("yMMMEd", here, tzinfo=zone, locale=self._locale)
        time, name = (format_datetime(here, form, tzinfo=zone, locale=self._locale) for form in ("HH:mm", "z"))
        if not name.isalpha():
            name = format_datetime(here, "ZZZZ", tzinfo=zone, locale=self._locale)
        return f"{day}, {time} {name}"

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
        """English is written as in Britain: the day before the month, as in the mails."""
        try:
            return Locale.parse("en_GB" if self.language == "en" else self.language.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            return Locale("en")
