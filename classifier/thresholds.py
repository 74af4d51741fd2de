"""From probabilities to decisions: where each topic is cut, and when a person should look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

ON_TOPIC_CUT = 0.5
PRECISION_FLOOR = 0.85
MOST_DOUBTFUL = 0.15
# A cut outside these would rest on a handful of cases.
LOWEST_CUT, HIGHEST_CUT = 0.1, 0.9


@dataclass(frozen=True)
class Cut:
    """Where a topic is cut; `weak` where no cut reaches the precision floor."""

    at: float
    weak: bool


def choose_cut(probabilities: Numbers, truth: Truth, floor: float = PRECISION_FLOOR) -> Cut:
    """The cut of best F1 among those with the floor's precision; where there is none, of best F1 at all.

    Cuts lie midway between neighbouring probabilities, so that rounding decides nothing.
    """
    order = np.argsort(-probabilities, kind="stable")
    sorted_, hits = probabilities[order], np.cumsum(truth[order])
    given = np.arange(1, len(order) + 1)
    precision = hits / given
    f1 = 2 * hits / (given + max(int(truth.sum()), 1))
    following = np.append(sorted_[1:], 0.0)
    cuts = (sorted_ + following) / 2
    possible = (sorted_ > following) & (cuts >= LOWEST_CUT) & (cuts <= HIGHEST_CUT)
    good = possible & (precision >= floor) & (hits > 0)
    chosen = good if good.any() else possible & (hits > 0)
    if not chosen.any():
        return Cut(ON_TOPIC_CUT, weak=True)
    best = int(np.argmax(np.where(chosen, f1, -1.0)))
    return Cut(float(cuts[best]), weak=not good.any())


def decide(on_topic: Numbers, topics: Numbers, cuts: Numbers) -> Truth:
    """Which topics are given, shape (texts, topics): those over their cut, where the story is of the field."""
    return np.asarray((topics >= cuts) & (on_topic >= ON_TOPIC_CUT)[:, None])


def doubt(on_topic: Numbers, topics: Numbers, cuts: Numbers) -> Numbers:
    """How doubtful each text is: 1 where a decision lies on its cut, towards 0 the further all are from theirs.

    Distances are measured as shares of the way from the cut to certainty on that side. The topics' doubts count as far
    as the story is of the field at all.
    """
    field = 1 - _distance(on_topic, np.float64(ON_TOPIC_CUT))
    nearest = 1 - _distance(topics, cuts)
    several = np.sort(nearest, axis=1)[:, ::-1][:, :3].mean(axis=1) if topics.shape[1] else field * 0
    return np.maximum(field, several * on_topic)


def choose_margin(doubts: Numbers, most: float = MOST_DOUBTFUL) -> float:
    """The doubt from which on a text is doubtful, so that at most the share `most` of the texts is."""
    if not len(doubts):
        return 1.0
    return float(np.quantile(doubts, 1 - most, method="higher")) + 1e-9


def _distance(probabilities: Numbers, cuts: Numbers) -> Numbers:
    above = (probabilities - cuts) / np.maximum(1 - cuts, 1e-9)
    below = (cuts - probabilities) / np.maximum(cuts, 1e-9)
    return np.asarray(np.clip(np.where(probabilities >= cuts, above, below), 0, 1))
