"""`train-extractor`: fit the extractor's model; a pure stream, no Django, no rows."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.extractor_model import SHIPPED
from crawler.train_extractor import train
from desk.cli.options import Named
from desk.cli.printing import say


@click.command("train-extractor")
@click.argument("folder", type=Named(exists=True, file_okay=False))
@click.option(
    "--to", "target", type=Named(dir_okay=False), default=SHIPPED, show_default=True, help="Where the model is written."
)
def train_extractor(folder: Path, target: Path) -> None:
    """Fit the extractor on a FOLDER with ground-truth/ and html/, from scratch, and print its scores."""
    train(folder, target, say)


COMMANDS = {"train-extractor": train_extractor}
