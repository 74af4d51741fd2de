"""What options are held to before a verb begins: numbers that are numbers, paths that name something, lengths, places to write."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import click

from desk.errors import DeskError

LONGEST_SEARCH = 200
PORT = click.IntRange(1, 65535)


class Range(click.FloatRange):
    """NaN is neither below nor above anything, so that click's own range lets it through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"nan is not in the range {self._describe_range()}.", param, ctx)
        return number


class Named(click.Path):
    """A path that was named: the empty one is the folder we are in, which nobody means who leaves a variable unset."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(exists=exists, file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not os.fspath(value):
            self.fail("a path cannot be empty", param, ctx)
        path: Path = super().convert(value, param, ctx)  # type: ignore[assignment]
        return path


class Words(click.types.StringParamType):
    """Words to look for: SQLite gives up on a pattern that is too long, and nobody types one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words: str = super().convert(value, param, ctx)
        if len(words) > LONGEST_SEARCH:
            self.fail(f"{len(words)} letters, at most {LONGEST_SEARCH}", param, ctx)
        return words


MODEL_FILE = Named(exists=True, dir_okay=False)
PACK_FOLDER = Named(exists=True, file_okay=False)


def must_be_writable(file: Path, what: str) -> None:
    """DeskError where a file cannot be written there: to be asked before long work that would end in nothing."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise DeskError(f"{what} cannot be written: {file} (there is no such folder)")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise DeskError(f"{what} cannot be written: {file} (we may not write there)")


def made(folder: Path) -> Path:
    """The folder, which is made where there is none. DeskError where a file has its name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise DeskError(f"not a folder: {error.filename or folder}") from error
    return folder
