"""Why a topic was given: terms, places and weights that a page can highlight."""

import pytest

from classifier.judgement import Text
from tests.topic_cast import garden_model, say


def why(text: Text, topic: str):
    (judgement,) = garden_model().judge([text])
    return judgement.why[topic]


def test_the_words_that_spoke_stand_where_they_are_said_to_stand():
    text = say("In the garden the ROSEBUSH was pruned, and its roses are red.", "Roses of Kew")
    reasons = why(text, "roses")
    assert reasons
    assert all(text.whole[reason.start : reason.end] == reason.term for reason in reasons)
    assert {"Roses", "ROSEBUSH"} & {reason.term for reason in reasons}


def test_the_strongest_word_comes_first_and_all_speak_for_the_topic():
    weights = [reason.weight for reason in why(say("The rosebush and the roses of the gardener were pruned."), "roses")]
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)


def test_there_are_at_most_five():
    long = say("The rosebush in Kew was pruned by the gardener and its red roses number twenty in the garden. " * 8)
    assert 1 <= len(why(long, "roses")) <= 5


def test_a_word_that_stands_often_is_named_once():
    terms = [
        reason.term.lower() for reason in why(say("Rosebush, rosebush, rosebush in the garden was pruned."), "roses")
    ]
    assert terms.count("rosebush") == 1


def test_a_phrase_is_named_as_a_phrase():
    text = say("The rosebush won a medal at the flower show in Ghent, and the roses at the flower show are red.")
    terms = [reason.term for reason in why(text, "shows")]
    assert "flower show" in terms
    assert "flower" not in terms


@pytest.mark.parametrize("filling", ["<b>{}</b>", "&amp; {} &lt;", "\u00e9\u00e8 {} \u4e2d", "{}\u200b"])
def test_places_hold_in_text_with_markup_and_accents(filling):
    text = say("Its roses are red. " + filling.format("The rosebush") + " was pruned by the gardener in Kew.")
    for reason in why(text, "roses"):
        assert text.whole[reason.start : reason.end] == reason.term
