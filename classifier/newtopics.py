"""Topics that a model has not learnt yet: known by their cues from the first day, always for a person to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from classifier.cues import CueIndex, Role
from classifier.judgement import Judgement, Reason, Text
from classifier.reading import BODY, Reader
from classifier.taxonomy import Taxonomy
from classifier.tokens import readable, spans

# What a cue is worth before anything was learnt: over the on-topic cut, and never sure.
FIXED = 0.6
# So many cues in a text, or one in title or lead: a passing mention is no topic.
ENOUGH = 2


class NewTopics:
    """The difference between the taxonomy that is wanted and the topics that a model learnt."""

    def __init__(self, wanted: Taxonomy, learnt: Sequence[str]) -> None:
        self._wanted, self._learnt = wanted, tuple(learnt)
        self.keys = tuple(key for key in wanted.keys if key not in learnt)
        self._moved = set(learnt) - set(wanted.keys)
        self._order = {key: number for number, key in enumerate(wanted.keys)}
        self._reader = Reader(CueIndex(wanted)) if self.keys else None

    def applied(self, judgement: Judgement, text: Text) -> Judgement:
        """The judgement under the wanted taxonomy."""
        if self._moved:
            judgement = self._renamed(judgement)
        if self._reader is None:
            return judgement
        met = self._met(text)
        probabilities = judgement.probabilities | {key: FIXED if key in met else 0.0 for key in self.keys}
        if not met:
            return replace(judgement, probabilities=probabilities)
        return replace(
            judgement,
            on_topic=max(judgement.on_topic, FIXED),
            doubtful=True,
            topics=self._ordered({*judgement.topics, *met}),
            probabilities=probabilities,
            why=judgement.why | met,
        )

    def _renamed(self, judgement: Judgement) -> Judgement:
        """Retired topics give their probability and reasons to their only successor; of several none can be told."""
        topics, probabilities, why = set(judgement.topics), dict(judgement.probabilities), dict(judgement.why)
        for key in self._moved:
            value, reasons = probabilities.pop(key, 0.0), why.pop(key, ())
            successors = self._wanted.follow([key])
            if len(successors) == 1:
                (successor,) = successors
                if value > probabilities.get(successor, 0.0):
                    probabilities[successor] = value
                if key in topics:
                    topics.add(successor)
                    why.setdefault(successor, reasons)
            topics.discard(key)
        return replace(judgement, topics=self._ordered(topics), probabilities=probabilities, why=why)

    def _ordered(self, topics: set[str]) -> tuple[str, ...]:
        return tuple(sorted(topics, key=lambda key: self._order.get(key, len(self._order))))

    def _met(self, text: Text) -> dict[str, tuple[Reason, ...]]:
        assert self._reader is not None
        self._reader.forget_if_full()
        hits = self._reader.read([text]).hits
        groups = self._reader.cues.groups
        found: dict[str, tuple[Reason, ...]] = {}
        for key in self.keys:
            numbers = [n for n, g in enumerate(groups) if g.key == key and g.role in (Role.TOPIC, Role.BRAND)]
            mine = np.isin(hits.group, numbers)
            if mine.sum() >= ENOUGH or (hits.place[mine] != BODY).any():
                found[key] = _reasons(text, sorted({int(index) for index in hits.index[mine]})[:5])
        return found


def _reasons(text: Text, positions: list[int]) -> tuple[Reason, ...]:
    title = spans(readable(text.title))
    shift = len(text.title) + 1
    body = [(start + shift, end + shift) for start, end in spans(readable(text.text))]
    places = [(title + body)[position] for position in positions if position < len(title) + len(body)]
    return tuple(Reason(text.whole[start:end], start, end, 0.0) for start, end in places)
