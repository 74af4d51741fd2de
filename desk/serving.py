"""`serve`: the web in gunicorn and, beside it, `run --forever`; both end together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import click

from crawler.stopping import ASK, LOOK_SECONDS, stopping
from digest.transports import TIMEOUT

# A mail in flight may take as long as its server is waited for (digest/transports.py), and is then noted.
GRACE_SECONDS = TIMEOUT + 15


def serve_until_stopped(host: str, port: int, *, work: bool = False) -> int:
    """Start the web, with `work` a runner too, and wait. Ctrl-C or SIGTERM ends all; the exit code of the first to fail."""
    with stopping() as stop:
        web = subprocess.Popen(_web(host, port))
        children = [(web, signal.SIGTERM)]
        if work:
            children.append((subprocess.Popen([sys.executable, "-m", "desk", "run", "--forever"]), ASK))
        click.echo(f"serving on http://{host}:{port}, Ctrl-C ends it")
        try:
            while not stop():
                for child, _ in children:
                    if child.poll() is not None:
                        return child.returncode
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            _end(children)
    return 0


def _web(host: str, port: int) -> list[str]:
    options = ["--bind", f"{host}:{port}", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    return [sys.executable, "-m", "gunicorn", "desk.wsgi:application", *options, "--log-level", "warning"]


def _end(children: list[tuple[subprocess.Popen[bytes], signal.Signals]]) -> None:
    """Ask each by its signal, and wait."""
    for child, number in children:
        if child.poll() is None:
            child.send_signal(number)
    for child, _ in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
