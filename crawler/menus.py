"""Whether a text is a link of the site's menu: "Fees", "Legislation", "Index A-Z" are ways through the site, not people."""

from __future__ import annotations

from itertools import islice

from selectolax.lexbor import LexborNode

from crawler import authors

# A menu has so many links, or more.
LEAST_LINKS = 5
# So deep in its link does a text stand at most ("a > span > b"), and so many items of a row are looked at.
DEEPEST, MOST_ITEMS = 3, 60
ITEMS = frozenset({"li", "td", "dd"})


def is_of_a_menu(text: LexborNode) -> bool:
    """Whether a text is in a link of a row of links that do not mostly name people, as a row of authors does."""
    link = _link_around(text)
    row = link.parent if link is not None else None
    if row is not None and row.tag in ITEMS and len(_links_in(row)) == 1:
        row = row.parent
    links = _links_in(row) if row is not None else []
    people = sum(map(authors.looks_personal, links))
    return len(links) >= LEAST_LINKS and people <= len(links) / 2


def _link_around(text: LexborNode) -> LexborNode | None:
    current = text.parent
    for _ in range(DEEPEST):
        if current is None or current.tag == "a":
            break
        current = current.parent
    return current if current is not None and current.tag == "a" else None


def _links_in(row: LexborNode) -> list[str]:
    """What the links say that stand right in an element, or in its items."""
    found: list[str] = []
    for child in islice(row.iter(), MOST_ITEMS):
        link = child if child.tag == "a" else child.css_first("a") if child.tag in ITEMS else None
        if link is not None:
            found.append(link.text(deep=True, separator=" ").strip())
    return found
