"""A small web where every host misbehaves in a way of its own; real sockets on loopback addresses 127.0.9.x."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Speak = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
NET = "127.0.9."
SENTENCES = (
    "Surgeons in Leeds followed ninety patients for a year after a new kind of nose operation. "
    "Most of them could breathe better, and few came back for a second one. "
    "The team says that the method needs a longer look before anyone calls it better than the old one. "
)
PAGE = f"<!doctype html><title>A straight nose</title><article><h1>A straight nose</h1><p>{SENTENCES * 2}</p></article>"


def answer(status: str, body: bytes | str = b"", *headers: str) -> bytes:
    """The bytes of a whole answer."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + raw


def rss(*links: str) -> str:
    items = "".join(f"<item><title>Piece {at}</title><link>{link}</link></item>" for at, link in enumerate(links))
    return f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'


def says(body: bytes | str, *headers: str, status: str = "200 OK") -> Speak:
    """Answers everything but robots.txt with this."""

    async def speak(target: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("404 Not Found") if target == "/robots.txt" else answer(status, body, *headers))

    return speak


def by_path(pages: dict[str, Speak]) -> Speak:
    """A behaviour for each path; 404 elsewhere."""

    async def speak(target: str, writer: asyncio.StreamWriter) -> None:
        await pages.get(target, says("", status="404 Not Found"))(target, writer)

    return speak


def after(seconds: float, behaviour: Speak) -> Speak:
    """The same, later."""

    async def speak(target: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await behaviour(target, writer)

    return speak


async def silent(target: str, writer: asyncio.StreamWriter) -> None:
    """Accepts and never replies."""
    await asyncio.sleep(60)


async def silent_later(target: str, writer: asyncio.StreamWriter) -> None:
    """Answers for robots.txt only."""
    if target == "/robots.txt":
        writer.write(answer("404 Not Found"))
    else:
        await asyncio.sleep(60)


async def drips(target: str, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.1)


async def breaks_off(target: str, writer: asyncio.StreamWriter) -> None:
    """Promises more than it sends."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n<p>The rest of this")


async def no_http(target: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP ready\r\n")


async def floods(target: str, writer: asyncio.StreamWriter) -> None:
    """Twenty megabytes without saying so before."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    for _ in range(20):
        writer.write(b"<p>Much more than anybody reads.</p>" * 28_000)
        await writer.drain()


def bomb() -> bytes:
    """A megabyte of gzip that holds a gigabyte would take long to make; 60 MB in 60 KB is bomb enough."""
    return gzip.compress(b"<p>boom</p>" * 5_500_000)


def loops(address: str, port: int) -> Speak:
    return says("", f"Location: http://{address}:{port}/again", status="302 Found")


@dataclass
class BadWeb:
    """The running web: `asked` grows with every request as (address, target)."""

    port: int = 0
    hosts: dict[str, Speak] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, host: str, path: str = "/feed") -> str:
        return f"http://{self.address(host)}:{self.port}{path}"

    def address(self, host: str) -> str:
        return f"{NET}{sorted(self.hosts).index(host) + 1}"

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its answer."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            address, target = writer.get_extra_info("sockname")[0], head.split()[1].decode()
            self.asked.append((address, target))
            host = sorted(self.hosts)[int(address.rpartition(".")[2]) - 1]
            await self.hosts[host](target, writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


@contextmanager
def serve(web: BadWeb) -> Iterator[BadWeb]:
    """Serve in a thread until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    addresses = [web.address(host) for host in web.hosts]
    servers = asyncio.run_coroutine_threadsafe(_bind(web, addresses), loop).result()
    try:
        yield web
    finally:
        asyncio.run_coroutine_threadsafe(_stop(servers), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _bind(web: BadWeb, addresses: list[str]) -> asyncio.Server:
    probe = await asyncio.start_server(web.speak, addresses[0], 0)
    web.port = probe.sockets[0].getsockname()[1]
    probe.close()
    return await asyncio.start_server(web.speak, addresses, web.port, reuse_address=True)


async def _stop(server: asyncio.Server) -> None:
    server.close()
    open_ = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in open_:
        task.cancel()
    await asyncio.gather(*open_, return_exceptions=True)
