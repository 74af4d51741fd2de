"""Which stories of an issue a reader gets: leads for all, picks by topic, short lines for the rest.

OR inside a facet, AND between facets; nothing chosen in a facet means all of it; an item without a topic in a
facet passes that facet; safety notices always pass, over "never show" too. The editor's order stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from digest.issue import IssueContent, IssueItem, TopicName

MOST_SHORT = 8


@dataclass(frozen=True)
class Wishes:
    """What a reader chose: topics wanted (none: all) and topics never to be shown."""

    topics: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShortLines:
    """Link-only lines under one topic's name."""

    topic: str
    items: tuple[IssueItem, ...]


@dataclass(frozen=True)
class Selection:
    """A reader's issue, in the editor's order."""

    safety: tuple[IssueItem, ...]
    leads: tuple[IssueItem, ...]
    picks: tuple[IssueItem, ...]
    short: tuple[ShortLines, ...]

    @property
    def empty(self) -> bool:
        """Nothing at all is for this reader. Short lines are something: that is what they are for."""
        return self.short_only and not self.short

    @property
    def short_only(self) -> bool:
        """Of what the reader asked for there is nothing; at most short lines of other topics are left."""
        return not (self.safety or self.leads or self.picks)


def select(content: IssueContent, wishes: Wishes) -> Selection:
    """The reader's share of an issue."""
    facets = _facets(content.topics)
    safety = tuple(item for item in content.items if item.safety)
    shown = [item for item in content.items if not item.safety and not _never(item, wishes)]
    leads = tuple(item for item in shown if item.lead)
    rest = [item for item in shown if not item.lead]
    picks = _without_empty_headings(
        [item for item in rest if item.kind != "story" or passes(item.topics, facets, wishes)]
    )
    others = [item for item in rest if item.kind == "story" and item not in picks]
    return Selection(safety, leads, picks, _short(others, content.topics))


def passes(topics: Iterable[str], facets: Mapping[str, frozenset[str]], wishes: Wishes) -> bool:
    """Whether an item of these topics is one that the reader asked for."""
    own = frozenset(topics)
    for keys in facets.values():
        wanted, here = wishes.topics & keys, own & keys
        if wanted and here and not wanted & here:
            return False
    return True


def _never(item: IssueItem, wishes: Wishes) -> bool:
    return bool(wishes.never & frozenset(item.topics))


def _facets(topics: Iterable[TopicName]) -> dict[str, frozenset[str]]:
    facets: dict[str, set[str]] = {}
    for topic in topics:
        facets.setdefault(topic.facet, set()).add(topic.key)
    return {facet: frozenset(keys) for facet, keys in facets.items()}


def _without_empty_headings(items: list[IssueItem]) -> tuple[IssueItem, ...]:
    """A heading stands only where an item of its part is left to follow it."""
    return tuple(
        item
        for item, after in zip_longest(items, items[1:])
        if item.kind != "heading" or (after is not None and after.kind != "heading")
    )


def _short(items: list[IssueItem], topics: tuple[TopicName, ...]) -> tuple[ShortLines, ...]:
    """Grouped by each item's first topic, in the taxonomy's order."""
    names = {topic.key: topic.name for topic in topics}
    order = list(names)
    groups: dict[str, list[IssueItem]] = {}
    for item in items[:MOST_SHORT]:
        known = sorted((key for key in item.topics if key in names), key=order.index)
        groups.setdefault(known[0] if known else "", []).append(item)
    ordered = sorted(groups, key=lambda key: order.index(key) if key else len(order))
    return tuple(ShortLines(names.get(key, ""), tuple(groups[key])) for key in ordered)
