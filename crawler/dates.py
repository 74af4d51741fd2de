"""Dates as pages write them: machine stamps, months in seven languages, numbers, and addresses.

The page's own day is kept: no conversion of zones. A date is never guessed from parts that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from crawler.article import Precision

EARLIEST_YEAR = 1990
# English, German, French, Spanish, Italian, Portuguese, Dutch; the first three letters are not unique over all
# of them (mar, mai, jui), so whole names and the usual short forms are listed.
_MONTH_NAMES = """
1 january jan januar jänner janvier janv enero ene gennaio gen janeiro januari
2 february feb februar febr feber février fevrier févr fév febrero febbraio fevereiro fev februari
3 march mar märz mär maerz mars marzo março marco maart mrt
4 april apr avril avr abril abr aprile
5 may mai mayo maggio mag maio mei
6 june jun juni juin junio giugno giu junho
7 july jul juli juillet juil julio luglio lug julho
8 august aug août aout agosto ago augustus
9 september sep sept septembre septiembre setiembre settembre set setembro
10 october oct oktober okt octobre octubre ottobre ott outubro out
11 november nov novembre noviembre novembro
12 december dec dez dezember décembre decembre déc diciembre dic dicembre dezembro
"""
MONTHS = {
    name: int(number)
    for number, *names in (line.split() for line in _MONTH_NAMES.strip().splitlines())
    for name in names
}
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
    "EEST": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
    "AEST": 10, "AEDT": 11,
}  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?)?\s*\(?(?P<zone>Z\b|[+-]\d{2}:?\d{2}|[A-Z]{3,4}\b)?"
)
_TIME_AFTER = re.compile(r"\s*(?:T\s*|,|at|um|à|alle|às|om|a las|[-–—|·•@/])?\s*" + _CLOCK, re.IGNORECASE)
_DATE = re.compile(
    r"""(?ix)
      (?<![\d/.-]) (?P<iy>(?:19|20)\d\d) (?P<is>[-/.]) (?P<im>\d{1,2}) (?P=is) (?P<id>\d{1,2}) (?!\d)
    | (?<![\d/.-]) (?P<cy>(?:19|20)\d\d) (?P<cm>0[1-9]|1[0-2]) (?P<cd>[0-3]\d) (?=T\d|\b)
    | (?<![\w]) (?P<na>\d{1,2}) (?P<ns>[-/.]) (?P<nb>\d{1,2}) (?P=ns) (?P<ny>(?:19|20)\d\d) (?!\d)
    | (?<![\w]) (?P<dd>\d{1,2}) (?:st|nd|rd|th|er|º|ª|°|\.)? [\s,/-]* (?:de\s+|of\s+)?
      (?P<dm>[^\W\d_]{3,10}) \.? [\s,/-]* (?:de[l]?\s+)? (?P<dy>(?:19|20)\d\d) (?!\d)
    | (?<![\w]) (?P<mm>[^\W\d_]{3,10}) \.? \s* (?P<md>\d{1,2}) (?:st|nd|rd|th)? (?:\s*,\s*|\s+)
      (?P<my>(?:19|20)\d\d) (?!\d)
    | (?<![\d/.-]) (?P<ky>(?:19|20)\d\d) \s?年\s? (?P<km>\d{1,2}) \s?月\s? (?P<kd>\d{1,2}) \s?日
    """
)
# Languages and regions of English that write the day before the month.
_DAY_FIRST = frozenset({"en-gb", "en-au", "en-ie", "en-nz", "en-in", "en-za"})
_ORDERED = re.compile(r"(?<![\w/.-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")
_MONTH_YEAR = re.compile(r"(?i)(?<!\w)(?P<m>[^\W\d_]{3,10})\.?,?\s+(?:de[l]?\s+)?(?P<y>(?:19|20)\d\d)(?!\d)")
_YEAR_MONTH = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)[-/](?P<m>0[1-9]|1[0-2])(?![\d/-])")
_URL_DAY = re.compile(
    r"[/_-](?P<y>(?:19|20)\d\d)(?P<s>[/_-]?)(?P<m>0?[1-9]|1[0-2]|[a-z]{3,9})(?P=s)(?P<d>0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)",
    re.IGNORECASE,
)
_URL_MONTH = re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>0[1-9]|1[0-2]|[a-z]{3,9})(?=/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as stated: aware where a zone stands beside it, naive where none does."""

    when: datetime
    precision: Precision

    @property
    def day(self) -> str:
        """`2025-09-04`, or `2025-09` where no day is stated."""
        return self.when.strftime("%Y-%m" if self.precision is Precision.MONTH else "%Y-%m-%d")


def parse(text: str, *, day_first: bool = False) -> Stated | None:
    """The first date in a text of one date (an attribute, a date line); None where there is none."""
    return next((stated for stated, _ in found_in(text[:200], day_first=day_first)), None) or _of_month(text[:200])


def found_in(text: str, *, day_first: bool = False) -> Iterator[tuple[Stated, int]]:
    """Each day in a text, with the place where it begins. `day_first` settles 03/04/2025."""
    for match in _DATE.finditer(text):
        parts = _parts(match, day_first)
        if parts is None:
            continue
        clock = _TIME_AFTER.match(text, match.end())
        stated = _with_clock(parts, clock) if clock else _at_midnight(parts)
        if stated is not None:
            yield stated, match.start()


def numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """The first two numbers of dates such as 03/04/2026, of which either may be the day."""
    return ((int(match[1]), int(match[3])) for match in _ORDERED.finditer(text))


def language_writes_day_first(language: str) -> bool:
    """Whether a declared language (BCP 47) writes the day before the month; "en" alone does not say."""
    said = language.lower()
    return bool(said) and (not said.startswith("en") or said in _DAY_FIRST)


def in_url(url: str) -> Stated | None:
    """The day or the month that stands in the path of an address."""
    path = url.partition("?")[0]
    for pattern, has_day in ((_URL_DAY, True), (_URL_MONTH, False)):
        for match in pattern.finditer(path):
            month = int(match["m"]) if match["m"].isdigit() else MONTHS.get(match["m"].lower(), 0)
            stated = _at_midnight((int(match["y"]), month, int(match["d"]) if has_day else 1))
            if stated is not None:
                return stated if has_day else Stated(stated.when, Precision.MONTH)
    return None


def is_possible(stated: Stated, fetched: datetime | None) -> bool:
    """Not before 1990, and not in the future of the moment the page was fetched (a day's grace for zones)."""
    if stated.when.year < EARLIEST_YEAR:
        return False
    if fetched is None:
        return True
    return stated.when.replace(tzinfo=None) <= fetched.replace(tzinfo=None) + timedelta(days=1)


def _of_month(text: str) -> Stated | None:
    for pattern in (_YEAR_MONTH, _MONTH_YEAR):
        for match in pattern.finditer(text):
            month = int(match["m"]) if match["m"].isdigit() else MONTHS.get(match["m"].lower(), 0)
            stated = _at_midnight((int(match["y"]), month, 1))
            if stated is not None:
                return Stated(stated.when, Precision.MONTH)
    return None


def _parts(match: re.Match[str], day_first: bool) -> tuple[int, int, int] | None:
    group = match.groupdict()
    for year, month, day in (("iy", "im", "id"), ("cy", "cm", "cd"), ("ky", "km", "kd")):
        if group[year]:
            return int(group[year]), int(group[month]), int(group[day])
    if group["ny"]:
        first, second = int(group["na"]), int(group["nb"])
        swap = second > 12 or (first <= 12 and not day_first and group["ns"] != ".")
        return (int(group["ny"]), first, second) if swap else (int(group["ny"]), second, first)
    word, day, year = (
        (group["dm"], group["dd"], group["dy"]) if group["dy"] else (group["mm"], group["md"], group["my"])
    )
    month_number = MONTHS.get(word.lower())
    return (int(year), month_number, int(day)) if month_number else None


def _at_midnight(parts: tuple[int, int, int]) -> Stated | None:
    try:
        return Stated(datetime(*parts), Precision.DAY)  # noqa: DTZ001
    except ValueError:
        return None


def _with_clock(parts: tuple[int, int, int], clock: re.Match[str]) -> Stated | None:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    day = _at_midnight(parts)
    if day is None or hour > 23 or minute > 59 or second > 59:
        return day
    zone = _zone(clock["zone"] or "")
    when = day.when.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
    # Midnight to the second is how machines write a day without a time.
    exact = Precision.DAY if (hour, minute, second) == (0, 0, 0) else Precision.TIME
    return Stated(when, exact)


def _zone(name: str) -> timezone | None:
    if name[:1] in ("+", "-"):
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        sign = -1 if name[0] == "-" else 1
        return timezone(sign * timedelta(minutes=minutes)) if minutes < 24 * 60 else None
    hours = ZONES.get(name.upper())
    return timezone(timedelta(hours=hours)) if hours is not None else None
