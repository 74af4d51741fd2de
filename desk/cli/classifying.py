"""`classify`: texts in, topics out; a pure stream, no Django, no rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from classifier.errors import LineError
from classifier.pack import load_pack, shipped_model_bytes
from classifier.stream import classify_lines
from classifier.topicmodel import TopicModel


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option(
    "--model", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another model than the shipped one."
)
def classify(file: Any, model: Path | None) -> None:
    """Label texts: lines {"id","title","text"} in, lines of topics, confidence and reasons out, in the same order.

    Broken lines are reported with their number, the rest goes on, and the exit code is 1 at the end.
    """
    judge = TopicModel.load(model.read_bytes() if model else shipped_model_bytes(load_pack()))
    broken = classify_lines(file, sys.stdout, sys.stderr, judge)
    if broken:
        raise LineError(f"{broken} lines could not be read")


COMMANDS = {"classify": classify}
