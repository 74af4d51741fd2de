"""Page: what a URL answered. Archived as it came, so that all after it can be replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """The answer of one request: the URL after redirects, status, headers as sent, bytes, and when (UTC)."""

    url: str
    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched: datetime

    def header(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")
