"""`train-extractor`: fit the extractor's model; a pure stream, no Django, no rows."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.extractor_model import SHIPPED
from crawler.train_extractor import train


@click.command("train-extractor")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), default=SHIPPED, show_default=True)
def train_extractor(folder: Path, target: Path) -> None:
    """Fit the extractor on a FOLDER with ground-truth/ and html/, from scratch, and print its scores."""
    train(folder, target, click.echo)


COMMANDS = {"train-extractor": train_extractor}
