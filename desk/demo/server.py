"""Serve the newsroom over real HTTP: each site on a loopback address of its own, one port for all."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from time import monotonic
from urllib.parse import urlsplit

from desk.demo.site import DEFAULT_PORT, Newsroom, SiteAddress, base_urls

TRIES_FOR_A_PORT = 20


@dataclass(frozen=True)
class Asked:
    """One request as the newsroom saw it; `at` is in seconds of the monotonic clock."""

    site: str
    path: str
    status: int
    user_agent: str
    at: float


@dataclass
class ServedNewsroom:
    """The running newsroom: iterate over its sites; `asked` grows with every request."""

    newsroom: Newsroom
    sites: tuple[SiteAddress, ...]
    port: int
    asked: list[Asked] = field(default_factory=list)

    def __iter__(self) -> Iterator[SiteAddress]:
        return iter(self.sites)

    def __len__(self) -> int:
        return len(self.sites)


class SiteServer(ThreadingHTTPServer):
    """The HTTP server of one site."""

    daemon_threads = True

    def __init__(self, host: str, port: int, site: str) -> None:
        self.site = site
        self.served: ServedNewsroom | None = None
        super().__init__((host, port), SiteHandler)

    def server_bind(self) -> None:
        """Bind without asking DNS for the name of a loopback address, which can take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own affair; anything else is shown as always."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class SiteHandler(BaseHTTPRequestHandler):
    """Turn a request into a call of Newsroom.respond, and note it."""

    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    server: BaseServer

    def do_GET(self) -> None:
        """Answer with the body."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers alone."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        server = self.server
        if not isinstance(server, SiteServer) or server.served is None:
            self.send_error(503)
            return
        answer = server.served.newsroom.respond(server.site, self.path, dict(self.headers.items()))
        agent = self.headers.get("User-Agent", "")
        server.served.asked.append(Asked(server.site, self.path, answer.status, agent, monotonic()))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `ServedNewsroom.asked` is the log."""


@contextmanager
def serve_newsroom(today: date, port: int = 0) -> Iterator[ServedNewsroom]:
    """Run all sites in threads until the block ends. Port 0 takes one that is free on all addresses.

    Raises OSError where the port is taken.
    """
    with ExitStack() as stack:
        servers = _bind_all(port)
        bound = servers[0].server_port
        newsroom = Newsroom(today, base_urls(bound))
        served = ServedNewsroom(newsroom, newsroom.addresses(), bound)
        for server in servers:
            server.served = served
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        yield served


def _bind_all(port: int) -> list[SiteServer]:
    for _ in range(1 if port else TRIES_FOR_A_PORT):
        servers: list[SiteServer] = []
        try:
            for site, base in base_urls().items():
                wanted = servers[0].server_port if servers else port
                servers.append(SiteServer(urlsplit(base).hostname or "", wanted, site))
        except OSError as error:
            refused = error
            for server in servers:
                server.server_close()
        else:
            return servers
    raise refused


def main() -> None:
    """`python -m desk.demo.server --port N`: print the addresses and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the demo newsroom on the loopback.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    chosen = parser.parse_args()
    with serve_newsroom(chosen.today, chosen.port) as served:
        for site in served:
            print(f"{site.title} ({', '.join(site.tags)})")
            for source in site.sources:
                print(f"  {source.kind:8} {source.url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
