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
# What one wrong topic counts beside a story on the wrong side of the field.
TOPICS_IN_DOUBT = 0.1
# A topic reaches the floor where its F1 there is still this share of its best: three right labels out of a hundred
# stories would be precise too, and of no use to a reader.
WORTH_REACHING = 0.97
# A cut outside these would rest on a handful of cases.
LOWEST_CUT, HIGHEST_CUT = 0.1, 0.9


@dataclass(frozen=True)
class Cut:
    """Where a topic is cut; `weak` where no cut reaches the precision floor."""

    at: float
    weak: bool


def choose_cut(probabilities: Numbers, truth: Truth, floor: float = PRECISION_FLOOR) -> Cut:
    """The cut of best F1 among those with the floor's precision; where that is out of reach, of best F1 at all.

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
    usable = possible & (hits > 0)
    if not usable.any():
        return Cut(ON_TOPIC_CUT, weak=True)
    best = int(np.argmax(np.where(usable, f1, -1.0)))
    precise = int(np.argmax(np.where(usable & (precision >= floor), f1, -1.0)))
    reached = bool(precision[precise] >= floor and f1[precise] >= WORTH_REACHING * f1[best])
    return Cut(float(cuts[precise if reached else best]), weak=not reached)


def decide(on_topic: Numbers, topics: Numbers, cuts: Numbers) -> Truth:
    """Which topics are given, shape (texts, topics): those over their cut, where the story is of the field."""
    return np.asarray((topics >= cuts) & (on_topic >= ON_TOPIC_CUT)[:, None])


def doubt(on_topic: Numbers, topics: Numbers, cuts: Numbers) -> Numbers:
    """How doubtful each text is: the chance that it was put on the wrong side of the field, and a little of the topics.

    A story hidden in error, or a stranger mailed, costs more than a topic too many; so the expected number of wrong
    topics only decides between stories whose place is about equally sure.
    """
    given = decide(on_topic, topics, cuts)
    chance = topics * on_topic[:, None]
    wrong = np.where(given, 1 - chance, chance).sum(axis=1)
    return np.asarray(np.minimum(on_topic, 1 - on_topic) + TOPICS_IN_DOUBT * wrong)


def choose_margin(doubts: Numbers, most: float = MOST_DOUBTFUL) -> float:
    """The doubt from which on a text is doubtful, so that at most the share `most` of the texts is."""
    if not len(doubts):
        return 1.0
    return float(np.quantile(doubts, 1 - most, method="higher")) + 1e-9
