"""How long a text of a row may be. SQLite keeps any length, PostgreSQL ends in an error of its own: a verb asks first."""

from __future__ import annotations

from django.db import models

from crawler.errors import CrawlerError

SHOWN = 40


def must_fit(row: type[models.Model], error: type[CrawlerError], **texts: str) -> None:
    """Raises `error` for the first text that is longer than its column."""
    for name, text in texts.items():
        most = row._meta.get_field(name).max_length
        if most is not None and len(text) > most:
            shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            raise error(f"the {name.replace('_', ' ')} is too long", shown, f"{len(text)} letters, at most {most}")
