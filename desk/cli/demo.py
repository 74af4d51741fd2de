"""`demo`: the main job on a newsroom of its own, with a table of what happened at each stage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic

import click
from django.conf import settings

from desk.cli.session import clock, console, show, working
from desk.demo.demo import Shown, run_demo
from desk.demo.server import ServedNewsroom, serve_newsroom
from desk.demo.site import DEFAULT_PORT
from desk.errors import DeskError
from desk.ready import make_ready
from desk.serving import must_be_free, serve_until_stopped

MARK = ".glabella-demo"
HOST, PORT = "127.0.0.1", 8000


@click.command()
@click.option("--keep", is_flag=True, help="Go on with the home of the last demo instead of an empty one.")
@click.option("--serve", "serving", is_flag=True, help="Leave the archive running afterwards.")
def demo(keep: bool, serving: bool) -> None:
    """Crawl a small newsroom on the loopback, and mail its week to three readers, as files."""
    if serving:
        must_be_free(HOST, PORT)
    start = monotonic()
    _prepare(settings.HOME, keep)
    with _newsroom(settings.HOME / MARK) as newsroom:
        make_ready(clock())
        with working("starting") as status:
            shown = run_demo(clock, lambda stage: status.update(f"{stage} ..."), newsroom)
        _report(shown, monotonic() - start, serving)
        if serving and serve_until_stopped(HOST, PORT):
            raise DeskError(f"http://{HOST}:{PORT} could not be served; is another server there?")


def _prepare(home: Path, keep: bool) -> None:
    """Empty the demo's home, never a folder that the demo did not make."""
    home.mkdir(parents=True, exist_ok=True)
    mark = home / MARK
    others = {one.name for one in home.iterdir()} - {"secret"}
    if others and not mark.exists():
        raise DeskError(f"{home} is no demo home; set GLABELLA_HOME to a folder that the demo may empty")
    if keep and mark.exists():
        return
    for one in home.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name != "secret":
            one.unlink()
    mark.touch()


@contextmanager
def _newsroom(mark: Path) -> Iterator[ServedNewsroom]:
    """The newsroom at the port that is kept with the home; of a new home the usual one, or any that is free."""
    kept, today = mark.read_text(), clock().date()
    with ExitStack() as stack:
        try:
            newsroom = stack.enter_context(serve_newsroom(today, int(kept or DEFAULT_PORT)))
        except OSError as error:
            if kept:
                raise DeskError(
                    f"the newsroom of this demo was at port {kept} of 127.0.1.1 and the next ones, which another "
                    "process holds now; end that, or run without KEEP=1"
                ) from error
            newsroom = stack.enter_context(serve_newsroom(today))
        mark.write_text(str(newsroom.port))
        yield newsroom


def _report(shown: Shown, seconds: float, serving: bool) -> None:
    rows = [(stage.name, stage.what, f"{stage.seconds:.1f}") for stage in shown.stages]
    show("What happened", ("stage", "what", "seconds"), [*rows, ("all", "", f"{seconds:.1f}")])
    click.echo()
    show("Links without an article, and why", ("reason", "links"), shown.refused.most_common())
    out = console()
    out.print(f"\nMails:    {settings.OUTBOX}")
    for path in sorted(settings.OUTBOX.rglob("*.eml")):
        out.print(f"          {path.relative_to(settings.OUTBOX)}")
    out.print(f"Database: {settings.HOME / 'glabella.sqlite3'}")
    if not serving:
        out.print(f"Archive:  `make demo KEEP=1 SERVE=1` shows it on http://{HOST}:{PORT}, and the newsroom beside it")


COMMANDS = {"demo": demo}
