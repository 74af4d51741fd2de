"""What a robots.txt allows us (RFC 9309), read with Protego after mending what Protego misreads."""

from __future__ import annotations

import re

from protego import Protego

NAME = "Glabella"
# RFC 9309 2.5: a parser may stop after 500 KiB.
LARGEST = 512_000
LONGEST_DELAY = 60.0
_VERSION = re.compile(r"(?im)^(\s*user-agent\s*:\s*[A-Za-z_-]+)/\S*")


class Robots:
    """The rules of one host. Unreachable (5xx or no answer, status None) forbids all, 4xx allows all (2.3.1)."""

    def __init__(self, text: str, status: int | None) -> None:
        self.unreachable = status is None or status >= 500 or status == 429
        allows_all = not self.unreachable and status is not None and status >= 400
        self._rules = Protego.parse("" if allows_all else _mended(text))

    def allows(self, url: str) -> bool:
        """Whether our crawler may ask for this URL."""
        return not self.unreachable and bool(self._rules.can_fetch(url, NAME))

    def delay(self) -> float:
        """Seconds that the host asks for between requests; 0 where it asks for none."""
        asked = self._rules.crawl_delay(NAME) or 0.0
        return min(float(asked), LONGEST_DELAY)

    def sitemaps(self) -> tuple[str, ...]:
        """Sitemap addresses that the file names."""
        return tuple(self._rules.sitemaps)


def _mended(text: str) -> str:
    """Without byte order mark and with `User-agent: Name/2.1` cut to its token: Protego ignores such groups."""
    return _VERSION.sub(r"\1", text.lstrip("\ufeff")[:LARGEST])
