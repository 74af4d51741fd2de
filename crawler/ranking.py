"""Which candidate is right: per fact a few boosted trees and a weighted sum, read from plain numbers.

They come from crawler/train_metadata.py, which fits scikit-learn's HistGradientBoostingClassifier and
LogisticRegression; the log-odds of both are averaged. Here they are worked out in plain Python: a page has ten
candidates, and a call into numpy costs more than the walk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from operator import mul
from pathlib import Path
from typing import Any

from crawler.mentions import Candidate

SHIPPED = Path(__file__).with_name("models") / "metadata.json"
# One node: feature, threshold, left, right, value. A leaf has feature -1.
Node = tuple[int, float, int, int, float]


@dataclass(frozen=True)
class Ranker:
    """The weights of one fact; `given` is the probability from which the best candidate is given, `sure` from
    which two agreeing places make it sure."""

    features: tuple[str, ...]
    base: float
    linear: tuple[float, ...]
    trees: tuple[tuple[Node, ...], ...]
    given: float
    sure: float

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely a candidate is right, 0..1."""
        row = [features.get(name, 0.0) for name in self.features]
        total = self.base + sum(map(mul, self.linear, row))
        for tree in self.trees:
            feature, threshold, left, right, value = tree[0]
            while feature >= 0:
                feature, threshold, left, right, value = tree[left if row[feature] <= threshold else right]
            total += value
        return 1.0 / (1.0 + exp(-max(-60.0, min(60.0, total))))

    def best(self, candidates: Sequence[Candidate]) -> tuple[Candidate | None, float]:
        """The likeliest candidate and its probability; the earlier one where two are alike."""
        chosen, top = None, -1.0
        for candidate in candidates:
            probability = self.probability(candidate.features)
            if probability > top:
                chosen, top = candidate, probability
        return chosen, max(top, 0.0)


@lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> Mapping[str, Ranker]:
    """The rankers by fact: `title`, `author`, `date`."""
    facts = json.loads(path.read_text(encoding="utf-8"))["facts"]
    return {fact: _ranker(table) for fact, table in facts.items()}


def _ranker(table: Mapping[str, Any]) -> Ranker:
    trees = tuple(
        tuple((int(n[0]), float(n[1]), int(n[2]), int(n[3]), float(n[4])) for n in tree) for tree in table["trees"]
    )
    numbers = (
        float(table["base"]),
        tuple(map(float, table["linear"])),
        trees,
        float(table["given"]),
        float(table["sure"]),
    )
    return Ranker(tuple(table["features"]), *numbers)
