"""`serve`: the web in gunicorn and, beside it, `run --forever`; both end together."""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import time

import click

from crawler.stopping import ASK, LOOK_SECONDS, stopping
from desk.errors import DeskError
from digest.transports import TIMEOUT

# A mail in flight may take as long as its server is waited for (digest/transports.py), and is then noted.
GRACE_SECONDS = TIMEOUT + 15


def serve_until_stopped(host: str, port: int, *, work: bool = False) -> int:
    """Start the web, with `work` a runner too, and wait. Ctrl-C or SIGTERM ends all; the exit code of the first to fail.

    DeskError where the address cannot be listened on.
    """
    must_be_free(host, port)
    with stopping() as stop:
        web = subprocess.Popen(_web(host, port))
        children = [(web, signal.SIGTERM)]
        if work:
            children.append((subprocess.Popen([sys.executable, "-m", "desk", "run", "--forever"]), ASK))
        click.echo(f"serving on http://{_at(host, port)}, Ctrl-C ends it")
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


def must_be_free(host: str, port: int) -> None:
    """DeskError where nobody can listen there: the port is taken, or the host is none of this machine."""
    try:
        if not host:
            raise OSError(errno.EADDRNOTAVAIL, "no host is named")
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As gunicorn does: connections of the last server that still fade away hold no port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a host's name"
        raise DeskError(f"cannot serve on {_at(host, port)} ({why})") from error


def _at(host: str, port: int) -> str:
    """Host and port as an address has them: RFC 3986 puts an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _web(host: str, port: int) -> list[str]:
    options = ["--bind", _at(host, port), "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
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
