"""`serve`: the web in gunicorn and, beside it, `run --forever`; both end together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

import click

GRACE_SECONDS = 15


def serve_until_stopped(host: str, port: int, *, work: bool = False) -> int:
    """Start the web, with `work` a runner too, and wait. Ctrl-C or SIGTERM ends all; the exit code of the first to fail."""
    children = [subprocess.Popen(_web(host, port))]
    if work:
        children.append(subprocess.Popen([sys.executable, "-m", "desk", "run", "--forever"]))
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"serving on http://{host}:{port}, Ctrl-C ends it")
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        return next(child.returncode for child in children if child.returncode is not None)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(children)


def _web(host: str, port: int) -> list[str]:
    options = ["--bind", f"{host}:{port}", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    return [sys.executable, "-m", "gunicorn", "desk.wsgi:application", *options, "--log-level", "warning"]


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
