"""`demo`: the main job on a newsroom of its own, with a table of what happened at each stage."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from time import monotonic

import click
from django.conf import settings

from desk.cli.session import clock, console, show, working
from desk.demo.demo import Shown, run_demo
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
    port = _prepare(settings.HOME, keep)
    make_ready(clock())
    with working("starting") as status:
        shown = run_demo(clock, lambda stage: status.update(f"{stage} ..."), port)
    _report(shown, monotonic() - start)
    if serving:
        serve_until_stopped(HOST, PORT)


def _prepare(home: Path, keep: bool) -> int:
    """Empty the demo's home, never a folder that the demo did not make; the newsroom's port, kept with the home."""
    home.mkdir(parents=True, exist_ok=True)
    mark = home / MARK
    others = {one.name for one in home.iterdir()} - {"secret"}
    if others and not mark.exists():
        raise DeskError(f"{home} is no demo home; set GLABELLA_HOME to a folder that the demo may empty")
    if keep and mark.exists():
        return int(mark.read_text())
    for one in home.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name != "secret":
            one.unlink()
    port = _free_port()
    mark.write_text(str(port))
    return port


def _free_port() -> int:
    """The newsroom's usual port where it is free on the loopback, else any."""
    for port in (DEFAULT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DeskError("no port is free on the loopback")


def _report(shown: Shown, seconds: float) -> None:
    rows = [(stage.name, stage.what, f"{stage.seconds:.1f}") for stage in shown.stages]
    show("What happened", ("stage", "what", "seconds"), [*rows, ("all", "", f"{seconds:.1f}")])
    click.echo()
    show("Links without an article, and why", ("reason", "links"), shown.refused.most_common())
    out = console()
    out.print(f"\nMails:    {settings.OUTBOX}")
    for path in sorted(settings.OUTBOX.rglob("*.eml")):
        out.print(f"          {path.relative_to(settings.OUTBOX)}")
    out.print(f"Database: {settings.HOME / 'glabella.sqlite3'}")
    out.print(f"Archive:  `make demo SERVE=1` shows it on http://{HOST}:{PORT}")


COMMANDS = {"demo": demo}
