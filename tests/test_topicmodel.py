"""A model from bytes to judgements, and what no text may do to it."""

import io
import time
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.arrays import arrays_of, bytes_of
from classifier.errors import ModelError
from classifier.judgement import Text
from classifier.pack import load_pack, shipped_model_bytes
from classifier.tokens import readable
from classifier.topicmodel import MOST_BYTES, TopicModel
from tests.topic_cast import garden_bytes, garden_model, gardens, say

ROSE = say("The rosebush in the garden was pruned, and its roses are red and the thorns are long.", "Roses of Kew")


@pytest.fixture(scope="module")
def shipped() -> TopicModel:
    return TopicModel.load(shipped_model_bytes(load_pack()))


def test_a_story_of_the_field_gets_its_topic_and_a_stranger_none():
    model = garden_model()
    rose, stranger = model.judge([ROSE, say("The bank of Leeds was the talk of the day and nine people came.")])
    assert rose.topics == ("roses",)
    assert rose.on_topic > 0.5
    assert stranger.topics == ()
    assert stranger.on_topic < 0.5


def test_judging_many_texts_is_judging_each():
    model = garden_model()
    texts = [ROSE, say("An oak tree is planted in the orchard."), say("The phone of the minister."), ROSE]
    assert model.judge(texts) == [garden_model().judge([text])[0] for text in texts]


def test_under_a_half_there_are_no_topics(shipped):
    for judgement in shipped.judge([example.text for example in load_pack().gold()]):
        assert judgement.on_topic >= 0.5 or judgement.topics == ()


def test_the_same_bytes_have_the_same_id_and_other_bytes_another():
    assert garden_model().id == garden_model().id
    arrays = arrays_of(garden_bytes())
    arrays["intercept"] = arrays["intercept"] + 1
    assert TopicModel.load(bytes_of(arrays)).id != garden_model().id


def test_the_shipped_model_is_small_and_carries_its_taxonomy(shipped):
    assert len(shipped.data) <= MOST_BYTES
    assert shipped.taxonomy == load_pack().taxonomy
    assert set(shipped.topics) == set(load_pack().taxonomy.keys)
    assert shipped.card["cuts"].keys() == set(shipped.topics)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nonsense", b"\x00" * 100, garden_bytes()[:-500], bytes_of({})])
def test_bytes_that_are_no_model_are_refused(data):
    with pytest.raises(ModelError):
        TopicModel.load(data)


def test_a_pickle_inside_is_refused():
    buffer = io.BytesIO()
    np.savez(buffer, card=np.array([{"format": 1}], dtype=object))
    with pytest.raises(ModelError):
        TopicModel.load(buffer.getvalue())


def test_a_model_of_another_format_is_refused():
    arrays = arrays_of(garden_bytes())
    card = bytes(arrays["card"]).replace(b'"format": 2', b'"format": 9')
    with pytest.raises(ModelError, match="another format"):
        TopicModel.load(bytes_of(arrays | {"card": np.frombuffer(card, dtype=np.uint8)}))


def test_arrays_written_twice_are_the_same_bytes():
    arrays = {"a": np.arange(9), "b": np.ones((2, 3))}
    assert bytes_of(arrays) == bytes_of(dict(arrays))
    with zipfile.ZipFile(io.BytesIO(bytes_of(arrays))) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}


@pytest.mark.parametrize("text", [Text("", "", ""), Text("", " ", "\n\n"), Text("", "😀", "😀 ✂️")])
def test_nothing_to_read_is_doubtful_and_off_topic(shipped, text):
    (judgement,) = shipped.judge([text])
    assert (judgement.on_topic, judgement.doubtful, judgement.topics) == (0.0, True, ())


def test_one_word_is_judged(shipped):
    (judgement,) = shipped.judge([say("Botox")])
    assert 0 <= judgement.on_topic <= 1


def test_two_megabytes_are_judged_within_a_second(shipped):
    text = say("word " * 400_000, "x" * 2_000_000)
    began = time.perf_counter()
    shipped.judge([text, say("<" * 1_000_000)])
    assert time.perf_counter() - began < 1


def test_another_language_is_a_lane_of_its_own(shipped):
    french = say(
        "Le ministre de la santé a annoncé que les injections de toxine botulique seraient interdites aux mineurs,"
        " et que les cliniques devront déclarer chaque incident grave dans les deux semaines."
    )
    (judgement,) = shipped.judge([french])
    assert (judgement.language, judgement.on_topic, judgement.doubtful, judgement.topics) == ("fr", 0.0, True, ())


def test_html_left_in_changes_nothing_but_the_places():
    plain = say("The rosebush in the garden was pruned, and its roses are red.")
    marked = say(
        '<p class="rose tree">The <b>rosebush</b> in the garden was&nbsp;pruned, and its <i>roses</i> are red.</p>'
    )
    model = garden_model()
    assert model.judge([plain])[0].probabilities == model.judge([marked])[0].probabilities


def test_a_menu_left_in_says_nothing_of_the_story():
    page = "The page was not found. Popular: Roses | Trees | Rosebushes | Oaks | Contact"
    assert readable(page).split() == ["The", "page", "was", "not", "found."]
    assert len(readable(page)) == len(page)
    byline = "By Jane Roe | Staff writer | Roses were pruned."
    assert readable(byline) == byline


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.text(max_size=2000))
def test_no_text_breaks_a_judgement(shipped, title, text):
    item = Text("x", title, text)
    (judgement,) = shipped.judge([item])
    assert 0 <= judgement.on_topic <= 1
    for key, reasons in judgement.why.items():
        assert key in judgement.topics
        assert all(item.whole[reason.start : reason.end] == reason.term for reason in reasons)


def test_a_new_topic_is_known_by_its_cues_from_the_first_day():
    ponds = {"key": "ponds", "facet": "subject", "name": "Ponds", "cues": "pond; water lily"}
    model = garden_model(gardens(ponds))
    (judgement,) = model.judge([say("The pond is deep and the water lilies are open.", "A pond for Leeds")])
    assert judgement.topics == ("ponds",)
    assert judgement.probabilities["ponds"] == 0.6
    assert judgement.on_topic >= 0.6
    assert judgement.doubtful
    assert judgement.why["ponds"][0].term == "pond"


def test_a_passing_mention_of_a_new_topic_is_not_one():
    ponds = {"key": "ponds", "facet": "subject", "name": "Ponds", "cues": "pond"}
    long = say("The bank of Leeds was the talk of the day. " * 30 + "There is a pond behind it.")
    (judgement,) = garden_model(gardens(ponds)).judge([long])
    assert judgement.topics == ()
    assert judgement.probabilities["ponds"] == 0.0


def test_a_retired_topic_gives_its_stories_to_its_successor():
    taxonomy = gardens({"key": "flowers", "facet": "subject", "name": "Flowers", "cues": "blossom"})
    retired = [
        {**topic.__dict__, "successors": ("flowers",) if topic.key == "roses" else ()} for topic in taxonomy.topics
    ]
    wanted = type(taxonomy)(**{**taxonomy.__dict__, "topics": tuple(type(taxonomy.topics[0])(**t) for t in retired)})
    (judgement,) = garden_model(wanted).judge([ROSE])
    assert judgement.topics == ("flowers",)
    assert "roses" not in judgement.probabilities
    assert judgement.why["flowers"]
