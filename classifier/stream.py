"""Texts in, topics out, line by line: JSON objects {"id", "title", "text"} become JSON objects of what was judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TextIO

from classifier.errors import LineError
from classifier.judgement import Judgement, Text
from classifier.topicmodel import TopicModel

BATCH = 64


def classify_lines(lines: Iterable[str | bytes], out: TextIO, err: TextIO, model: TopicModel) -> int:
    """Judge each line and write one line for it, in order; how many could not be read.

    A broken line is named on `err` with its number and the reason, and the rest goes on. Empty lines are passed over.
    """
    broken = 0
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, BATCH)):
        texts = []
        for number, line in batch:
            try:
                texts += list(_read(line))
            except LineError as error:
                broken += 1
                err.write(f"line {number}: {error}\n")
        for (identity, _), judgement in zip(texts, model.judge([text for _, text in texts]), strict=True):
            out.write(json.dumps(_written(identity, judgement), ensure_ascii=False) + "\n")
        out.flush()
    return broken


def _read(line: str | bytes) -> Iterator[tuple[object, Text]]:
    """The id as it came and the text of a line; nothing for an empty one. Raises LineError."""
    try:
        written = line.decode("utf-8") if isinstance(line, bytes) else line
        if not written.strip("\ufeff \t\r\n"):
            return
        row = json.loads(written.lstrip("\ufeff"))
    except UnicodeDecodeError as error:
        raise LineError("not UTF-8", "", f"byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise LineError("not JSON", "", str(error)) from error
    if not isinstance(row, dict):
        raise LineError("not an object", type(row).__name__)
    title, text = row.get("title") or "", row.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise LineError("title and text must be strings", str(row.get("id", ""))[:80])
    if "title" not in row and "text" not in row:
        raise LineError("neither title nor text", str(row.get("id", ""))[:80])
    identity = row.get("id")
    yield identity, Text(str(identity), title, text)


def _written(identity: object, judgement: Judgement) -> dict[str, object]:
    return {
        "id": identity,
        "language": judgement.language,
        "on_topic": judgement.on_topic,
        "doubtful": judgement.doubtful,
        "topics": list(judgement.topics),
        "probabilities": judgement.probabilities,
        "why": {key: [reason.term for reason in reasons] for key, reasons in judgement.why.items()},
    }
