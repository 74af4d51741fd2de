"""From linear scores to probabilities that can be believed, and how far they can be (ECE).

A topic is rare and its scores lean to one side, so Platt's curve (1999) is bent once more, each half by itself (beta
calibration, Kull et al. 2017): it halves the error on texts never seen.

Whether a story is of the field is judged last, from all scores together (stacking, Wolpert 1992): a story in which one
topic of the field is plainly heard is of the field, though its words as a whole may speak of something else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.layout import FIELD, Layout

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

# Penalties of the logistic regressions: one number each against thousands of texts hardly needs any.
JUDGE_STRENGTH, LABEL_STRENGTH = 10.0, 100.0


@dataclass(frozen=True)
class Curve:
    """From score to probability, one number per label: a logistic curve whose two halves are bent by themselves.

    q = slope * score + offset; logit of the probability = high * ln(1 + e^q) - low * ln(1 + e^-q) + shift.
    """

    slope: Numbers
    offset: Numbers
    low: Numbers
    high: Numbers
    shift: Numbers

    def probabilities(self, scores: Numbers) -> Numbers:
        """Of scores, shape (texts, labels)."""
        at = scores * self.slope + self.offset
        return sigmoid(self.high * np.logaddexp(0, at) - self.low * np.logaddexp(0, -at) + self.shift)


@dataclass(frozen=True)
class Calibration:
    """Each label has its curve.

    The field's score gains `strongest` times the best score of the `telling` labels. The chance of a label `within` the
    field is that of the field times its own among the field's stories.
    """

    curve: Curve
    strongest: float
    layout: Layout

    def probabilities(self, scores: Numbers) -> Numbers:
        """Of scores, shape (texts, labels)."""
        raised = scores.astype(np.float64)
        raised[:, FIELD] += self.strongest * best(scores, self.layout)
        found = self.curve.probabilities(raised)
        found[:, self.layout.within] *= found[:, [FIELD]]
        return found


def calibrate(raw: Numbers, truth: Truth, layout: Layout) -> tuple[Numbers, Calibration]:
    """Fit on raw out-of-fold scores, shape (texts, width), and truth, shape (texts, labels) with cases of both kinds.

    Gives what joins raw scores to scores, shape (width, labels), and the calibration of those.
    """
    heard = np.column_stack([raw, best(raw, layout)])
    judge, intercept = _logistic(heard, truth[:, FIELD], JUDGE_STRENGTH)
    join = np.eye(layout.width, layout.labels)
    join[:, FIELD] = judge[:-1]
    bends = [(1.0, intercept, 1.0, 1.0, 0.0)]
    for label in range(1, layout.labels):
        among = _both_kinds(truth[:, FIELD], truth[:, label]) if label in layout.within else slice(None)
        bends.append(_bend(raw[among, label], truth[among, label]))
    return join, Calibration(Curve(*np.array(bends).T), float(judge[-1]), layout)


def best(scores: Numbers, layout: Layout) -> Numbers:
    """The best score of the labels that tell the field, 0 where nothing of them was learnt."""
    if not layout.telling:
        return np.zeros(len(scores))
    return np.asarray(scores[:, layout.telling].max(axis=1), dtype=np.float64)


def _bend(scores: Numbers, truth: Truth) -> tuple[float, float, float, float, float]:
    """A label's numbers of the Curve. A half that would fall keeps its logistic form: more must never mean less."""
    (slope,), offset = _logistic(scores[:, None], truth, LABEL_STRENGTH)
    at = slope * scores + offset
    (low, high), shift = _logistic(np.column_stack([-np.logaddexp(0, -at), np.logaddexp(0, at)]), truth, LABEL_STRENGTH)
    return (slope, offset, low, high, shift) if min(low, high) > 0 else (slope, offset, 1.0, 1.0, 0.0)


def _logistic(columns: Numbers, truth: Truth, strength: float) -> tuple[Numbers, float]:
    """Weights and intercept of a logistic regression."""
    # Only fitting needs it, and it takes longer to import than everything else of a command together.
    from sklearn.linear_model import LogisticRegression

    fit = LogisticRegression(C=strength, max_iter=1000).fit(columns, truth)
    return fit.coef_[0], float(fit.intercept_[0])


def _both_kinds(field: Truth, label: Truth) -> Truth:
    """The stories of the field; all texts where every one of those has the label."""
    return field if not label[field].all() else np.ones_like(field)


def calibration_error(probabilities: Numbers, truth: Truth, bins: int = 10) -> float:
    """Expected calibration error in bins of equal mass: mean distance of said and seen."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(probabilities[part].mean() - truth[part].mean()) for part in parts) / len(order))


def sigmoid(logits: Numbers) -> Numbers:
    """The logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def logit(probability: Numbers | float) -> Numbers:
    """The inverse of `sigmoid`; certain values are held a little away from 0 and 1."""
    held = np.clip(np.asarray(probability, dtype=np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(held) - np.log1p(-held))
