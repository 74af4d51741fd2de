"""Replay a folder of real pages over HTTP: `python -m benchmarks.replay DIR [--port N] [--pages 300]`.

Many loopback addresses, one port, one thread; every request is noted.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from time import monotonic

from benchmarks.folder import Answer, Replay

LONGEST_HEAD = 64_000


@dataclass(frozen=True)
class Asked:
    """One request as a site saw it; `began` and `ended` in seconds of the monotonic clock."""

    address: str
    target: str
    status: int
    agent: str
    began: float
    ended: float


@dataclass
class ServedReplay:
    """The running replay; `asked` grows with every request. `latency` in seconds before each answer."""

    replay: Replay
    latency: float = 0.0
    asked: list[Asked] = field(default_factory=list)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open as long as the client likes."""
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        began = monotonic()
        method, target, headers = parse_head(head)
        address = str(writer.get_extra_info("sockname")[0])
        await asyncio.sleep(self.latency)
        answer = self.replay.respond(address, target, headers.get("if-none-match", ""))
        writer.write(message(answer, with_body=method != "HEAD"))
        await writer.drain()
        agent = headers.get("user-agent", "")
        self.asked.append(Asked(address, target, answer.status, agent, began, monotonic()))
        return headers.get("connection", "").lower() != "close"


def parse_head(head: str) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers (names in lower case) of a request."""
    first, _, rest = head.partition("\r\n")
    method, _, after = first.partition(" ")
    pairs = (line.partition(":") for line in rest.split("\r\n") if ":" in line)
    return method, after.rpartition(" ")[0], {name.strip().lower(): value.strip() for name, _, value in pairs}


def message(answer: Answer, *, with_body: bool) -> bytes:
    """The bytes of an answer (RFC 9112)."""
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != 304:
        lines.append(f"Content-Length: {len(answer.body)}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return head + answer.body if with_body and answer.status != 304 else head


@contextmanager
def serve_replay(replay: Replay, latency: float = 0.0) -> Iterator[ServedReplay]:
    """Serve in a thread until the block ends. A port of 0 is replaced by one that is free on all addresses.

    Raises OSError where the port is taken.
    """
    served, loop = ServedReplay(replay, latency), asyncio.new_event_loop()
    server = loop.run_until_complete(_bind(served))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_hang_up(loop))
        loop.close()


async def _bind(served: ServedReplay) -> asyncio.Server:
    replay = served.replay
    if not replay.port:
        probe = await asyncio.start_server(served.speak, replay.sites[0].address, 0)
        replay.port = probe.sockets[0].getsockname()[1]
        probe.close()
    addresses = [site.address for site in replay.sites]
    return await asyncio.start_server(
        served.speak, addresses, replay.port, limit=LONGEST_HEAD, reuse_address=True, backlog=20
    )


async def _hang_up(loop: asyncio.AbstractEventLoop) -> None:
    open_ = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in open_:
        task.cancel()
    await asyncio.gather(*open_, return_exceptions=True)


def write_log(asked: list[Asked], path: Path) -> None:
    """One line per request, tab-separated, in order of arrival."""
    rows = (f"{one.began:.4f}\t{one.ended:.4f}\t{one.status}\t{one.address}\t{one.target}\n" for one in asked)
    path.write_text("".join(rows), encoding="utf-8")


def read_log(path: Path) -> list[Asked]:
    """The requests that `write_log` wrote, without the clients' names."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
    return [
        Asked(address, target, int(status), "", float(began), float(ended))
        for began, ended, status, address, target in rows
    ]


def main() -> None:
    """Print the port and the sources, and serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="Replay a folder of real pages on the loopback.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--log", type=Path, help="write all requests there at the end")
    chosen = parser.parse_args()
    over = threading.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_, lambda *_: over.set())
    replay = Replay(chosen.folder, chosen.pages, datetime.now(UTC), chosen.port)
    with serve_replay(replay, chosen.latency) as served:
        print(replay.port, flush=True)
        for site in replay.sites:
            print(f"{site.kind} {site.source(replay.port)} {site.domain}", flush=True)
        print(flush=True)
        over.wait()
    if chosen.log:
        write_log(served.asked, chosen.log)


if __name__ == "__main__":
    main()
