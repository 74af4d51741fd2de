"""What the verbs over rows share: Django set up, the home made ready, who acts, and how tables are printed."""

from __future__ import annotations

import functools
import getpass
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

import click
import django
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from desk.cli.printing import plain, say_json

P = ParamSpec("P")
R = TypeVar("R")
# Where nobody looks on, a line is a row: not folded at 80 letters.
WIDE = 200
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def set_up() -> None:
    """Load Django with our settings; no database is touched yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    django.setup()


def step(function: Callable[P, R]) -> Callable[P, R]:
    """A verb over rows: the home is made ready before it runs, not when its help is read."""

    @functools.wraps(function)
    def ready(*args: P.args, **options: P.kwargs) -> R:
        importlib.import_module("desk.ready").make_ready(clock())
        return function(*args, **options)

    return ready


def clock() -> datetime:
    return datetime.now(UTC)


def me() -> str:
    """Who acts on the command line, for the Event."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool = False) -> None:
    """Print rows as a table with its title above, or as a JSON list of objects."""
    if as_json:
        say_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    table = Table(header_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    out = console()
    out.print(Text(plain(title), style="bold"))
    out.print(table if table.rows else "  none")


def _cell(value: object) -> Text:
    """A value as a person reads it in a table, no letter of it markup; JSON keeps it as it is."""
    return Text(plain(_words(value)))


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z")
    return "" if value is None else str(value)


def console() -> Console:
    """The terminal, or where there is none a wide page."""
    return Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE)


def working(at: str) -> Status:
    """A sign of life on a terminal while the block runs; silent elsewhere."""
    return console().status(at)
