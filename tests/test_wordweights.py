"""Weights of words summed for many texts at once are those of the tokens one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.lexicon import WORD, Lexicon, words_of
from crawler.wordweights import WordWeights, word_tokens

WEIGHTS = {"read": 0.5, "read more": 1.5, "more": 0.25, "^read": 4.0, "more$": 8.0, "0000": -2.0, "in 0000": 0.125}


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ([], 0.0),
        (["nothing", "known"], 0.0),
        (["read"], 4.5),
        (["read", "more"], 0.5 + 1.5 + 0.25 + 4 + 8),
        (["in", "2031"], -2.0 + 0.125),
    ],
)
def test_a_text_weighs_what_its_words_pairs_and_ends_weigh(words, total):
    assert WordWeights(WEIGHTS).sums([words]).tolist() == [total]


def test_words_of_two_texts_make_no_pair():
    assert WordWeights({"read more": 1.0}).sums([["read"], [], ["more"], ["read", "more"]]).tolist() == [0, 0, 0, 1]


def test_no_weights_and_no_texts_are_no_trouble():
    assert WordWeights({}).sums([["read", "more"]]).tolist() == [0.0]
    assert WordWeights(WEIGHTS).sums([]).tolist() == []


@given(st.lists(st.lists(st.sampled_from(["read", "more", "in", "2031", "7", "ß", "°"]), max_size=6), max_size=5))
def test_sums_are_those_of_the_tokens(rows):
    expected = [sum(WEIGHTS.get(token, 0.0) for token in word_tokens(list(row))) for row in rows]
    assert WordWeights(WEIGHTS).sums(rows).tolist() == pytest.approx(expected)


@given(st.text(alphabet="aZ09 _-'’“é©@|…»\xa0\n.,²", max_size=60))
def test_the_quick_way_to_words_finds_what_the_pattern_finds(text):
    found = WORD.findall(text.lower())
    assert words_of(text) == (found if len(found) <= 28 else found[:20] + found[-8:])


def test_names_weigh_by_their_parts_and_pairs_of_parts():
    lexicon = Lexicon(near={"<p": 1.0, "card": 2.0, "card-title": 4.0}, far={"title": 8.0}, words={})
    assert lexicon.of_names("p", "card_title") == (7.0, 8.0)
    assert lexicon.of_names("", "cardTitle card") == (8.0, 8.0)
    assert lexicon.of_names("div", "") == (0.0, 0.0)
