"""Titles: the words of a headline, and a title without the name of its site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

MAX_TITLE = 600  # characters in which separators are sought
MAX_NAME = 6  # words of a site's name; longer ones are slogans or the page's own title
_COMMON_LABELS = frozenset({"www", "com", "org", "net", "co", "uk", "blog", "news"})
_SEPARATOR = re.compile(r"\s(?:[|–—»•·~<]|::|-{1,2}|//|:)\s|\s?\|\s?|:\s")
_WORD = re.compile(r"\w+")


def clean(text: str) -> str:
    """One line of plain text."""
    return " ".join(text.split())


@lru_cache(maxsize=512)
def words(title: str) -> tuple[str, ...]:
    """The words of a title, lower case: by these two places agree or do not."""
    return tuple(_WORD.findall(title.lower()))


def shortenings(title: str) -> tuple[str, ...]:
    """A title without its last part, without its first part, and its first part alone, where separators part it."""
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title[:MAX_TITLE]) if match[0] != ": "]
    if not cuts:
        return ()
    out = [title[: cuts[-1][0]], title[cuts[0][1] :], title[: cuts[0][0]]]
    return tuple(dict.fromkeys(part.strip() for part in out if len(part.strip()) > 1))


def without_site(title: str, names: Sequence[str], host: str) -> str:
    """A title without the last or the first part, where that part names the site.

    >>> without_site("A longer face | News | Example Times", ["Example Times"], "example.com")
    'A longer face | News'
    """
    cuts = [(match.start(), match.end(), match[0]) for match in _SEPARATOR.finditer(title[:MAX_TITLE])]
    if not cuts:
        return title
    start, end, mark = cuts[-1]
    if mark.strip() != ":" and start > 1 and names_site(title[end:], names, host):
        return title[:start].strip()
    start, end, _ = cuts[0]
    if len(title) - end > 1 and names_site(title[:start], names, host):
        return title[end:].strip()
    return title


def names_site(part: str, names: Sequence[str], host: str) -> bool:
    """Whether a part of a title is the site's name, its address, or most of either."""
    said = words(part)
    if not said or len(said) > 8:
        return False
    squeezed = "".join(said)
    labels = [label.replace("-", "") for label in host.split(".") if label not in _COMMON_LABELS]
    if squeezed == host.replace(".", "") or squeezed in labels:
        return True
    if any(len(label) > 3 and label in squeezed and len(label) * 2 > len(squeezed) for label in labels):
        return True
    return any(_alike(said, words(name)) for name in names)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shared = len(set(one) & set(other))
    return one == other or (shared >= 2 and len(other) <= MAX_NAME and shared > 0.6 * len(set(one)))
