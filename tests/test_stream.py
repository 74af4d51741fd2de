"""Texts in, topics out, line by line."""

import io
import json
import subprocess
import sys

from classifier.stream import classify_lines
from tests.topic_cast import garden_model

ROSE = {"id": "r", "title": "Roses", "text": "The rosebush in the garden was pruned and its roses are red."}


def run(*lines):
    out, err = io.StringIO(), io.StringIO()
    broken = classify_lines(lines, out, err, garden_model())
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue().splitlines(), broken


def test_a_line_says_all_that_was_judged():
    (line,), _, broken = run(json.dumps(ROSE))
    assert set(line) == {"id", "language", "on_topic", "doubtful", "topics", "probabilities", "why"}
    assert (line["id"], line["topics"], broken) == ("r", ["roses"], 0)
    assert line["why"]["roses"]


def test_lines_come_out_in_the_order_in_which_they_went_in():
    found, _, _ = run(*(json.dumps(ROSE | {"id": number}) for number in range(300)))
    assert [line["id"] for line in found] == list(range(300))


def test_broken_lines_are_named_and_the_rest_goes_on():
    found, said, broken = run(
        json.dumps(ROSE), "{not json", "[1]", '{"id": 5}', '{"id": 6, "title": 7}', b'{"id": "\xff"}', json.dumps(ROSE)
    )
    assert [line["id"] for line in found] == ["r", "r"]
    assert broken == 5
    assert [words.split(":")[0] for words in said] == ["line 2", "line 3", "line 4", "line 5", "line 6"]
    assert "not JSON" in said[0]


def test_empty_lines_and_a_byte_order_mark_are_passed_over():
    found, said, broken = run("\n", "\ufeff" + json.dumps(ROSE), "   ", "")
    assert (len(found), said, broken) == (1, [], 0)


def test_a_missing_title_or_text_is_an_empty_one():
    found, _, broken = run('{"id": 1, "text": "roses"}', '{"id": 2, "title": "roses", "text": null}')
    assert ([line["id"] for line in found], broken) == ([1, 2], 0)


def test_deeply_nested_json_does_not_break_the_stream():
    _, said, broken = run("[" * 100_000, json.dumps(ROSE))
    assert broken == 1
    assert said[0].startswith("line 1: ")


def test_judging_texts_loads_no_django():
    modules = "classifier.stream, classifier.train, classifier.gate, classifier.report"
    code = f"import {modules}, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
