"""How good a model of this kind is on texts that it never saw: folds within folds, so that cuts are not judged by
the texts on which they were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.calibrate import Numbers, Truth, calibrate
from classifier.fitting import Products, out_of_fold, scored
from classifier.folds import folds_of
from classifier.thresholds import ON_TOPIC_CUT, choose_cut, choose_margin, decide, doubt
from classifier.train import Options, Prepared


@dataclass(frozen=True)
class OutOfFold:
    """What was said of each example by a model that saw nothing of its group; arrays as long as the examples."""

    probabilities: Numbers
    given: Truth
    doubtful: Truth
    truth: Truth

    @property
    def on_topic(self) -> Truth:
        """Which examples were taken for the field."""
        return np.asarray(self.probabilities[:, 0] >= ON_TOPIC_CUT)


def nested(prepared: Prepared, products: Products, options: Options) -> OutOfFold:
    """Grouped folds; in each, calibration, cuts and margin come from inner folds of the texts learnt from."""
    truth = prepared.truth
    probabilities = np.zeros(truth.shape)
    given = np.zeros((len(truth), len(prepared.topics)), dtype=bool)
    doubtful = np.zeros(len(truth), dtype=bool)
    folds = folds_of(prepared.groups, options.folds)
    for fold in range(options.folds):
        held = folds == fold
        groups = [group for group, out in zip(prepared.groups, held, strict=True) if not out]
        inner = products.only(~held)
        scores = out_of_fold(inner, prepared.families, truth[~held], folds_of(groups, options.folds, seed=fold + 1))
        join, calibration = calibrate(scores, truth[~held], prepared.layout)
        seen = calibration.probabilities(scores @ join)
        cuts = cuts_of(seen, truth[~held])
        margin = choose_margin(doubt(seen[:, 0], seen[:, 1:], cuts))
        outer = scored(products, prepared.families, truth, held)
        probabilities[held] = calibration.probabilities(outer @ join)
        given[held] = decide(probabilities[held, 0], probabilities[held, 1:], cuts)
        doubtful[held] = doubt(probabilities[held, 0], probabilities[held, 1:], cuts) >= margin
    return OutOfFold(probabilities, given, doubtful, truth)


def cuts_of(probabilities: Numbers, truth: Truth) -> Numbers:
    """A cut per topic, chosen where the story counts as of the field."""
    seen = probabilities[:, 1:] * (probabilities[:, 0] >= ON_TOPIC_CUT)[:, None]
    return np.array([choose_cut(seen[:, at], truth[:, 1 + at]).at for at in range(seen.shape[1])])


def wrong_decisions(result: OutOfFold, topics: Sequence[str]) -> tuple[float, float, float]:
    """Share of doubtful texts; share of all wrong topic decisions, and of wrong on-topic decisions, that fall in it."""
    wrong = (result.given != result.truth[:, 1 : 1 + len(topics)]).sum(axis=1)
    missed = result.on_topic != result.truth[:, 0]
    return (
        float(result.doubtful.mean()),
        float(wrong[result.doubtful].sum() / max(int(wrong.sum()), 1)),
        float(missed[result.doubtful].sum() / max(int(missed.sum()), 1)),
    )
