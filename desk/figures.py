"""Figures as a person reads them, in their language, by babel."""

from __future__ import annotations

from babel import UnknownLocaleError
from babel.numbers import format_percent


def percent(share: float, language: str) -> str:
    """A share of one in whole percent: 65%, in German 65 %."""
    try:
        return str(format_percent(share, locale=language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return f"{share:.0%}"
