"""From a linear score to a probability that can be believed (Platt 1999), and how far it can be (ECE)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Calibration:
    """probability = 1 / (1 + exp(-(slope * score + offset))), one slope and offset per label."""

    slope: Numbers
    offset: Numbers

    def probabilities(self, scores: Numbers) -> Numbers:
        """Of scores, shape (texts, labels)."""
        return sigmoid(scores * self.slope + self.offset)


def calibrate(scores: Numbers, truth: Truth) -> Calibration:
    """Fit on out-of-fold scores, shape (texts, labels); each label needs cases of both kinds."""
    # Only fitting needs it, and it takes longer to import than everything else of a command together.
    from sklearn.linear_model import LogisticRegression

    fits = [LogisticRegression(C=100.0).fit(scores[:, [label]], truth[:, label]) for label in range(truth.shape[1])]
    return Calibration(
        np.array([float(fit.coef_[0, 0]) for fit in fits]),
        np.array([float(fit.intercept_[0]) for fit in fits]),
    )


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
