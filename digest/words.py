"""The words of mails in the publication's language: gettext catalogues, dates by babel."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from digest.errors import DigestError

CATALOGUES = Path(__file__).resolve().parent / "locale"


@dataclass(frozen=True)
class Words:
    """Translations and date forms of one language."""

    language: str
    translations: gettext.NullTranslations

    def day(self, day: date | str) -> str:
        """A day as a reader says it: 20 November 2026."""
        return (
            format_date(_day(day), "d MMMM y", locale=self._locale)
            if self.language == "en"
            else (format_date(_day(day), "long", locale=self._locale))
        )

    def short_day(self, day: date | str) -> str:
        """A day of this year in few letters: 20 Nov."""
        if self.language == "en":
            return format_date(_day(day), "d MMM", locale=self._locale)
        return str(format_skeleton("MMMd", _day(day), locale=self._locale))

    def since(self, first: date | str, last: date | str) -> str:
        """The first day of some, what the last day says too left out: 18, 28 October, 28 December 2026."""
        opens, closes = _day(first), _day(last)
        if opens.year != closes.year:
            return self.day(opens)
        if self.language == "en":
            return format_date(opens, "d" if opens.month == closes.month else "d MMMM", locale=self._locale)
        return str(format_skeleton("MMMMd", opens, locale=self._locale))

    @property
    def _locale(self) -> str:
        return self.language.replace("-", "_")


def must_be_language(language: str) -> None:
    """DigestError where no dates could be written in it: it is no BCP 47 tag, or none that CLDR knows."""
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise DigestError("no such language", language, "say en, de, fr, pt-BR or the like") from error


@lru_cache(maxsize=32)
def words_of(language: str) -> Words:
    """The words of a language; English where there is no catalogue."""
    found = gettext.translation("django", CATALOGUES, [language.replace("-", "_")], fallback=True)
    return Words(language, found)


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
