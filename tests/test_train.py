"""What is learnt: the same bytes from the same input, corrections among it, new topics when there is enough."""

import numpy as np
import pytest

from classifier.background import nothing_known
from classifier.calibrate import calibrate, calibration_error
from classifier.errors import TrainingError
from classifier.folds import folds_of
from classifier.judgement import Correction, Example, Text
from classifier.layout import Layout, layout_of
from classifier.thresholds import choose_cut, choose_margin, decide
from classifier.topicmodel import TopicModel
from classifier.train import Options, fit_model, held_out, is_held_out, learnt_from
from tests.topic_cast import garden_bytes, garden_examples, gardens, say


def test_the_same_input_gives_the_same_bytes():
    assert fit_model(garden_examples(), gardens(), nothing_known(), Options()) == garden_bytes()


def test_another_example_gives_another_model():
    more = [*garden_examples(), Example(say("The tulips are yellow."), frozenset(), "g0")]
    assert fit_model(more, gardens(), nothing_known(), Options()) != garden_bytes()


def test_a_topic_is_learnt_from_twenty_examples_on():
    ponds = {"key": "ponds", "facet": "subject", "name": "Ponds", "cues": "pond"}

    def with_ponds(count):
        more = [
            Example(
                Text(f"p{n}", "Water", f"The pond number {n} in the garden was dug."), frozenset({"ponds"}), f"g{n % 8}"
            )
            for n in range(count)
        ]
        data = fit_model([*garden_examples(), *more], gardens(ponds), nothing_known(), Options())
        return TopicModel.load(data).topics

    assert "ponds" not in with_ponds(19)
    assert "ponds" in with_ponds(20)


def test_nothing_but_one_kind_cannot_be_learnt():
    with pytest.raises(TrainingError):
        fit_model([e for e in garden_examples() if e.on_topic], gardens(), nothing_known(), Options())
    with pytest.raises(TrainingError):
        fit_model([], gardens(), nothing_known(), Options())


def test_a_correction_is_an_example_with_the_topics_after_it():
    (example,) = learnt_from([Correction("Title", "Text", ("roses",), ("trees",))], gardens())
    assert example.topics == {"trees"}
    assert example.text.title == "Title"


def test_the_last_correction_of_a_text_counts():
    changes = [Correction("T", "X", (), ("roses",)), Correction("T", "X", ("roses",), ())]
    (example,) = learnt_from(changes, gardens())
    assert example.topics == frozenset()


def test_a_correction_to_a_retired_topic_follows_its_successor():
    taxonomy = gardens({"key": "bushes", "facet": "subject", "name": "Bushes", "successors": ["roses"]})
    (example,) = learnt_from([Correction("T", "X", (), ("bushes",))], taxonomy)
    assert example.topics == {"roses"}


def test_one_correction_in_five_is_never_learnt_from_and_always_the_same():
    corrections = [Correction(f"Title {n}", "Text", (), ("roses",)) for n in range(500)]
    held = held_out(corrections, gardens())
    assert 60 < len(held) < 140
    assert held == held_out(list(reversed(corrections)), gardens())[::-1]
    assert all(is_held_out(example) for example in held)


def test_folds_never_split_a_group_and_are_about_equal():
    groups = [f"g{number % 37}" for number in range(1000)]
    folds = folds_of(groups, 5)
    assert all(len({folds[at] for at, group in enumerate(groups) if group == one}) == 1 for one in set(groups))
    assert max(np.bincount(folds)) - min(np.bincount(folds)) < 60


def test_a_cut_reaches_the_precision_floor_where_that_costs_little():
    probabilities = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
    truth = np.array([1, 1, 1, 1, 1, 0, 0, 0], dtype=bool)
    cut = choose_cut(probabilities, truth)
    assert not cut.weak
    assert 0.4 < cut.at < 0.5


def test_a_topic_that_cannot_reach_the_floor_takes_its_best_and_is_weak():
    probabilities = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    truth = np.array([0, 1, 0, 1, 0, 1], dtype=bool)
    assert choose_cut(probabilities, truth).weak


def test_no_case_at_all_is_weak():
    assert choose_cut(np.array([0.2, 0.7]), np.array([False, False])).weak


def test_topics_are_decided_only_where_the_story_is_of_the_field():
    given = decide(np.array([0.9, 0.4]), np.array([[0.8, 0.1], [0.8, 0.9]]), np.array([0.5, 0.5]))
    assert given.tolist() == [[True, False], [False, False]]


def test_the_margin_keeps_doubt_within_its_share():
    doubts = np.linspace(0, 1, 1000)
    assert (doubts >= choose_margin(doubts)).mean() <= 0.15


def test_calibration_turns_scores_into_shares():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4000, 1))
    truth = rng.random((4000, 1)) < 1 / (1 + np.exp(-3 * scores - 1))
    join, calibration = calibrate(scores, truth, Layout(1, (), ()))
    assert calibration_error(calibration.probabilities(scores @ join)[:, 0], truth[:, 0]) < 0.03


def test_a_story_in_which_one_topic_of_the_field_is_plainly_heard_is_of_the_field():
    layout = Layout(labels=3, telling=(1, 2), within=())
    rng = np.random.default_rng(0)
    truth = rng.random((2000, 3)) < 0.5
    truth[:, 0] = truth[:, 1] | truth[:, 2]
    raw = 2.0 * truth - 1 + rng.normal(scale=0.3, size=truth.shape)
    raw[:, 0] = rng.normal(size=2000)
    join, calibration = calibrate(raw, truth, layout)
    said = calibration.probabilities(np.array([[0.0, 1.0, -1.0], [0.0, -1.0, -1.0]]) @ join)[:, 0]
    assert said[0] > 0.9
    assert said[1] < 0.1


def test_an_angle_is_learnt_among_stories_of_the_field_and_is_never_likelier_than_the_field():
    layout = Layout(labels=2, telling=(), within=(1,))
    field = np.repeat([True, False], 500)
    angle = np.tile([True, False], 500) & field
    raw = np.column_stack([np.where(field, 1.0, -1.0), np.tile([1.0, -1.0], 500), np.where(angle, 1.0, -1.0)])
    join, calibration = calibrate(raw, np.column_stack([field, angle]), layout)
    said = calibration.probabilities(np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, -1.0]]) @ join)
    assert said[0, 1] > 0.9
    assert said[1, 1] <= said[1, 0] < 0.1


def test_the_facet_that_tells_the_field_is_told_from_the_others():
    assert layout_of(gardens(), ("roses", "trees", "shows")) == Layout(labels=4, telling=(1, 2), within=(3,))
