"""What a publisher allows: robots meta tags, X-Robots-Tag headers and licence links.

Rules as Google documents them ("Robots meta tag, data-nosnippet, and X-Robots-Tag specifications"): names are
compared without case, rules for one crawler start with its name, of two limits the stricter holds. Rules meant for
one named crawler only are another's affair; the general ones, those for news and search, and those that name us bind us.

`noindex`, and so `none` (noindex and nofollow), forbids to show the page among what was found. A digest is no index:
who names a page in a feed wants readers sent there, so the page stays. But its words are then not for showing: it is
`nosnippet` to us, and readers get title and address alone. `nofollow` asks nothing of us: no link of an article is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.article import Reuse
from crawler.robots import NAME

OURS = frozenset({"robots", "googlebot", "googlebot-news", "bingbot", NAME.lower()})
_NO_WORDS = frozenset({"nosnippet", "noindex", "none"})
_AGENT = re.compile(r"^\s*([a-z][\w.*-]*)\s*:\s*(?!\s*-?\d)", re.IGNORECASE)
_RULES_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_LICENCE_HOST = re.compile(r"(?i)\bcreativecommons\.org/(?:licenses|publicdomain)/|\bopensource\.org/licen[sc]es?/")


def read_reuse(metas: Iterable[tuple[str, str]], headers: Iterable[tuple[str, str]], licences: Iterable[str]) -> Reuse:
    """The limits in (name, content) of meta tags, in headers, and the first licence address given."""
    rules: list[str] = []
    for name, content in metas:
        if name.lower() in OURS:
            rules.extend(content.lower().split(","))
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            rules.extend(_of_header(value))
    stated = {rule.strip() for rule in rules}
    limits = [limit for rule in stated if (limit := _limit(rule)) is not None]
    return Reuse(
        nosnippet=not _NO_WORDS.isdisjoint(stated) or 0 in limits,
        max_snippet=min(limits, default=None),
        noarchive="noarchive" in stated or "nocache" in stated,
        licence=next((licence for licence in licences if licence), ""),
    )


def is_licence_address(address: str) -> bool:
    """Whether an address is that of a known public licence."""
    return bool(_LICENCE_HOST.search(address))


def _of_header(value: str) -> list[str]:
    """The rules of one header that bind us; an agent's name holds until the next one."""
    bound, rules = True, []
    for rule in value.lower().split(","):
        agent = _AGENT.match(rule)
        if agent and agent[1] not in _RULES_WITH_VALUE:
            bound, rule = agent[1] in OURS, rule[agent.end() :]
        if bound:
            rules.append(rule)
    return rules


def _limit(rule: str) -> int | None:
    """Characters of `max-snippet:<n>`; -1 means no limit."""
    name, _, value = rule.partition(":")
    value = value.strip()
    if name.strip() != "max-snippet" or not re.fullmatch(r"-?\d{1,9}", value):
        return None
    return int(value) if int(value) >= 0 else None
