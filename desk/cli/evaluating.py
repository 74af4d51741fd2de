"""`evaluate`: how well a topic model judges; a pure stream, no Django, no rows."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.evaluate import evaluate
from classifier.pack import DEFAULT, load_pack
from classifier.report import report_html
from desk.cli.classifying import model_of
from desk.cli.options import MODEL_FILE, PACK_FOLDER, Named, must_be_writable
from desk.cli.printing import say


@click.command("evaluate")
@click.option("--pack", type=PACK_FOLDER, default=DEFAULT, help="Another pack.")
@click.option("--model", type=MODEL_FILE, help="Another model than the shipped one.")
@click.option(
    "--to",
    "target",
    type=Named(dir_okay=False),
    default=Path("evaluation.html"),
    show_default=True,
    help="Where the report is written.",
)
def evaluate_verb(pack: Path, model: Path | None, target: Path) -> None:
    """Measure a model out of fold and on the gold set, and write an HTML report with tables, plots and its worst errors."""
    must_be_writable(target, "the report")
    loaded = load_pack(pack)
    judge = model_of(model, loaded)
    evaluation = evaluate(loaded, judge)
    target.write_text(report_html(evaluation), encoding="utf-8")
    for part in (evaluation.out_of_fold, evaluation.gold):
        if part is not None:
            say(f"{part.name}: macro-F1 {part.macro_f1:.3f}, on-topic accuracy {part.on_topic_accuracy:.3f}")
    say(f"report: {target}")


COMMANDS = {"evaluate": evaluate_verb}
