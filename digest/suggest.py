"""Which stories an edition might take, and in what order: candidates -> suggestions with their reasons."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations
from typing import Protocol

OLDEST = timedelta(days=21)
HALF_LIFE_DAYS = 6.0
LEADS = 2
# A regulator's notice is short and dry, so the judge is unsure of it; only what is plainly of another field stays out.
SAFETY_LEAST = 0.1
# One more story of a subject that is there already is worth this much less, so that a week is not all of one kind.
SAME_TOPIC = 0.12


class Words(Protocol):
    """A catalogue of words, as gettext and Django have it."""

    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, one: str, many: str, number: int, /) -> str: ...


# What is stored is English; a page says it in the language of who reads it.
ENGLISH = NullTranslations()


@dataclass(frozen=True)
class Candidate:
    """A story as the suggestion sees it. `dated` None: undated, taken by hand only."""

    key: str
    topics: tuple[str, ...]
    on_topic: float
    doubtful: bool
    dated: datetime | None
    copies: int
    trust: float
    safety: bool = False
    picked: bool = False
    promotion: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A place proposed, with the reason in words for the editor, and with words an editor gave it in another issue."""

    key: str
    lead: bool
    why: str
    headline: str = ""
    blurb: str = ""


def suggest(candidates: Iterable[Candidate], now: datetime, most: int) -> tuple[Suggestion, ...]:
    """Safety notices, the newest first and beyond the count; what editors picked; then the best of the rest, varied."""
    able = [candidate for candidate in candidates if may_take(candidate, now)]
    safety = sorted((one for one in able if one.safety), key=_newest)
    rest = _varied([one for one in able if not one.safety], now, most)
    leads = {one.key for one in [one for one in rest if not one.doubtful and not one.promotion][:LEADS]}
    first = tuple(Suggestion(one.key, False, reason(one, now)) for one in safety)
    return first + tuple(Suggestion(one.key, one.key in leads, reason(one, now)) for one in rest)


def may_take(candidate: Candidate, now: datetime) -> bool:
    """Picked by hand, or on-topic and dated within 21 days. A safety notice needs far less of the classifier."""
    if candidate.picked:
        return True
    if candidate.dated is None or not now - OLDEST <= candidate.dated <= now + timedelta(days=1):
        return False
    if candidate.safety:
        return candidate.on_topic >= SAFETY_LEAST
    return candidate.on_topic >= 0.5 and bool(candidate.topics)


def worth(candidate: Candidate, now: datetime) -> float:
    """A number to order by, about 0 to 2; only for the desk, never shown to readers."""
    age = max(0.0, (now - candidate.dated).total_seconds() / 86_400) if candidate.dated else 7.0
    fresh = math.exp2(-age / HALF_LIFE_DAYS)
    told = math.log2(1 + min(candidate.copies, 8)) / 3
    value = 0.8 * fresh + 0.4 * candidate.on_topic + 0.4 * candidate.trust + 0.3 * told
    return value - 0.25 * candidate.doubtful - 0.3 * candidate.promotion


def _newest(candidate: Candidate) -> tuple[bool, float, str]:
    """A notice's date orders it: how sure the judge is of its topics means nothing to who must act on it."""
    return (candidate.dated is None, -candidate.dated.timestamp() if candidate.dated else 0.0, candidate.key)


def reason(candidate: Candidate, now: datetime, words: Words = ENGLISH) -> str:
    """Why an item is where it is, in words: English, or those of a catalogue."""
    parts = [_judged(candidate, words), _age(candidate, now, words)]
    if candidate.copies > 1:
        parts.append(words.gettext("told by %(n)s sources") % {"n": candidate.copies})
    if candidate.doubtful:
        parts.append(words.gettext("topics are doubtful"))
    if candidate.promotion:
        parts.append(words.gettext("promotion"))
    said = ", ".join(parts)
    return words.gettext("safety notice; %(why)s") % {"why": said} if candidate.safety else said


def _judged(candidate: Candidate, words: Words) -> str:
    if candidate.picked:
        return words.gettext("picked by hand")
    return words.gettext("on topic %(sure)s%%") % {"sure": f"{candidate.on_topic * 100:.0f}"}


def _age(candidate: Candidate, now: datetime, words: Words) -> str:
    if candidate.dated is None:
        return words.gettext("undated")
    days = max(0, (now.date() - candidate.dated.date()).days)
    if days == 0:
        return words.gettext("today")
    return words.ngettext("%(n)s day old", "%(n)s days old", days) % {"n": days}


def _varied(candidates: list[Candidate], now: datetime, most: int) -> list[Candidate]:
    chosen = sorted((one for one in candidates if one.picked), key=lambda one: worth(one, now), reverse=True)
    seen = Counter(topic for one in chosen for topic in one.topics)
    left = [one for one in candidates if not one.picked]
    while left and len(chosen) < most:
        best = max(left, key=lambda one: (worth(one, now) - _repeats(one, seen), one.key))
        left.remove(best)
        chosen.append(best)
        seen.update(best.topics)
    return chosen


def _repeats(candidate: Candidate, seen: Counter[str]) -> float:
    if not candidate.topics:
        return 0.0
    return SAME_TOPIC * sum(seen[topic] for topic in candidate.topics) / len(candidate.topics)
