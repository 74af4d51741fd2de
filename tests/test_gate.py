"""Whether a candidate may take over: gains pass, losses are named with what went wrong."""

import numpy as np
import pytest

from classifier.gate import compare, f1, weigh
from tests.topic_cast import garden_examples, garden_model

KEYS = ("roses", "trees")
RNG = np.random.default_rng(7)
TRUTH = RNG.random((300, 2)) < 0.3
TITLES = [f"Story {number}" for number in range(300)]


def with_errors(share: float, topic: int | None = None) -> np.ndarray:
    """The truth with a share of decisions turned round, for all topics or for one."""
    wrong = np.random.default_rng(3).random(TRUTH.shape) < share
    if topic is not None:
        wrong[:, [at for at in range(2) if at != topic]] = False
    return TRUTH ^ wrong


def test_a_model_loses_nothing_against_itself():
    verdict = compare(garden_model(), garden_model(), garden_examples())
    assert verdict.promote
    assert (verdict.low, verdict.high) == (0.0, 0.0)


def test_a_better_candidate_passes():
    verdict = weigh(with_errors(0.2), with_errors(0.02), TRUTH, KEYS, TITLES)
    assert verdict.promote
    assert verdict.candidate_f1 > verdict.champion_f1
    assert verdict.low > 0
    assert "may take over" in verdict.sentence()


def test_a_worse_candidate_is_kept_out():
    verdict = weigh(with_errors(0.02), with_errors(0.2), TRUTH, KEYS, TITLES)
    assert not verdict.promote
    assert verdict.macro_lost
    assert "the champion stays" in verdict.sentence()


def test_the_topic_that_lost_is_named_with_examples():
    verdict = weigh(with_errors(0.0), with_errors(0.15, topic=1), TRUTH, KEYS, TITLES)
    assert [loss.topic for loss in verdict.losses] == ["trees"]
    (loss,) = verdict.losses
    assert loss.after < loss.before
    assert loss.high < 0
    assert 1 <= len(loss.examples) <= 5
    assert "trees" in verdict.sentence()


def test_a_gain_in_one_topic_does_not_pay_for_a_loss_in_another():
    champion = np.column_stack([with_errors(0.3)[:, 0], TRUTH[:, 1]])
    candidate = np.column_stack([TRUTH[:, 0], with_errors(0.12)[:, 1]])
    verdict = weigh(champion, candidate, TRUTH, KEYS, TITLES)
    assert verdict.candidate_f1 > verdict.champion_f1
    assert not verdict.promote


def test_a_small_topic_may_waver_but_not_fall_by_more_than_a_tenth():
    truth = np.zeros((100, 2), dtype=bool)
    truth[:40, 0] = True
    truth[:5, 1] = True
    fallen = truth.copy()
    fallen[:2, 1] = False
    verdict = weigh(truth, fallen, truth, KEYS, TITLES[:100])
    assert [loss.topic for loss in verdict.losses] == ["trees"]
    assert not verdict.promote


def test_the_same_comparison_gives_the_same_verdict():
    arguments = (with_errors(0.1), with_errors(0.12), TRUTH, KEYS, TITLES)
    assert weigh(*arguments) == weigh(*arguments)


@pytest.mark.parametrize(("given", "score"), [([True, False], 1.0), ([False, False], 0.0), ([True, True], 2 / 3)])
def test_f1_of_one_topic(given, score):
    truth = np.array([[True], [False]])
    assert f1(np.array(given)[:, None], truth)[0] == pytest.approx(score)
