"""Fill the placeholders of the newsroom's files, so that its pages are as old as they say on any day.

Two kinds, both in double braces:

    {{-3|iso}}                        2026-11-17          the day three days before today
    {{-3T09:15+01:00|iso}}            2026-11-17T09:15:00+01:00
    {{-3T09:15+01:00|rfc}}            Tue, 17 Nov 2026 09:15:00 +0100 (RFC 5322, as RSS wants it)
    {{-3T09:15+01:00|d MMMM y}}       any CLDR date pattern, in English
    {{-3|de@d. MMMM y}}               the same in another language
    {{base}}  {{base:wire}}           scheme and host of this site, or of another
    {{path:slug}}  {{url:wire/slug}}  where a page lives: its path, or its whole address

Babel writes the dates: strftime would follow the locale of whoever runs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime

from babel.dates import format_date
from babel.dates import format_datetime as format_pattern

_DATE = re.compile(
    r"\{\{(?P<days>[+-]?\d+)(?:T(?P<time>\d\d:\d\d)(?P<zone>Z|[+-]\d\d:\d\d))?"
    r"\|(?:(?P<language>[a-z]{2})@)?(?P<pattern>[^{}]+)\}\}"
)
_PLACE = re.compile(r"\{\{(?P<what>base|path|url)(?::(?P<which>[a-z0-9/._-]+))?\}\}")

Place = Callable[[str, str], str]


def fill(text: str, today: date, place: Place) -> str:
    """Text with every placeholder filled; `place(what, which)` answers the ones that name an address."""
    text = _PLACE.sub(lambda found: place(found["what"], found["which"] or ""), text)
    return fill_dates(text, today)


def fill_dates(text: str, today: date) -> str:
    """Text with the dates counted from `today`."""
    return _DATE.sub(lambda found: _written(found, today), text)


def _written(found: re.Match[str], today: date) -> str:
    day = today + timedelta(days=int(found["days"]))
    language, pattern = found["language"] or "en", found["pattern"]
    if not found["time"]:
        return day.isoformat() if pattern == "iso" else format_date(day, pattern, locale=language)
    moment = datetime.combine(day, time.fromisoformat(found["time"] + found["zone"]))
    if pattern == "iso":
        return moment.isoformat()
    if pattern == "rfc":
        return format_datetime(moment)
    return format_pattern(moment, pattern, locale=language, tzinfo=moment.tzinfo)
