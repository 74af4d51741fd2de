"""What a pack says of its topics, and what becomes of retired ones."""

import pytest

from classifier.errors import PackError
from classifier.pack import load_pack
from classifier.taxonomy import load_taxonomy, taxonomy_from_json, taxonomy_of

SMALL = {
    "pack": {"key": "small", "name": "Small", "language": "en", "common_words": "the of and"},
    "facet": [{"key": "subject", "name": "Subject", "of_the_field": True}],
    "topic": [
        {"key": "nose", "facet": "subject", "name": "Nose", "cues": "nose job; rhinoplast*"},
        {
            "key": "lips",
            "facet": "subject",
            "name": "Lips",
            "cues": ["lip filler"],
            "brands": {"Kysse": "hyaluronic acid"},
        },
    ],
}


def with_topics(*topics):
    return taxonomy_of(SMALL | {"topic": [*SMALL["topic"], *topics]})


def test_the_shipped_pack_has_seventeen_topics_in_two_facets():
    taxonomy = load_pack().taxonomy
    assert len(taxonomy.keys) == 17
    assert (
        {topic.facet for topic in taxonomy.topics} == {facet.key for facet in taxonomy.facets} == {"subject", "angle"}
    )
    assert all(topic.definition and topic.cues for topic in taxonomy.topics)


@pytest.mark.shared
def test_the_names_are_those_that_the_digest_shows(shared):
    table = (shared / "TOPICS.md").read_text()
    for topic in load_pack().taxonomy.topics:
        assert f"| {topic.key} | {topic.name} |" in table


def test_cues_may_be_written_as_one_string_or_as_a_list():
    nose, lips = taxonomy_of(SMALL).topics
    assert nose.cues == ("nose job", "rhinoplast*")
    assert lips.cues == ("lip filler",)
    assert lips.brands == (("Kysse", "hyaluronic acid"),)


def test_a_snapshot_reads_back_as_the_same_taxonomy():
    taxonomy = load_pack().taxonomy
    again = taxonomy_from_json(taxonomy.to_json())
    assert again == taxonomy
    assert again.digest == taxonomy.digest


def test_the_digest_changes_with_any_cue():
    assert taxonomy_of(SMALL).digest != with_topics({"key": "x", "facet": "subject", "name": "X"}).digest


def test_a_merged_topic_gives_way_to_its_successor():
    taxonomy = with_topics({"key": "snout", "facet": "subject", "name": "Snout", "successors": ["nose"]})
    assert taxonomy.keys == ("nose", "lips")
    assert taxonomy.follow(["snout", "lips"]) == {"nose", "lips"}


def test_successors_are_followed_through_several_retirements_and_a_circle_ends():
    taxonomy = with_topics(
        {"key": "a", "facet": "subject", "name": "A", "successors": ["b"]},
        {"key": "b", "facet": "subject", "name": "B", "successors": ["nose"]},
        {"key": "c", "facet": "subject", "name": "C", "successors": ["d"]},
        {"key": "d", "facet": "subject", "name": "D", "successors": ["c"]},
    )
    assert taxonomy.follow(["a"]) == {"nose"}
    assert taxonomy.follow(["c"]) == frozenset()


def test_an_unknown_key_is_followed_nowhere():
    assert taxonomy_of(SMALL).follow(["moon"]) == frozenset()


@pytest.mark.parametrize(
    "topic",
    [
        {"key": "nose", "facet": "subject", "name": "Twice"},
        {"key": "x", "facet": "nowhere", "name": "No facet"},
        {"key": "x", "facet": "subject", "name": "No need", "needs": "nothing"},
        {"key": "x", "facet": "subject", "name": "No heir", "successors": ["nobody"]},
    ],
)
def test_a_broken_reference_is_named(topic):
    with pytest.raises(PackError, match=topic["key"]):
        with_topics(topic)


def test_a_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "taxonomy.toml").write_text("pack = [")
    with pytest.raises(PackError, match=r"taxonomy\.toml"):
        load_taxonomy(tmp_path)


def test_a_folder_without_a_taxonomy_is_named(tmp_path):
    with pytest.raises(PackError, match="cannot read the taxonomy"):
        load_taxonomy(tmp_path)
