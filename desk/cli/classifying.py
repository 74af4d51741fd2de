"""`classify`: texts in, topics out; a pure stream, no Django, no rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from classifier.errors import LineError, ModelError
from classifier.pack import Pack, load_pack, shipped_model_bytes
from classifier.stream import classify_lines
from classifier.topicmodel import TopicModel
from desk.cli.options import MODEL_FILE
from desk.cli.printing import counted


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--model", type=MODEL_FILE, help="Another model than the shipped one.")
def classify(file: Any, model: Path | None) -> None:
    """Label texts: lines {"id","title","text"} in, lines of topics, confidence and reasons out, in the same order.

    Broken lines are reported with their number, the rest goes on, and the exit code is 1 at the end.
    """
    broken = classify_lines(file, sys.stdout, sys.stderr, model_of(model, load_pack()))
    if broken:
        raise LineError(f"{counted(broken, 'line')} could not be read")


def model_of(file: Path | None, pack: Pack) -> TopicModel:
    """The model of a file, or the one that the pack ships. ModelError names the file that is none."""
    if file is None:
        return TopicModel.load(shipped_model_bytes(pack))
    try:
        return TopicModel.load(file.read_bytes())
    except ModelError as error:
        raise ModelError(
            "this file is no topic model that this program reads",
            str(file),
            error.why if not error.which else str(error),
        ) from error


COMMANDS = {"classify": classify}
