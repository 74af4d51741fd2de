"""Who wrote a thing, as a byline has room for it."""

from __future__ import annotations

import re
from dataclasses import replace

from digest.issue import IssueItem
from digest.selection import Selection

MOST_NAMES = 2
# Names are parted so by the crawler; a comma stands inside one (Jane Roe, MD).
BETWEEN = "; "
_AFTER_A_NAME = re.compile(r"[A-Z]{1,4}|(?:[A-Z]\.)+|PhD|Jr\.?|Sr\.?|I{2,3}")
_BEFORE_A_NAME = re.compile(r"van|von|zu|de|der|den|del|della|di|da|dos|du|la|le|al|bin|ten|ter")


def short_author(author: str) -> str:
    """More than two names become the family name of the first, and others: Solberg et al."""
    names = [name.strip() for name in author.split(BETWEEN) if name.strip()]
    return f"{_family_name(names[0])} et al." if len(names) > MOST_NAMES else author


def with_short_authors(selection: Selection) -> Selection:
    """A reader's issue as a mail prints it. Short lines name no author."""
    return replace(
        selection,
        safety=tuple(map(_shortened, selection.safety)),
        leads=tuple(map(_shortened, selection.leads)),
        picks=tuple(map(_shortened, selection.picks)),
    )


def _shortened(item: IssueItem) -> IssueItem:
    short = short_author(item.author)
    return item if short == item.author else replace(item, author=short)


def _family_name(name: str) -> str:
    """The last word of a name without what follows it (MD, initials), with the particles before it."""
    words = name.partition(",")[0].split()
    while len(words) > 1 and _AFTER_A_NAME.fullmatch(words[-1]):
        words.pop()
    first = len(words) - 1
    while first > 0 and _BEFORE_A_NAME.fullmatch(words[first - 1]):
        first -= 1
    return " ".join(words[first:]) or name
