"""Titles: the words of a headline, and a title element without the name of the site."""

from __future__ import annotations

import re
from functools import lru_cache

SEPARATORS = re.compile(r"\s+(?:[|–—»•·]|::|-{1,2}|//|<|~|:)\s+|\s*\|\s*")
_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """One line of plain text."""
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=256)
def words(title: str) -> tuple[str, ...]:
    """The words of a title, lower case: by these two places agree or do not."""
    return tuple(_WORD.findall(title.lower()))


def shortenings(title: str) -> tuple[str, ...]:
    """A title without its last part, without its first part, and each longer part alone, where separators part it."""
    cuts = [(match.start(), match.end()) for match in SEPARATORS.finditer(title)][:8]
    if not cuts:
        return ()
    out = [title[: cuts[-1][0]], title[cuts[0][1] :], title[: cuts[0][0]]]
    return tuple(dict.fromkeys(part.strip() for part in out if len(part.strip()) > 1))


def ends_with_name(title: str, name: str) -> bool:
    """Whether the last or the first part of a title is the name of the site."""
    wanted = words(name)
    parts = [part for part in SEPARATORS.split(title) if part]
    return bool(wanted) and len(parts) > 1 and wanted in (words(parts[-1]), words(parts[0]))
