"""Which blocks are kept, given their chances."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crawler.choosing import choose, expected_best, second_copies

CHANCES = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 200)), min_size=1, max_size=30)


def test_on_a_clear_page_the_bar_is_the_factor():
    scores, words = np.array([1.0, 1.0, 0.0, 0.55]), np.array([50.0, 40.0, 60.0, 1.0])
    assert expected_best(scores, words) > 0.99
    assert choose(scores, words, 0.6).tolist() == [True, True, False, False]


def test_on_an_unclear_page_the_bar_falls():
    scores, words = np.array([0.5, 0.4, 0.3]), np.array([50.0, 50.0, 50.0])
    assert choose(scores, words, 0.6).tolist() == [True, True, False]


def test_a_page_without_chances_keeps_nothing_by_chance():
    assert expected_best(np.zeros(2), np.ones(2)) == 0.0
    assert choose(np.zeros(0), np.zeros(0), 0.6).tolist() == []


@given(CHANCES)
def test_the_expected_f1_is_a_share_and_the_likeliest_block_is_kept(blocks):
    scores = np.array([chance for chance, _ in blocks])
    words = np.array([float(size) for _, size in blocks])
    assert 0 <= expected_best(scores, words) <= 1 + 1e-9
    if scores.max() > 0.62:
        assert choose(scores, words, 0.62)[int(np.argmax(scores))]


def test_a_long_text_kept_twice_is_dropped_once_and_short_ones_are_not():
    long = "The copy for phones says the very same thing again."
    texts = [long, "Pros", long, "Pros", long]
    kept = np.array([True, True, True, True, False])
    assert second_copies(texts, kept) == [2]
