"""The day that stands beside a link of a listing page: in its row, card or entry, and in no other's.

A listing says no more than that a day stands there: where more than one does, or its numbers can be read in two ways,
none is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import dates
from crawler.article import Precision
from crawler.dates import Stated

DEEPEST = 40
# A row or a card with a teaser; what is longer is a part of the page, and its days may belong to anything.
MOST_LETTERS = 600
MOST_IN_ENTRY = 12
WHOLES = frozenset(["html", "body", "main", "table", "thead", "tbody", "tfoot", "ul", "ol", "dl"])
NO_ENTRY = "h1,nav,footer,form"
ROWS = frozenset(["tr", "li", "article", "dt", "dd"])
_SEVERAL = ""


def days_beside(tree: LexborHTMLParser, links: Sequence[tuple[LexborNode, str]]) -> dict[str, Stated]:
    """The day beside each link, by the link's key; `links` are the anchors that lead to articles, with their keys.

    An article that is linked to twice has the day on which both places agree.
    """
    holders = _holders(links)
    tops = [(key, _top(anchor, key, holders)) for anchor, key in links]
    rows: dict[str, list[list[LexborNode]]] = {}
    for key, top in _in_lists(tops):
        rows.setdefault(key, []).append(_entry(top, key, holders) if top.tag in ("dt", "dd") else [top])
    day_first = _order((_text(row) for found in rows.values() for row in found), tree)
    out: dict[str, Stated] = {}
    for key, found in rows.items():
        said = [stated for row in found if (stated := _day_of(row, day_first)) is not None]
        if len({stated.day for stated in said}) == 1:
            out[key] = said[0]
    return out


def _holders(links: Iterable[tuple[LexborNode, str]]) -> dict[int, str]:
    """Of each element around links the one article that they lead to, or `_SEVERAL`."""
    out: dict[int, str] = {}
    for anchor, key in links:
        node: LexborNode | None = anchor
        for _ in range(DEEPEST):
            if node is None or out.get(node.mem_id) == _SEVERAL:
                break
            if out.setdefault(node.mem_id, key) != key:
                out[node.mem_id] = _SEVERAL
            node = node.parent
    return out


def _top(anchor: LexborNode, key: str, holders: dict[int, str]) -> LexborNode:
    """The largest element around a link that leads to no other article, at most the first that is made for entries."""
    top = anchor
    for _ in range(DEEPEST):
        above = top.parent
        if top.tag in ROWS or above is None or above.tag in WHOLES or holders.get(above.mem_id) != key:
            break
        top = above
    return top


def _in_lists(tops: Sequence[tuple[str, LexborNode]]) -> Iterator[tuple[str, LexborNode]]:
    """Those that are entries: by their element, or since another article has an element of the kind beside it. Else nothing
    says where an entry ends, and the day may be the page's own."""
    beside: dict[tuple[int, str | None], set[str]] = {}
    for key, top in tops:
        beside.setdefault(_place(top), set()).add(key)
    for key, top in tops:
        if top.tag in ROWS or (len(beside[_place(top)]) > 1 and top.css_first(NO_ENTRY) is None):
            yield key, top


def _place(top: LexborNode) -> tuple[int, str | None]:
    return (top.parent.mem_id if top.parent is not None else 0), top.tag


def _entry(part: LexborNode, key: str, holders: dict[int, str]) -> list[LexborNode]:
    """The term and the descriptions that belong together; nothing where another article is among them."""
    parts = [part]
    first = part
    for _ in range(MOST_IN_ENTRY):
        before = first.prev
        if first.tag == "dt" or before is None:
            break
        first = before
        parts.insert(0, before)
    after = part.next
    for _ in range(MOST_IN_ENTRY):
        if after is None or after.tag == "dt":
            break
        parts.append(after)
        after = after.next
    parts = [one for one in parts if one.tag in ("dt", "dd")]
    return parts if all(holders.get(one.mem_id, key) == key for one in parts) else []


def _text(row: Iterable[LexborNode]) -> str:
    return " ".join(node.text(separator=" ") for node in row)


def _order(shown: Iterable[str], tree: LexborHTMLParser) -> bool | None:
    """Whether 03/04/2026 is of April here: as a day above 12 shows, else as the page's language has it; None: unknown."""
    pairs = {(int(first) > 12, int(second) > 12) for text in shown for first, second in dates.numbers_in(text)}
    orders = {day for day, month in pairs if day != month}
    if orders:
        return orders.pop() if len(orders) == 1 else None
    root = tree.root
    language = (root.attributes.get("lang") if root is not None else "") or ""
    return True if dates.language_writes_day_first(language) else None


def _day_of(row: Sequence[LexborNode], day_first: bool | None) -> Stated | None:
    text = _text(row)
    if not row or len(text) > MOST_LETTERS:
        return None
    stamps = [time.attributes.get("datetime") or "" for node in row for time in node.css("time[datetime]")]
    said = [stated for stamp in stamps if (stated := dates.parse(stamp)) is not None]
    if not said:
        said = _days_in(text, day_first)
        links = [link.text(separator=" ") for node in row for link in node.css("a")]
        # What the links alone say is their headline, and that may speak of any day.
        if sum(len(_days_in(words, day_first)) for words in links) >= len(said):
            return None
    if len({stated.when.date() for stated in said}) != 1:
        return None
    return max(said, key=lambda stated: (stated.precision is Precision.TIME, stated.precision is Precision.DAY))


def _days_in(text: str, day_first: bool | None) -> list[Stated]:
    """The days in a text; those that may be of two are both there."""
    found = {day_first} if day_first is not None else {True, False}
    return [stated for order in sorted(found) for stated, _ in dates.found_in(text, day_first=order)]
