"""`python -m benchmarks.sink`: an SMTP server that counts. Prints its port, and at SIGTERM who got what."""

from __future__ import annotations

import signal
import socket
import threading
from typing import Any

from aiosmtpd.controller import Controller


class Counting:
    """Takes every mail and remembers for whom it was and how long it is."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += [(to, len(envelope.content)) for to in envelope.rcpt_tos]
        return "250 taken"


def main() -> None:
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    handler = Counting()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    over.wait()
    controller.stop()
    for to, size in handler.taken:
        print(to, size)


if __name__ == "__main__":
    main()
