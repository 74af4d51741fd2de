"""`evaluate`: how well a topic model judges; a pure stream, no Django, no rows."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.evaluate import evaluate
from classifier.pack import DEFAULT, load_pack, shipped_model_bytes
from classifier.report import report_html
from classifier.topicmodel import TopicModel


@click.command("evaluate")
@click.option(
    "--pack", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT, help="Another pack."
)
@click.option(
    "--model", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another model than the shipped one."
)
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("evaluation.html"),
    show_default=True,
)
def evaluate_verb(pack: Path, model: Path | None, target: Path) -> None:
    """Measure a model out of fold and on the gold set, and write an HTML report with tables, plots and its worst errors."""
    loaded = load_pack(pack)
    judge = TopicModel.load(model.read_bytes() if model else shipped_model_bytes(loaded))
    evaluation = evaluate(loaded, judge)
    target.write_text(report_html(evaluation), encoding="utf-8")
    for part in (evaluation.out_of_fold, evaluation.gold):
        if part is not None:
            click.echo(f"{part.name}: macro-F1 {part.macro_f1:.3f}, on-topic accuracy {part.on_topic_accuracy:.3f}")
    click.echo(f"report: {target}")


COMMANDS = {"evaluate": evaluate_verb}
