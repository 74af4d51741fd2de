"""A month's best: the places of its weeklies -> suggestions for the monthly. What editors decided each week stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.suggest import LEADS, Suggestion


@dataclass(frozen=True)
class Placed:
    """A story as it stood in a weekly: in which, at which place, as what, with which words of the editor's own."""

    key: str
    number: int
    position: int
    lead: bool = False
    safety: bool = False
    copies: int = 1
    dated: datetime | None = None
    headline: str = ""
    blurb: str = ""


def best_of(placed: Iterable[Placed], most: int) -> tuple[Suggestion, ...]:
    """Safety notices, the newest first and beyond the count; the weeks' leads; then what stood highest in its week.

    Of two that stood equally high the one that more sources told comes first, then the later. A story once.
    """
    once = {one.key: one for one in sorted(placed, key=lambda one: one.number)}
    safety = sorted((one for one in once.values() if one.safety), key=_newest)
    rest = [one for one in once.values() if not one.safety]
    heights = _heights(rest)
    rest.sort(key=lambda one: (not one.lead, heights[one.key], -one.copies, -one.number, one.key))
    led = [one.key for one in rest if one.lead][:LEADS]
    return tuple(_suggested(one, led=one.key in led) for one in [*safety, *rest[:most]])


def _heights(placed: Iterable[Placed]) -> dict[str, int]:
    """How many stories of the same weekly stood above each."""
    weeks: dict[int, list[Placed]] = {}
    for one in placed:
        weeks.setdefault(one.number, []).append(one)
    return {
        one.key: height
        for week in weeks.values()
        for height, one in enumerate(sorted(week, key=lambda one: one.position))
    }


def _newest(one: Placed) -> tuple[bool, float, str]:
    return (one.dated is None, -one.dated.timestamp() if one.dated else 0.0, one.key)


def _suggested(one: Placed, *, led: bool) -> Suggestion:
    why = f"led no. {one.number}" if one.lead else f"stood in no. {one.number}"
    return Suggestion(one.key, led, f"safety notice; {why}" if one.safety else why, one.headline, one.blurb)
