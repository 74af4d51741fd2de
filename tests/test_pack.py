"""What the shipped examples and the gold set must be, so that what is learnt and measured can be believed."""

import json
from collections import Counter
from functools import cache

import pytest

from classifier.errors import PackError
from classifier.pack import Pack, load_pack
from classifier.tokens import words


@cache
def pack() -> Pack:
    return load_pack()


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = [word.lower() for word in words(text)]
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_there_are_a_thousand_examples_and_each_topic_stands_sixty_times():
    examples = pack().examples()
    counted = Counter(topic for example in examples for topic in example.topics)
    assert len(examples) >= 1000
    assert {key: counted[key] for key in pack().taxonomy.keys if counted[key] < 60} == {}


def test_a_third_of_the_stories_of_the_field_have_several_topics():
    on_topic = [example for example in pack().examples() if example.on_topic]
    assert sum(len(example.topics) > 1 for example in on_topic) >= len(on_topic) / 3


def test_at_least_350_examples_are_off_topic():
    assert sum(not example.on_topic for example in pack().examples()) >= 350


def test_the_examples_come_in_many_registers_and_in_four_englishes():
    examples = pack().examples()
    assert len({example.kind for example in examples}) >= 11
    assert {example.english for example in examples} >= {"us", "uk", "in", "au"}


def test_the_gold_set_has_four_hundred_items_with_25_of_each_topic_and_120_near_misses():
    gold = pack().gold()
    counted = Counter(topic for example in gold for topic in example.topics)
    assert len(gold) >= 400
    assert sum(example.near_miss for example in gold) >= 120
    assert {key: counted[key] for key in pack().taxonomy.keys if counted[key] < 25} == {}
    assert not any(example.near_miss and example.on_topic for example in gold)


def test_the_blind_set_is_another_hand_s_and_shares_no_eight_words_in_a_row_with_the_examples():
    blind = pack().blind()
    assert len(blind) >= 150
    assert not {example.group for example in blind} & {example.group for example in pack().examples()}
    learnt = set().union(*(runs(example.text.whole, 8) for example in pack().examples()))
    assert [example.text.id for example in blind if runs(example.text.whole, 8) & learnt] == []


def test_no_id_stands_twice():
    everything = [*pack().examples(), *pack().gold(), *pack().blind()]
    assert [key for key, times in Counter(example.text.id for example in everything).items() if times > 1] == []


def test_no_text_stands_twice():
    everything = Counter(example.text.text for example in [*pack().examples(), *pack().gold()])
    assert [text[:60] for text, times in everything.items() if times > 1] == []


def test_gold_shares_no_group_and_no_eight_words_in_a_row_with_the_examples():
    examples, gold = pack().examples(), pack().gold()
    assert {example.group for example in examples} & {example.group for example in gold} == set()
    learnt = set().union(*(runs(example.text.whole, 8) for example in examples))
    assert [example.text.id for example in gold if runs(example.text.whole, 8) & learnt] == []


@pytest.mark.shared
@pytest.mark.slow
def test_no_sentence_of_the_measuring_material_stands_in_the_pack(shared):
    own = {}
    for example in [*pack().examples(), *pack().gold()]:
        own |= dict.fromkeys(runs(example.text.whole, 12), example.text.id)
    found = set()
    for file in sorted((shared / "data" / "topics").glob("*.jsonl")):
        if file.name == "pairs.jsonl":
            continue
        for line in file.read_text().splitlines():
            row = json.loads(line)
            found |= {own[run] for run in runs(f"{row['title']}\n{row['text']}", 12) & own.keys()}
    for file in (shared / "seeds").iterdir():
        found |= {own[run] for run in runs(file.read_text(), 12) & own.keys()}
    assert found == set()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "examples.jsonl:1"),
        ('{"id": "x", "title": "t", "text": "t"}', "topics"),
        ('{"id": "x", "title": "t", "text": "t", "topics": ["moon"]}', "moon"),
        ("[1, 2]", "cannot be read"),
    ],
)
def test_a_broken_example_is_named_by_file_and_line(tmp_path, line, why):
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "examples.jsonl").write_text(line + "\n")
    with pytest.raises(PackError, match=why):
        Pack(tmp_path, pack().taxonomy).examples()
