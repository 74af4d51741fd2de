"""Whether a candidate may take the champion's place: a paired bootstrap over the same items (Efron 1979)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.calibrate import Numbers, Truth
from classifier.judgement import Example
from classifier.topicmodel import TopicModel

DRAWS = 2000
LEVEL = 0.95
ENOUGH_CASES = 15
LARGEST_FALL = 0.10
EXAMPLES_SHOWN = 5
SEED = 0


@dataclass(frozen=True)
class Loss:
    """A topic on which the candidate is worse: F1 before and after, the change's interval, and what it gets wrong."""

    topic: str
    before: float
    after: float
    low: float
    high: float
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What the comparison says. `low` and `high` bound the change of macro-F1 in 95 % of the draws."""

    promote: bool
    champion_f1: float
    candidate_f1: float
    low: float
    high: float
    items: int
    macro_lost: bool
    losses: tuple[Loss, ...]

    def sentence(self) -> str:
        """One line for the person who trained."""
        change = f"macro-F1 {self.champion_f1:.3f} -> {self.candidate_f1:.3f} ({self.low:+.3f} to {self.high:+.3f})"
        if self.promote:
            return f"the candidate may take over: {change} over {self.items} items"
        lost = [f"{loss.topic} {loss.before:.2f} -> {loss.after:.2f}" for loss in self.losses]
        return f"the champion stays: {change}; lost: {', '.join(lost) or 'macro-F1'}"


def compare(champion: TopicModel, candidate: TopicModel, examples: Sequence[Example], draws: int = DRAWS) -> Verdict:
    """Judge the same examples with both models and weigh the difference."""
    keys = tuple(dict.fromkeys([*champion.topics, *candidate.topics]))
    truth = np.array([[key in example.topics for key in keys] for example in examples], dtype=bool)
    titles = [example.text.title or example.text.text[:80] for example in examples]
    return weigh(given_by(champion, examples, keys), given_by(candidate, examples, keys), truth, keys, titles, draws)


def given_by(model: TopicModel, examples: Sequence[Example], keys: Sequence[str]) -> Truth:
    """The topics that a model gives, shape (examples, keys)."""
    judgements = model.judge([example.text for example in examples])
    return np.array([[key in judgement.topics for key in keys] for judgement in judgements], dtype=bool)


def weigh(
    champion: Truth,
    candidate: Truth,
    truth: Truth,
    keys: Sequence[str],
    titles: Sequence[str],
    draws: int = DRAWS,
) -> Verdict:
    """The verdict on decisions of shape (items, topics).

    The champion stays where macro-F1, or the F1 of a topic with 15 cases or more, is lower in at least 95 % of the
    draws, or where any topic with a case falls by more than 0.10.
    """
    cases = truth.sum(axis=0)
    counted = cases > 0
    before, after = f1(champion, truth), f1(candidate, truth)
    drawn = _draws(len(truth), draws)
    change = f1_drawn(candidate, truth, drawn) - f1_drawn(champion, truth, drawn)
    macro = change[:, counted].mean(axis=1) if counted.any() else np.zeros(draws)
    losses = tuple(
        Loss(
            key,
            round(float(before[at]), 4),
            round(float(after[at]), 4),
            *_interval(change[:, at]),
            int(cases[at]),
            _newly_wrong(champion[:, at], candidate[:, at], truth[:, at], titles),
        )
        for at, key in enumerate(keys)
        if counted[at]
        and ((cases[at] >= ENOUGH_CASES and _lost(change[:, at])) or before[at] - after[at] > LARGEST_FALL)
    )
    low, high = _interval(macro)
    return Verdict(
        promote=not losses and not _lost(macro),
        champion_f1=float(before[counted].mean()) if counted.any() else 0.0,
        candidate_f1=float(after[counted].mean()) if counted.any() else 0.0,
        low=low,
        high=high,
        items=len(truth),
        macro_lost=_lost(macro),
        losses=losses,
    )


def f1(given: Truth, truth: Truth) -> Numbers:
    """F1 of each topic; 1 where it neither is nor is given."""
    return _f1(*(part.sum(axis=0) for part in (given & truth, given, truth)))


def f1_drawn(given: Truth, truth: Truth, drawn: npt.NDArray[np.float64]) -> Numbers:
    """F1 of each topic in each draw; `drawn` counts how often each item was drawn, shape (draws, items)."""
    return _f1(*(drawn @ part.astype(np.float64) for part in (given & truth, given, truth)))


def _f1(both: Numbers, given: Numbers, true: Numbers) -> Numbers:
    total = given + true
    return np.where(total > 0, 2 * both / np.maximum(total, 1), 1.0)


def _draws(items: int, draws: int) -> npt.NDArray[np.float64]:
    chosen = np.random.default_rng(SEED).integers(0, max(items, 1), size=(draws, items))
    counted = np.zeros((draws, items))
    np.add.at(counted, (np.arange(draws)[:, None], chosen), 1)
    return counted


def _lost(change: Numbers) -> bool:
    return bool(len(change)) and float(np.mean(change < 0)) >= LEVEL


def _interval(change: Numbers) -> tuple[float, float]:
    low, high = np.quantile(change, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def _newly_wrong(champion: Truth, candidate: Truth, truth: Truth, titles: Sequence[str]) -> tuple[str, ...]:
    worse = np.flatnonzero((champion == truth) & (candidate != truth))[:EXAMPLES_SHOWN]
    return tuple(titles[at] for at in worse)
