"""What a robots.txt allows us (RFC 9309), read with Protego after mending what Protego misreads."""

from __future__ import annotations

import re

from protego import Protego

NAME = "Glabella"
# RFC 9309 2.5: a parser may stop after 500 KiB.
LARGEST = 512_000
LONGEST_DELAY = 60.0
# What Protego takes for a line that names an agent, and the product token its value begins with (RFC 9309 2.2.1).
_AGENT = re.compile(r"(?i)\s*user[- ]?agent(?:\s*:|\s)\s*(?=[^\s#:])")
_TOKEN = re.compile(r"\*|[A-Za-z_-]+(?=/|\s|$|#)")
_ANOTHER = "another-crawler"


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
    """Without byte order mark, each agent's line cut to what it is to us: our own name, all, or another's.

    RFC 9309 2.2.1 compares whole product tokens without case. Protego takes a prefix of our name for us, and passes
    over `Name/2.1` and `Name and words`.
    """
    return "\n".join(map(_line, text.lstrip("\ufeff")[:LARGEST].splitlines()))


def _line(line: str) -> str:
    agent = _AGENT.match(line)
    if agent is None:
        return line
    token = _TOKEN.match(line, agent.end())
    name = token[0].lower() if token else ""
    return f"User-agent: {name if name in ('*', NAME.lower()) else _ANOTHER}"
